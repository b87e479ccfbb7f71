"""What is installed in production: locked by hash, each under a licence that was looked at."""

from __future__ import annotations

import re

import pytest

from tests.support.licences import ACCEPTED, PAGE, ROOT, Licensed, locked, made

LOCKS = ("requirements.lock", "requirements-test.lock", "requirements-traces.lock")


@pytest.mark.parametrize("package", locked(), ids=lambda package: package.name)
def test_each_package_has_a_licence_that_we_accept(package: Licensed) -> None:
    assert package.parts
    assert package.parts <= ACCEPTED


def test_the_page_is_made_from_the_lock() -> None:
    page = PAGE.read_text("utf-8")
    assert page == made(page), "python -m tests.support.licences"


@pytest.mark.parametrize("lock", LOCKS)
def test_nothing_is_installed_without_a_version_and_a_hash(lock: str) -> None:
    packages = re.split(r"\n(?=\S)", (ROOT / lock).read_text("utf-8").strip())
    named = [each for each in packages if not each.startswith(("#", "--"))]
    assert named
    assert [
        each for each in named if not re.match(r"\S+==\S+[^\n]*\\\n +--hash=sha256:", each)
    ] == []
