"""Stores lists of towns and villages: new ones, other names, and what became part of what."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from knowledge import villages as lists
from knowledge.villages import Level, Place, shortened
from records import places, staff_accounts
from records.database import Session
from registry.lists import Origin, Outcome, Stored
from registry.villages import as_place

_MADE, _MADE_LENGTH = "p", 11  # an id of ours: records/scope.py knows it by its first letter


@dataclass(frozen=True, slots=True)
class Listed:
    """A row: a town, or a village of one; `into` is what it is part of today."""

    area: str
    town: str
    village: str = ""
    called: tuple[str, ...] = ()
    former: tuple[str, ...] = ()
    into: str = ""
    on: str = ""  # ISO date, "" where not said
    code: str = ""

    @property
    def level(self) -> Level:
        return Level.VILLAGE if self.village else Level.TOWN

    @property
    def name(self) -> str:
        return self.village or self.town


class _County:
    """The places of a county while rows are stored; `changed` are to be written."""

    def __init__(self, area: str, brought: Iterable[Place]) -> None:
        self.area = area
        self.places = {place.id: place for place in lists.county(area).places.values()}
        self.places |= {place.id: place for place in brought}
        self.changed: dict[str, Place] = {}
        self._named: dict[tuple[str, str], list[str]] = {}
        for place in self.places.values():
            self._index(place)

    def put(self, place: Place) -> Place:
        """A place as it is from now on."""
        self.places[place.id] = self.changed[place.id] = place
        self._index(place)
        return place

    def find(self, level: Level, parent: str, name: str) -> Place | None:
        """The place that a list calls so; one of today before one that is no more."""
        found = self._called(level, parent, name)
        short = shortened(level, name)
        if not found and (level is Level.TOWN or short == name):
            found = self._called(level, parent, f"~{short}")
        living = [place for place in found if not place.until] or found
        return living[0] if len(living) == 1 else None

    def today(self, place: Place) -> Place:
        """What a place is part of today."""
        seen = {place.id}
        while place.merged_into in self.places and place.merged_into not in seen:
            place = self.places[place.merged_into]
            seen.add(place.id)
        return place

    def town_of(self, place: Place) -> Place:
        return self.places[place.parent] if place.level is Level.VILLAGE else place

    def _called(self, level: Level, parent: str, name: str) -> list[Place]:
        ids = self._named.get((parent, name), ())
        return [place for i in ids if (place := self.places[i]).level is level]

    def _index(self, place: Place) -> None:
        above = self.area if place.level is Level.TOWN else place.parent
        for name in place.names:
            for key in (name, f"~{shortened(place.level, name)}"):
                ids = self._named.setdefault((above, key), [])
                if place.id not in ids:
                    ids.append(place.id)


class _Desk:
    """Stores the rows of one batch, one after the other."""

    def __init__(self, session: Session, origin: Origin, areas: set[str]) -> None:
        self._session, self._origin = session, origin
        brought: dict[str, list[Place]] = {area: [] for area in areas}
        for row in places.of_counties(session, areas):
            for area in {row.county, row.beside} & areas:
                brought[area].append(as_place(row))
        self.counties = {area: _County(area, some) for area, some in brought.items()}
        self._scopes = [staff.area for staff in staff_accounts.everybody(session)]

    def take(self, row: Listed) -> Stored:
        """One row; nothing of it is kept where it is refused."""
        county, remarks = self.counties[row.area], list[str]()
        if row.into == row.name:
            return _refused(row)
        parent = self._parent(county, row, remarks)
        known = _known(county, row, parent)
        place = known or _new(row.level, parent, row.name, _own_code(row, county))
        told = _told(place, row)
        if row.into:
            target = self._target(county, told, row, remarks)
            if target is None:
                return _refused(row)
            told = self._ended(told, target, row)
        elif told.merged_into:
            remarks.append(f"{row.name}已经并入{county.today(told).name}")
        elif told.until:
            told = replace(told, until="")
        if told != known:
            county.put(told)
        moved = self._move(county, told, remarks) if row.into else 0
        is_same = told == known and not moved
        outcome = Outcome.SAME if is_same else Outcome.MERGED if known else Outcome.NEW
        return Stored(outcome, told.id, tuple(remarks))

    def _parent(self, county: _County, row: Listed, remarks: list[str]) -> str:
        """What a place lies in today; a town that is not known yet is made known."""
        if row.level is Level.TOWN:
            return row.area
        town = county.find(Level.TOWN, row.area, row.town)
        if town is None:
            town = county.put(_new(Level.TOWN, row.area, row.town))
            remarks.append(f"{row.town}原来不在名单里，一并记下了")
        return county.today(town).id

    def _target(
        self, county: _County, place: Place, row: Listed, remarks: list[str]
    ) -> Place | None:
        """What a place became part of: made known where it is not; None where that cannot be."""
        parent, name = _meant(county, place, row.into)
        found = county.find(place.level, parent, name)
        if found is None:
            found = county.put(_new(place.level, parent, name))
            remarks.append(f"{row.into}原来不在名单里，一并记下了")
        today = county.today(found)
        return None if place.id in (found.id, today.id) else found

    def _ended(self, place: Place, target: Place, row: Listed) -> Place:
        until = row.on or place.until or self._origin.at.date().isoformat()
        return replace(place, until=until, merged_into=target.id)

    def _move(self, county: _County, old: Place, remarks: list[str]) -> int:
        """Who lived in a place lives in what it became, a town's villages too."""
        new = county.today(old)
        town = county.town_of(new)
        if old.level is Level.TOWN:
            for place in [p for p in county.places.values() if p.parent == old.id]:
                county.put(replace(place, parent=new.id))
        village = new.id if old.level is Level.VILLAGE and new.level is Level.VILLAGE else ""
        where = {"area": town.parent, "town": town.id, "village": village}
        moved = places.move_people(
            self._session, old.id, level=old.level.value, at=self._origin.at, **where
        )
        if moved:
            remarks.append(f"原来的{moved}人改记在{new.name}")
        if count := self._scopes.count(old.id):
            remarks.append(f"有{count}名工作人员管的还是{old.name}，请用 guiyan staff role 改")
        return moved

    def write(self) -> None:
        """What has changed, into the store."""
        rows = [
            _row(place, county.town_of(place))
            for county in self.counties.values()
            for place in county.changed.values()
        ]
        places.keep(self._session, rows, at=self._origin.at)


