"""The columns of a kind of list and their words, read from a file beside this one."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from importlib.resources import files
from typing import Any

from registry.columns import Column


@dataclass(frozen=True, slots=True)
class ColumnFile:
    """What a file says: `words` are word → code, `examples` the words to choose from."""

    columns: tuple[Column, ...]
    words: dict[str, dict[str, str]] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)

    def heading(self, key: str) -> str:
        """Our heading of a column."""
        return next((column.heading for column in self.columns if column.key == key), "")


def read(name: str, **shared: dict[str, str]) -> ColumnFile:
    """The file of this name; a column with `choices_of` takes the words that are `shared`."""
    rows: list[dict[str, Any]] = tomllib.loads(
        files("registry").joinpath(name).read_text("utf-8")
    )["column"]
    columns = tuple(Column(r["key"], r["heading"], tuple(r.get("called", ()))) for r in rows)
    words = {
        r["key"]: {word: choice["code"] for choice in r["choice"] for word in choice["words"]}
        for r in rows
        if "choice" in r
    }
    examples = {
        r["key"]: "、".join(c["words"][0] for c in r["choice"]) for r in rows if "choice" in r
    }
    words |= {r["key"]: shared[r["choices_of"]] for r in rows if "choices_of" in r}
    return ColumnFile(columns, words, examples)
