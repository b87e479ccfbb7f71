"""What runs is what was locked, by version and hash, within what pyproject.toml asks for."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.licences import ROOT

LOCKS = sorted(path.name for path in ROOT.glob("requirements*.lock"))
# What pip and the checkout itself bring along.
OF_THE_HOUSE = {"guiyan", "pip", "setuptools", "wheel"}


def _locked(lock: str) -> set[tuple[str, str]]:
    """Names with versions; a package may have another for an older Python."""
    return set(re.findall(r"^(\S+)==([^ ;\\]+)", (ROOT / lock).read_text("utf-8"), re.M))


def test_what_is_installed_is_what_was_locked() -> None:
    installed = {(canonicalize_name(one.name), one.version) for one in metadata.distributions()}
    other = installed - _locked("requirements-test.lock")
    assert [one for one in sorted(other) if one[0] not in OF_THE_HOUSE] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_what_is_shipped_is_what_was_tested(lock: str) -> None:
    assert _locked(lock)
    assert _locked(lock) <= _locked("requirements-test.lock")


def _wanted() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [line for extra in project["optional-dependencies"].values() for line in extra]
    wanted = [Requirement(line) for line in [*project["dependencies"], *extras]]
    return [one for one in wanted if one.name != "guiyan"]


@pytest.mark.parametrize("wanted", _wanted(), ids=lambda wanted: wanted.name)
def test_what_is_locked_is_within_what_was_asked_for(wanted: Requirement) -> None:
    locked = [one for name, one in _locked("requirements-test.lock") if name == wanted.name]
    assert locked
    assert wanted.specifier, "a package without a range could be anything at the next locking"
    assert all(one in wanted.specifier for one in locked)


@pytest.mark.parametrize("file", ["Makefile", "deploy/Dockerfile"])
def test_what_is_shipped_is_installed_from_a_lock_alone(file: str) -> None:
    text = (ROOT / file).read_text("utf-8").replace("\\\n", " ")
    into_ours = [
        line for line in text.splitlines() if re.search(r"pip install(?!.*\.venv/)", line)
    ]
    ours = [line for line in into_ours if not re.search(r"\.venv/(audit|sbom|scan|site)/", line)]
    assert ours
    assert [one for one in ours if not re.search(r"requirements[\w-]*\.lock|--no-deps", one)] == []
