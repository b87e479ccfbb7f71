"""返乡创业一件事 as steps, each with the entries that say what the papers print of it."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from knowledge.areas import COMMON
from knowledge.entry import Entry
from knowledge.shelf import Library

_FILE = "checklist.toml"


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `is_elsewhere`: the area's papers say nothing of it, `entries` hold elsewhere."""

    name: str
    title: str
    entries: tuple[Entry, ...]
    is_elsewhere: bool = False
    word: str = ""  # that shows what we have for it


def steps(library: Library, area: str, today: date) -> tuple[Step, ...]:
    """The steps for an area, in their order; what is withdrawn or over is left out."""
    lineage = library.areas.lineage(area) if area else ()
    pack = next((library.packs[code] for code in lineage if code in library.packs), None)
    own = _table(pack.folder) if pack else {}
    return tuple(_step(library, row, own, today) for row in _table(COMMON)["step"])


def _step(
    library: Library, row: Mapping[str, Any], own: Mapping[str, Sequence[str]], today: date
) -> Step:
    mine = _entries(library, own.get(row["name"], ()), today)
    found = mine or _entries(library, row["elsewhere"], today)
    return Step(row["name"], row["title"], found, is_elsewhere=not mine, word=row.get("word", ""))


def _entries(library: Library, ids: Sequence[str], today: date) -> tuple[Entry, ...]:
    known = (library.entries[one] for one in ids if one in library.entries)
    return tuple(entry for entry in known if entry.is_served(today))


@cache
def _table(folder: str) -> Mapping[str, Any]:
    file = files("knowledge").joinpath("packs", folder, _FILE)
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
