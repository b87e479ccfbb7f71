"""Towns and villages as they are known now: the shipped lists, with what lists brought since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from knowledge import villages
from knowledge.villages import County, Dwelling, Level, Place
from records import places
from records.database import Session
from records.scope import is_local
from records.vault import Vault

HOME = "home_village"  # the answer that says town and village in words
HOMES = frozenset({HOME, "home_place"})
_REMEMBERED = 50_000  # different homes
_STEP = 500  # people who are looked at in one transaction
_MOST = 2_000  # people who are listed


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A registered person whose words for their home name no village that we know."""

    person_id: str
    area: str
    town: str
    words: str


class Villages:
    """Finds homes; `brought` are the places of lists by county."""

    def __init__(self, brought: Mapping[str, tuple[Place, ...]] | None = None) -> None:
        self._brought = dict(brought or {})
        self._counties: dict[str, County] = {}
        self.dwelling = lru_cache(_REMEMBERED)(self._dwelling)

    def county(self, area: str) -> County:
        """The towns and villages of a county."""
        if area not in self._counties:
            self._counties[area] = villages.county(area, self._brought.get(area, ()))
        return self._counties[area]

    def place(self, place_id: str) -> Place | None:
        """A town or a village by its id."""
        brought = (place for some in self._brought.values() for place in some)
        found = next((place for place in brought if place.id == place_id), None)
        return found or villages.shipped(place_id)

    def today(self, place: Place) -> Place:
        """What a place is part of today; itself where that is not known."""
        seen = {place.id}
        while (into := self.place(place.merged_into)) is not None and into.id not in seen:
            place = into
            seen.add(place.id)
        return place

    def spoken(self, place_id: str) -> str:
        """A town, or a village after its town, as people write it; "" where the id is none."""
        place = self.place(place_id)
        if place is None:
            return ""
        return (self.spoken(place.parent) if place.level is Level.VILLAGE else "") + place.name

    def _dwelling(self, area: str, words: str) -> Dwelling:
        return self.county(area).dwelling(words)


def known(session: Session, areas: Iterable[str] | None = None) -> Villages:
    """All that is known of these counties, or of every one."""
    rows = places.of_counties(session, areas)
    by_county: dict[str, list[Place]] = {}
    for row in rows:
        for area in dict.fromkeys((row.county, row.beside)):
            if area:
                by_county.setdefault(area, []).append(as_place(row))
    return Villages({area: tuple(some) for area, some in by_county.items()})


def of_ids(session: Session, ids: Iterable[str]) -> Villages:
    """All that is known of the counties that these towns and villages lie in."""
    local = [id_ for id_ in ids if is_local(id_)]
    return known(session, places.counties_of(session, local) if local else ())


def as_place(row: Any) -> Place:
    """A stored row as a value."""
    return Place(
        row.id,
        Level(row.level),
        row.parent,
        row.name,
        tuple(row.called),
        row.beside,
        row.until,
        row.merged_into,
    )


def lodge(session: Session, vault: Vault, person_id: str) -> None:
    """Note in which town and village somebody is at home, as far as their words say."""
    row = places.at_home(session, person_id)
    if row is not None:
        _lodge(session, vault, row, known(session, [row.area]))


def lodge_again(session: Session, vault: Vault, after: str) -> tuple[int, str]:
    """Look once more for the villages of some people whose county has a list that was brought.

    How many were found, and whom to go on after: "" when all have been looked at.
    """
    rows = places.unplaced(session, None, after, _STEP)
    here = known(session, {row.area for row in rows})
    found = sum(_lodge(session, vault, row, here, only_found=True) for row in rows)
    return found, rows[-1].id if len(rows) == _STEP else ""


def unplaced(session: Session, vault: Vault, areas: Sequence[str]) -> list[Unplaced]:
    """Those who said where they live, in words that name no village that we know."""
    return [
        Unplaced(row.id, row.area, row.town, words)
        for row in places.unplaced(session, areas, "", _MOST)
        if (words := str(vault.open(row.sealed).get(HOME) or ""))
    ]


def _lodge(
    session: Session, vault: Vault, row: Any, here: Villages, *, only_found: bool = False
) -> bool:
    words = str(vault.open(row.sealed).get(HOME) or "")
    found = here.dwelling(row.area, words)
    new = (found.area or row.area, found.town, found.village)
    is_idle = new == (row.area, row.town, row.village) or (only_found and not found.town)
    if not is_idle:
        places.lodge(session, row.id, area=new[0], town=new[1], village=new[2])
    return not is_idle


def county_of(session: Session, place: str) -> str:
    """The county that a town or a village lies in; an area is its own, "" if unknown."""
    while is_local(place):
        brought = places.by_ids(session, [place])
        shipped = villages.shipped(place)
        if brought:
            return str(brought[0].county)
        place = shipped.parent if shipped else ""
    return place
