"""docs/reference/source-systems.md claims nothing that the code and the tests do not show."""

from __future__ import annotations

import re
import shlex
import tomllib
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.cli import _parser
from console.routes import PAGES
from tests.support.named_tests import functions_in

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/reference/source-systems.md").read_text("utf-8")
QUESTIONS = tomllib.loads((ROOT / "tests/knowledge/source_questions.toml").read_text("utf-8"))
ASKED = "tests/knowledge/test_source_questions.py"
ITEMS = {"S0": 29, "S1": 54, "S2": 30, "S3": 38, "S4": 25}  # as the five documents name them
STATES = ("works", "left")
PRIORITIES = {"core": 72, "should": 70, "could": 34}


class Row(NamedTuple):
    """One line of the table."""

    id: str
    priority: str
    what: str
    today: str
    trying: str
    where: tuple[str, ...]
    tests: tuple[str, ...]


def _row(line: str) -> Row:
    *told, where, tests = (cell.strip() for cell in line.strip("| ").split("|"))
    id_, priority, what, today, trying = told
    return Row(id_, priority, what, today, trying, _quoted(where), _quoted(tests))


def _quoted(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


ROWS = [_row(line) for line in PAGE.splitlines() if re.match(r"\| S\d-", line)]


def test_every_item_has_one_row_and_the_rows_are_in_order() -> None:
    ids = [f"{source}-{n:02}" for source, count in ITEMS.items() for n in range(1, count + 1)]
    assert [row.id for row in ROWS] == ids


def test_the_totals_are_those_of_the_rows() -> None:
    counts = Counter(row.today for row in ROWS)
    told = re.search(r"works (\d+) · left (\d+)", PAGE)
    assert told is not None
    assert [int(n) for n in told.groups()] == [counts[state] for state in STATES]
    assert Counter(row.priority for row in ROWS) == PRIORITIES


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_says_what_how_far_where_and_by_which_test(row: Row) -> None:
    assert row.what
    assert row.today in STATES
    assert row.where
    assert row.tests


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_only_what_could_be_is_left_and_for_a_reason(row: Row) -> None:
    assert row.today != "left" or (row.priority == "could" and "（" in row.what)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_what_one_tries_is_there(row: Row) -> None:
    quoted = _quoted(row.trying)
    assert quoted or re.search("«.+»", row.trying)
    for one in quoted:
        assert _is_command(one) or _is_page(one), one


def _is_command(words: str) -> bool:
    name, *arguments = shlex.split(words)
    return name == "guiyan" and _parser().parse_args(arguments) is not None


def _is_page(path: str) -> bool:
    pages = [re.sub(r"{\w+}", "[^/]+", page.path) for page in PAGES if page.method == "GET"]
    address = path.partition("?")[0].removeprefix("/console")
    return path.startswith("/console") and any(re.fullmatch(page, address) for page in pages)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_place_and_every_test_exists(row: Row) -> None:
    assert [path for path in row.where if not (ROOT / path).exists()] == []
    named = [test.split("::") for test in row.tests]
    assert [name for path, name in named if name not in functions_in(path)] == []


def test_every_row_has_its_question_and_names_its_entries() -> None:
    asked = {question["id"]: question["entries"] for question in QUESTIONS["question"]}
    told = {row.id: _entries(row) for row in ROWS if any(ASKED in test for test in row.tests)}
    assert told == asked


def _entries(row: Row) -> list[str]:
    return [Path(path).stem for path in row.where if "/policies/" in path]
