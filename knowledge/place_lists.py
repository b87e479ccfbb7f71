"""The lists of towns and villages that packs ship: read, and held against their own rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from knowledge.divisions import divisions
from knowledge.pages import Fault

NAME = "places.tsv"
_CELLS = 7
_TOWN_ID = 9  # digits of a town in the statistics bureau's code
_ID = re.compile(r"\d{9}(?:\d{3})?(?:-old)?")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NAME = re.compile(r"[\u3400-\u9fff\d]{2,40}")

Root = Traversable | Path


class Level(StrEnum):
    """What a place is."""

    TOWN = "town"
    VILLAGE = "village"


@dataclass(frozen=True, slots=True)
class Place:
    """A town of a county, or a village of a town."""

    id: str
    level: Level
    parent: str  # of a town the county's code, of a village the town's id
    name: str
    called: tuple[str, ...] = ()
    beside: str = ""  # the county that people name it with, where another looks after it
    until: str = ""  # no more since, or found no more in the list of: an ISO date
    merged_into: str = ""  # what it is part of today

    @property
    def names(self) -> tuple[str, ...]:
        """Every name, the official one first."""
        return (self.name, *self.called)


def read(text: str) -> Iterator[tuple[int, Place]]:
    """The places of a list, each with its line."""
    for number, line in enumerate(text.splitlines(), 1):
        if line and not line.startswith("#"):
            yield number, _place(line.split("\t"))


def texts(root: Root | None = None) -> dict[str, str]:
    """The lists of the packs, by where they lie."""
    packs = root or files("knowledge").joinpath("packs")
    found = (folder.joinpath(NAME) for folder in packs.iterdir() if folder.is_dir())
    return {str(file): file.read_text("utf-8") for file in found if file.is_file()}


def faults(root: Root | None = None) -> list[Fault]:
    """Every fault of every list; a place of another list's id is one, too."""
    seen: dict[str, str] = {}
    return [
        Fault(file, line, fault)
        for file, text in sorted(texts(root).items())
        for line, fault in _faults(file, list(read(text)), seen)
    ]


def _faults(
    file: str, rows: list[tuple[int, Place]], seen: dict[str, str]
) -> Iterator[tuple[int, str]]:
    own = {place.id: place for _, place in rows}
    for line, place in rows:
        for fault in _wrong(place, own):
            yield line, fault
        if seen.setdefault(place.id, f"{file}:{line}") != f"{file}:{line}":
            yield line, f"{place.id} stands at {seen[place.id]} already"


def _wrong(place: Place, own: dict[str, Place]) -> Iterator[str]:
    if not _ID.fullmatch(place.id):
        yield f"{place.id!r} is no code: nine digits for a town, twelve for a village"
    if place.level is Level.VILLAGE and place.parent not in own:
        yield f"its town {place.parent} is not in this list"
    if place.level is Level.TOWN and place.parent[:6] not in divisions().areas:
        yield f"{place.parent!r} is no county's code"
    for name in place.names:
        if not _NAME.fullmatch(name):
            yield f"{name!r} is no name: Chinese characters, several names with a comma"
    if place.until and not _DAY.fullmatch(place.until):
        yield f"{place.until!r} is no day: 2019-10-31"
    if place.merged_into and place.merged_into not in own:
        yield f"what it is part of, {place.merged_into}, is not in this list"
    if place.merged_into and not place.until:
        yield "what is part of another is no more since a day"


def _place(cells: list[str]) -> Place:
    filled = [*cells, *("",) * _CELLS][:_CELLS]
    place_id, parent, name, called, beside, until, merged_into = filled
    level = Level.VILLAGE if len(parent) == _TOWN_ID and parent.isdigit() else Level.TOWN
    others = tuple(filter(None, called.split(",")))
    return Place(place_id, level, parent, name, others, beside, until, merged_into)
