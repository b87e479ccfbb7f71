"""The pages of the documentation: each in the menu of the site, no anchor to nowhere."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tests.site.source import BESIDE, FOLDERS, ROOT, as_built, index, navigation, pages

_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)")


@cache
def _anchors(page: Path) -> frozenset[str]:
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.M | re.S)
    return frozenset(_slug(title) for title in re.findall(r"^#+ (.+)$", text, re.M))


def _slug(title: str) -> str:
    shown = re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", title)
    return re.sub(r"[^\w\- ]", "", shown).strip().lower().replace(" ", "-")


@pytest.mark.parametrize("folder", FOLDERS)
def test_each_page_is_in_the_index_of_its_folder(folder: str) -> None:
    named = [page for _, part in index(folder) for page in part]
    assert sorted(named) == [page for page in pages() if page.startswith(f"docs/{folder}/")]


@pytest.mark.parametrize("page", pages())
def test_each_anchor_is_a_heading(page: str) -> None:
    here = ROOT / page
    led = _LINK.findall(here.read_text("utf-8"))
    missing = [
        f"{target}#{anchor}"
        for target, anchor in led
        if anchor not in _anchors((here.parent / target).resolve() if target else here)
    ]
    assert missing == []


def test_the_menu_has_the_manual_first() -> None:
    first, second = (next(iter(one)) for one in navigation()[:2])
    assert (first, second) == ("归雁", FOLDERS["manual"])


def test_pages_from_elsewhere_are_there() -> None:
    assert [page for page in BESIDE if not (ROOT / page).is_file()] == []


def test_the_fronts_change_places() -> None:
    assert as_built("README.md", "[中文](README.zh.md)") == "[中文](README.md)"
    assert as_built("docs/howto/x.md", "[all](../../README.md)") == "[all](../../english.md)"


def test_what_stands_under_a_number_is_set_in_by_four() -> None:
    assert as_built("x.md", "1. one:\n\n   ```sh\n   ls\n   ```\n\nend") == (
        "1. one:\n\n    ```sh\n    ls\n    ```\n\nend"
    )
