"""The columns of a list of people and their words, read from `people.toml`."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from registry.columns import Column


@cache
def _rows() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads(
        files("registry").joinpath("people.toml").read_text("utf-8")
    )["column"]
    return found


@cache
def columns() -> tuple[Column, ...]:
    """The columns, in the order in which they are named to people."""
    return tuple(
        Column(
            row.get("key", f"aside {number}"),
            row["heading"],
            tuple(row.get("called", ())),
            row.get("aside", ""),
            row.get("note", ""),
        )
        for number, row in enumerate(_rows())
    )


@cache
def words() -> dict[str, dict[str, str]]:
    """The words of each column that takes one of a list: word → code."""
    own = {
        row["key"]: {word: choice["code"] for choice in row["choice"] for word in choice["words"]}
        for row in _rows()
        if "choice" in row
    }
    return own | {row["key"]: own[row["choices_of"]] for row in _rows() if "choices_of" in row}


@cache
def examples() -> dict[str, str]:
    """The words to choose from, as a hint, for each such column."""
    return {
        row["key"]: "、".join(c["words"][0] for c in row["choice"] if c["code"])
        for row in _rows()
        if "choice" in row
    }


@cache
def headings() -> dict[str, str]:
    """Our heading of each column, and of what is stored of it under another name."""
    own = {column.key: column.heading for column in columns()}
    return own | {
        "home_place": own["county"],
        "home_village": own["village"],
        "return_period": own["returned_at"],
        "return_period_text": own["returned_at"],
        "skills_text": own["skills"],
        "biz_kind_text": own["biz_kind"],
    }


def heading(key: str) -> str:
    """Our heading of a column."""
    return headings()[key]
