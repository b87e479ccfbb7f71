"""Who answers what: the places of an area as a tree, who works there, who stands in (S0-01)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from knowledge.villages import Level as Kind
from outreach import routing
from outreach.routing import Matter
from records import staff_accounts, unit_tasks
from records.database import Session
from records.scope import Spot, is_above_counties, is_local, is_within
from records.staff_accounts import Staff
from records.tickets import Level
from registry import villages


@dataclass(frozen=True, slots=True)
class Place:
    """Where a place stands in the tree; `above` from the widest down."""

    code: str
    above: tuple[str, ...]
    level: Level | None  # whose requests lie here; None above counties
    spot: Spot


@dataclass(frozen=True, slots=True)
class Desk:
    """A place with who works for it: `serving` get its requests, the others do not."""

    place: Place
    serving: tuple[str, ...]
    others: tuple[Staff, ...]
    stand_in: tuple[str, ...]

    @property
    def depth(self) -> int:
        return len(self.place.above)

    @property
    def is_empty(self) -> bool:
        """Whether requests lie here and nobody is there to serve them."""
        return self.place.level is not None and not self.serving


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as papers print it, with its tasks and who of the staff does them."""

    name: str
    tasks: int
    staff: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Roster:
    """An area's offices."""

    desks: tuple[Desk, ...]
    matters: Mapping[Level, tuple[Matter, ...]]
    units: tuple[Unit, ...]


def of_area(session: Session, area: str) -> Roster:
    """Everybody who works within an area, by place; what each level answers; its units."""
    everybody = staff_accounts.everybody(session)
    known = villages.of_ids(session, [one.area for one in everybody])
    places = {one.area: _place(session, one.area, known) for one in everybody if one.area}
    inside = {place.code for place in places.values() if _is_inside(place, area)} | {area} - {""}
    widened = {code for one in inside if one in places for code in places[one].above}
    codes = inside | {code for code in widened if is_within(code, area)}
    tree = [places.get(code) or _place(session, code, known) for code in codes]
    ordered = sorted(tree, key=lambda one: (*one.above, one.code))
    return Roster(
        tuple(_desk(one, everybody, places) for one in ordered), _matters(), _units(session, area)
    )


def _place(session: Session, code: str, known: villages.Villages) -> Place:
    if not is_local(code):
        above = () if is_above_counties(code) or len(code) < 4 else (f"{code[:4]}00",)
        level = None if is_above_counties(code) else Level.COUNTY
        return Place(code, above, level, Spot(code))
    county = villages.county_of(session, code)
    found = known.place(code)
    over = (*_place(session, county, known).above, county)
    if found is not None and found.level is Kind.VILLAGE:
        return Place(code, (*over, found.parent), Level.VILLAGE, Spot(county, found.parent, code))
    return Place(code, over, Level.TOWN, Spot(county, code))


def _is_inside(place: Place, area: str) -> bool:
    """Whether a place is the area, or lies in it."""
    return area in (place.code, *place.above) or is_within(place.spot.area, area)


def _desk(place: Place, everybody: Sequence[Staff], places: Mapping[str, Place]) -> Desk:
    here = [one for one in everybody if one.area == place.code]
    serving = [one for one in everybody if one.area in ("", place.code) and _serves(one, place)]
    stand_in = [
        one.name
        for one in everybody
        if place.level and one not in serving and _stands_in(one, place, places)
    ]
    others = tuple(one for one in here if one not in serving)
    return Desk(place, tuple(one.name for one in serving), others, tuple(stand_in))


def _serves(staff: Staff, place: Place) -> bool:
    return place.level is not None and routing.serves(staff, place.level, place.spot)


def _stands_in(staff: Staff, place: Place, places: Mapping[str, Place]) -> bool:
    """A county's towns stand in for it, each for its own people."""
    if place.level is Level.COUNTY:
        own = places.get(staff.area)
        is_ours = own is not None and own.level is Level.TOWN and place.code in own.above
        return is_ours and own is not None and _serves(staff, own)
    return place.level is not None and routing.backs_up(staff, place.level, place.spot)


def _matters() -> dict[Level, tuple[Matter, ...]]:
    """What requests are about, by the level that serves it."""
    every = routing.matters().values()
    return {level: tuple(one for one in every if one.level is level) for level in Level}


def _units(session: Session, area: str) -> tuple[Unit, ...]:
    found: dict[str, list[str]] = {}
    for task in unit_tasks.of_area(session, area):
        if task.told.units:
            found.setdefault(task.told.units, []).append(task.told.staff)
    return tuple(Unit(name, len(some), _named(some)) for name, some in found.items())


def _named(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))
