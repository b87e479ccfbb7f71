"""The parts of an area that a table has a line for: counties, towns or villages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, true

from knowledge import counties
from knowledge.divisions import divisions
from outreach.reports.table import Asked
from records.database import Session
from records.scope import is_local, stem
from registry import villages

_CITY, _PROVINCE = "00", "0000"


class Level(StrEnum):
    """What the parts are; the value is the column that says where somebody is at home."""

    COUNTY = "area"
    TOWN = "town"
    VILLAGE = "village"


@dataclass(frozen=True, slots=True)
class Part:
    """One line; `is_extra`: it stands there only if there is something to say of it."""

    code: str
    name: str
    is_extra: bool = False


@dataclass(frozen=True, slots=True)
class Parts:
    """An area with its parts; who is at home in none of them is of the rest."""

    area: str
    level: Level
    parts: tuple[Part, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """Of all of them."""
        return tuple(part.code for part in self.parts)

    def part_of(self, key: str) -> str:
        """The part that a code of `level` is, or lies in; "" where it is none of these."""
        return next((code for code in (key, _city(key)) if code in self.codes), "")


def parts(session: Session, asked: Asked) -> Parts:
    """What an area is made of."""
    area = asked.area
    if area.endswith(_CITY) and not is_local(area):
        is_wide = area.endswith(_PROVINCE)
        found = counties.of_province(area) if is_wide else counties.of_city(area)
        made = tuple(Part(one.code, one.name, one.is_extra) for one in found)
        return Parts(area, Level.COUNTY, made)
    if not is_local(area):
        here = villages.known(session, [area]).county(area)
        towns = [one for one in here.towns() if one.parent == area]
        return Parts(area, Level.TOWN, tuple(Part(one.id, one.name) for one in towns))
    known = villages.known(session)
    place = known.place(area)
    county = known.county(place.parent) if place else None
    inside = county.villages(area) if county else ()
    made = tuple(Part(one.id, one.name) for one in inside)
    return Parts(area, Level.VILLAGE, made or (Part(area, asked.named(area)),))


def called(asked: Asked) -> str:
    """The area as a table's title has it: 湘潭市, not 湖南省湘潭市."""
    known = divisions().areas.get(asked.area)
    return known.name if known else asked.named(asked.area)


def within(area: str, columns: Any) -> ColumnElement[bool]:
    """Whether columns `area`, `town` and `village` lie in an area; "" is everywhere."""
    if not area:
        return true()
    if is_local(area):
        found: ColumnElement[bool] = (columns.town == area) | (columns.village == area)
        return found
    if area.endswith(_CITY):
        below: ColumnElement[bool] = columns.area.startswith(stem(area), autoescape=True)
        return below
    here: ColumnElement[bool] = columns.area == area
    return here


def _city(code: str) -> str:
    return f"{code[:4]}{_CITY}"
