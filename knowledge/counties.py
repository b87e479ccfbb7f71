"""What lies in a city or a province: counties in the order of its paper, else by their codes."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from knowledge.divisions import divisions


@dataclass(frozen=True, slots=True)
class Part:
    """A county, or a zone that the papers name beside the counties.

    `is_extra`: the area's paper, which names its parts, does not name this one.
    """

    code: str
    name: str
    is_extra: bool = False


@cache
def of_city(code: str) -> tuple[Part, ...]:
    """The parts of a city: as its pack names them, and those that the pack leaves out."""
    named = _packs().get(code, ())
    known = {one.code for one in named}
    stem = code[:4]
    rest = (
        Part(area.code, area.name, is_extra=bool(named))
        for area in divisions().areas.values()
        if area.level == "county" and area.code.startswith(stem) and area.code not in known
    )
    return (*named, *sorted(rest, key=lambda one: one.code))


@cache
def of_province(code: str) -> tuple[Part, ...]:
    """The cities of a province."""
    found = (
        Part(area.code, area.name)
        for area in divisions().areas.values()
        if area.level == "city" and area.code.startswith(code[:2])
    )
    return tuple(sorted(found, key=lambda one: one.code))


@cache
def _packs() -> dict[str, tuple[Part, ...]]:
    found = {}
    for folder in files("knowledge").joinpath("packs").iterdir():
        file = folder.joinpath("pack.toml")
        if file.is_file():
            data = tomllib.loads(file.read_text("utf-8"))
            places = data.get("places", ())
            found[str(data["area"])] = tuple(Part(one["code"], one["name"]) for one in places)
    return found
