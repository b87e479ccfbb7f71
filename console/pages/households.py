"""敲门行动: the villages that somebody looks after, the doors of each round, what came of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import func, select

from console.desk import Desk, NotHere, Refused
from console.page import Page
from knowledge.villages import Level, Place
from records import people, scope, sweeps
from records.database import Session
from records.people import Status
from records.rights import Right
from records.staff_accounts import Staff
from records.sweeps import Door, DoorState, Sweep
from registry import sweeping, village_list, villages

WORDS = {
    DoorState.OPEN: ("还没去", "plain"),
    DoorState.TALKED: ("谈了", "good"),
    DoorState.NOT_HOME: ("不在家", "warn"),
    DoorState.REFUSED: ("不愿谈", "warn"),
    DoorState.MOVED: ("搬走了", "info"),
    DoorState.DECEASED: ("已故", "info"),
}
_AT_ONCE = 500
_PEOPLE = people.Person.__table__  # type: ignore[attr-defined]
_SWEEPS, _DOORS = Sweep.__table__, Door.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Village:
    """A village with how many are registered and how the newest round stands."""

    place: Place
    town: str
    registered: int
    doors: Mapping[DoorState, int]

    @property
    def left(self) -> int:
        """Doors where somebody is still to go."""
        return sum(count for state, count in self.doors.items() if state.is_missing)


async def listed(desk: Desk) -> web.StreamResponse:
    """The villages, those with a round first."""
    found = await desk.read(_villages, desk.staff)
    return desk.render("households/list.html", rows=found, words=WORDS)


async def village(desk: Desk) -> web.StreamResponse:
    """The doors of the newest round; who looked at them is in the trail."""
    place = await _place(desk)
    await desk.write(_note_read, place.id, desk)
    found = await desk.read(sweeps.of_place, desk.means.vault, place.id)
    return desk.render("households/village.html", place=place, round=found, words=WORDS)


async def begin(desk: Desk) -> web.StreamResponse:
    """A new round through the village."""
    place = await _place(desk)
    if place.level is not Level.VILLAGE:
        raise Refused("请选一个村。")
    await desk.write(_begin, place, desk)
    return desk.go(f"/households/{place.id}", "开始了新的一轮。")


def _begin(session: Session, place: Place, desk: Desk) -> None:
    vault, name = desk.means.vault, place.name
    sweeping.begin(session, vault, place.id, name, staff=desk.staff.name, at=desk.now)


async def mark(desk: Desk) -> web.StreamResponse:
    """What came of a door; the way back is kept."""
    place = await _place(desk)
    try:
        state = DoorState(desk.path("state"))
    except ValueError as fault:
        raise NotHere from fault
    before = await desk.write(_mark, place.id, desk.number("number"), state, desk)
    path = f"/households/{place.id}"
    undo = f"{path}/doors/{desk.number('number')}/{before.value}"
    word, _ = WORDS[state]
    return desk.go(path, f"记下了：{word}。", undo)


def _mark(session: Session, place: str, number: int, state: DoorState, desk: Desk) -> DoorState:
    found = sweeps.of_place(session, desk.means.vault, place)
    door = found.numbered(number) if found else None
    if found is None or door is None:
        raise NotHere
    seen = desk.form.get("seen")
    if seen and seen != door.state.value:
        raise Refused("同事刚才记过这一户，刷新页面看看。")
    vault, by = desk.means.vault, desk.staff.name
    sweeping.note(session, vault, [door], state, staff=by, at=desk.now)
    return door.state


def _note_read(session: Session, place: str, desk: Desk) -> None:
    """The trail has who looked at the list of a place."""
    village_list.note_read(session, place, by=desk.staff.name, at=desk.now)


async def _place(desk: Desk) -> Place:
    """A place in reach by its id."""
    found = await desk.read(_known, desk.staff)
    place = found.get(desk.path("place"))
    if place is None:
        raise NotHere
    return place


def _known(session: Session, staff: Staff) -> dict[str, Place]:
    """The villages of what somebody looks after; of a wide area none, its counties do that."""
    county = villages.county_of(session, staff.area)
    if not scope.is_county(county):
        return {}
    known = villages.known(session, [county]).county(county).places
    return {
        one.id: one
        for one in known.values()
        if one.level is Level.VILLAGE
        and not one.until
        and (not scope.is_local(staff.area) or staff.area in (one.id, one.parent))
    }


def _villages(session: Session, staff: Staff) -> list[Village]:
    known = _known(session, staff)
    county = villages.county_of(session, staff.area)
    towns = villages.known(session, [county]).county(county).places if known else {}
    counts, doors = _registered(session, staff), _rounds(session, list(known))
    rows = [
        Village(
            one,
            towns[one.parent].name if one.parent in towns else "",
            counts.get(one.id, 0),
            doors.get(one.id, {}),
        )
        for one in known.values()
    ]
    return sorted(rows, key=lambda row: (not row.doors, -row.left, -row.registered, row.place.id))


def _registered(session: Session, staff: Staff) -> dict[str, int]:
    alive = _PEOPLE.c.status.in_((Status.CONFIRMED.value, Status.PENDING.value))
    query = (
        select(_PEOPLE.c.village, func.count())
        .where(scope.visible(staff.area, _PEOPLE.c), alive)
        .group_by(_PEOPLE.c.village)
    )
    return {row[0]: int(row[1]) for row in session.execute(query)}


def _rounds(session: Session, places: Sequence[str]) -> dict[str, dict[DoorState, int]]:
    """How many doors of each state the newest round of each place has."""
    found: dict[str, dict[DoorState, int]] = {}
    for first in range(0, len(places), _AT_ONCE):
        some = places[first : first + _AT_ONCE]
        newest = (
            select(func.max(_SWEEPS.c.id))
            .where(_SWEEPS.c.place.in_(some))
            .group_by(_SWEEPS.c.place)
        )
        query = (
            select(_SWEEPS.c.place, _DOORS.c.state, func.count())
            .join(_DOORS, _DOORS.c.sweep_id == _SWEEPS.c.id)
            .where(_SWEEPS.c.id.in_(newest))
            .group_by(_SWEEPS.c.place, _DOORS.c.state)
        )
        for place, state, count in session.execute(query):
            found.setdefault(place, {})[DoorState(state)] = int(count)
    return found


PAGES = (
    Page("GET", "/households", listed, Right.SWEEP, menu="households"),
    Page("GET", "/households/{place}", village, Right.SWEEP),
    Page("POST", "/households/{place}/begin", begin, Right.SWEEP),
    Page("POST", "/households/{place}/doors/{number}/{state}", mark, Right.SWEEP),
)
