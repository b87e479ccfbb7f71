"""docs/reference/attacks.md claims nothing that no test shows."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/reference/attacks.md").read_text("utf-8")
ROWS = [line.split(" | ") for line in PAGE.splitlines() if re.match(r"\| A\d\d ", line)]


@cache
def _tests_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, functions))


def test_each_of_the_ten_has_a_row() -> None:
    assert [row[0][2:5] for row in ROWS] == [f"A{number:02}" for number in range(1, 11)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][2:5])
def test_the_tests_of_a_row_are_there(row: list[str]) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row[2])
    assert named
    assert [name for path, name in named if name not in _tests_in(path)] == []
