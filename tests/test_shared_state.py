"""docs/reference/shared-state.md names modules and tests that are there."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/reference/shared-state.md").read_text("utf-8")
SHARED = PAGE.partition("## What each may keep")[0]
ROWS = [line.split(" | ") for line in SHARED.splitlines() if re.match(r"\| (?!what|-)", line)]


@cache
def _tests_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    functions = (ast.FunctionDef, ast.AsyncFunctionDef)
    return frozenset(node.name for node in tree.body if isinstance(node, functions))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][2:30])
def test_the_tests_of_a_row_are_there(row: list[str]) -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", row[4])
    assert named
    assert [name for path, name in named if name not in _tests_in(path)] == []


def test_the_modules_are_there() -> None:
    modules = re.findall(r"`([a-z][\w/]+\.py)`", PAGE)
    assert len(modules) > len(ROWS)
    assert [one for one in modules if not (ROOT / one).exists()] == []
