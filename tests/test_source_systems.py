"""docs/reference/source-systems.md claims nothing that the code and the tests do not show."""

from __future__ import annotations

import ast
import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/reference/source-systems.md").read_text("utf-8")
QUESTIONS = tomllib.loads((ROOT / "tests/knowledge/source_questions.toml").read_text("utf-8"))
ASKED = "tests/knowledge/test_source_questions.py"
ITEMS = {"S0": 29, "S1": 54, "S2": 30, "S3": 38, "S4": 25}  # as the five documents name them
SHOWN = ("works", "answers")


class Row(NamedTuple):
    """One line of the table."""

    id: str
    what: str
    today: str
    where: tuple[str, ...]
    tests: tuple[str, ...]


def _row(line: str) -> Row:
    id_, what, today, where, tests = (cell.strip() for cell in line.strip("| ").split("|"))
    return Row(id_, what, today, _quoted(where), _quoted(tests))


def _quoted(cell: str) -> tuple[str, ...]:
    return tuple(re.findall(r"`([^`]+)`", cell))


ROWS = [_row(line) for line in PAGE.splitlines() if re.match(r"\| S\d-", line)]


@cache
def _tests_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, functions))


def test_every_item_has_one_row_and_the_rows_are_in_order() -> None:
    ids = [f"{source}-{n:02}" for source, count in ITEMS.items() for n in range(1, count + 1)]
    assert [row.id for row in ROWS] == ids


def test_the_totals_are_those_of_the_rows() -> None:
    counts = Counter(row.today for row in ROWS)
    told = re.search(r"works (\d+) · answers (\d+) · not yet (\d+)", PAGE)
    assert told is not None
    assert [int(n) for n in told.groups()] == [counts[w] for w in (*SHOWN, "not yet")]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_a_row_says_what_and_how_far(row: Row) -> None:
    assert row.what
    assert row.today in (*SHOWN, "not yet")


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_what_is_there_names_its_place_and_a_test_and_what_is_not_names_none(row: Row) -> None:
    is_there = row.today in SHOWN
    assert bool(row.where) == is_there
    assert bool(row.tests) == is_there


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.id)
def test_every_place_and_every_test_exists(row: Row) -> None:
    assert [path for path in row.where if not (ROOT / path).exists()] == []
    named = [test.split("::") for test in row.tests]
    assert [name for path, name in named if name not in _tests_in(path)] == []


def test_rows_that_answer_are_those_with_a_question_and_name_its_entries() -> None:
    asked = {question["id"]: question["entries"] for question in QUESTIONS["question"]}
    told = {row.id: _entries(row) for row in ROWS if any(ASKED in test for test in row.tests)}
    assert told == asked
    assert {row.id for row in ROWS if row.today == "answers"} <= set(told)


def _entries(row: Row) -> list[str]:
    return [Path(path).stem for path in row.where if "/policies/" in path]