def store_all(session: Session, rows: Sequence[Listed], origin: Origin) -> list[Stored]:
    """Store the rows of a list in order."""
    desk = _Desk(session, origin, {row.area for row in rows})
    stored = [desk.take(row) for row in rows]
    desk.write()
    return stored


def _refused(row: Listed) -> Stored:
    return Stored(Outcome.REFUSED, "", (f"“{row.into}”就是它自己，或者已经并进了它",))


def _known(county: _County, row: Listed, parent: str) -> Place | None:
    """The place of a row: by its code, its name, or the name that it had."""
    by_code = county.places.get(row.code)
    if by_code is not None and by_code.level is row.level:
        return by_code
    names = (row.name, *row.former)
    found = (county.find(row.level, parent, name) for name in names)
    return next((place for place in found if place is not None), None)


def _told(place: Place, row: Listed) -> Place:
    """A place with the names of a row; what has another name since then is called by the new."""
    is_renamed = bool(row.former) and place.name in row.former and not row.into
    is_other = bool(row.code) and place.id == row.code and row.name not in place.names
    name = row.name if is_renamed or is_other else place.name
    names = (*place.called, place.name, row.name, *row.called, *row.former)
    return replace(place, name=name, called=tuple(n for n in dict.fromkeys(names) if n != name))


def _meant(county: _County, place: Place, name: str) -> tuple[str, str]:
    """What a name beside a place means: what it lies in, and its own name there."""
    if place.level is Level.TOWN or county.find(Level.VILLAGE, place.parent, name):
        return (county.area if place.level is Level.TOWN else place.parent), name
    towns = (p for p in county.places.values() if p.level is Level.TOWN and not p.until)
    for town in towns:
        if name.startswith(town.name) and name != town.name:
            return town.id, name.removeprefix(town.name)
    return place.parent, name


def _new(level: Level, parent: str, name: str, code: str = "") -> Place:
    made = hashlib.sha256(f"{level.value}/{parent}/{name}".encode()).digest()
    own = _MADE + base64.b32encode(made).decode().lower()[:_MADE_LENGTH]
    return Place(code or own, level, parent, name)


def _own_code(row: Listed, county: _County) -> str:
    """The code of a row, unless it is another place's."""
    return "" if lists.shipped(row.code) or row.code in county.places else row.code


def _row(place: Place, town: Place) -> dict[str, object]:
    return {
        "id": place.id,
        "county": town.parent,
        "level": place.level.value,
        "parent": place.parent,
        "name": place.name,
        "called": list(place.called),
        "beside": town.beside,
        "since": "",
        "until": place.until,
        "merged_into": place.merged_into,
    }
