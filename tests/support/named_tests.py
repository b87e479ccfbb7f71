"""What a page claims, held against what is there: tests by their ids, files by their paths."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]

_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+(?:::\w+)?)`")
_PATH = re.compile(r"`([\w.-]+/[\w./-]+)`")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def named_tests(text: str) -> list[str]:
    """Each test that the text names, as `path::name` or `path::Class::name`."""
    return [f"{path}::{name}" for path, name in _TEST.findall(text)]


def missing_tests(text: str) -> list[str]:
    """Those of them that there are not."""
    return [
        f"{path}::{name}" for path, name in _TEST.findall(text) if name not in functions_in(path)
    ]


def missing_paths(text: str) -> list[str]:
    """The paths in the text, written from the root of the checkout, that lead to nothing."""
    return [path for path in _PATH.findall(text) if not (ROOT / path).exists()]


@cache
def functions_in(path: str) -> frozenset[str]:
    """The functions of a file of tests, those of classes as `Class::name`."""
    found = set()
    for node in ast.parse((ROOT / path).read_text("utf-8")).body:
        if isinstance(node, ast.ClassDef):
            found |= {
                f"{node.name}::{one.name}" for one in node.body if isinstance(one, _FUNCTIONS)
            }
        elif isinstance(node, _FUNCTIONS):
            found.add(node.name)
    return frozenset(found)
