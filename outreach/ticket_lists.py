"""Tickets page by page as staff may read them: what is late or due first, and how many there are.

The rule of who may read what is handlers/desk.py's; here it stands once more, as conditions.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from heapq import merge
from typing import Any

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from outreach import clocks
from outreach.calendars import CHINA
from outreach.working_days import deadline, likely_end
from records import scope
from records.database import Session
from records.people import Person
from records.staff_accounts import Staff
from records.tickets import Level, Ticket, TicketState

_TICKETS, _PEOPLE = Ticket.__table__, Person.__table__  # type: ignore[attr-defined]
_began = func.coalesce(_TICKETS.c.starts_at, _TICKETS.c.opened_at)
_BEGINNINGS = (_TICKETS.c.opened_at, _TICKETS.c.starts_at)  # the second where it is given
_IS_OPEN = _TICKETS.c.state.in_([TicketState.OPEN.value, TicketState.TAKEN.value])
_IS_CLOSED = _TICKETS.c.state == TicketState.CLOSED.value
_DAY = timedelta(days=1)
_FEW = 500  # open ones of a town
_SLACK = 40  # days that holidays may add to a time limit


class Tab(StrEnum):
    """Which of the tickets."""

    MINE = "mine"  # what the chat's 待办 lists
    OPEN = "open"
    URGENT = "urgent"
    LATE = "late"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which tickets are looked for; what is left empty does not matter."""

    tab: Tab = Tab.MINE
    kind: str = ""
    matter: str = ""
    level: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a ticket stands in the list: in danger first, then by the last day."""

    is_calm: bool
    due: date
    start: datetime
    number: str

    def __str__(self) -> str:
        return f"{self.is_calm:d}_{self.due}_{self.start.isoformat()}_{self.number}"

    @classmethod
    def read(cls, text: str) -> Place:
        """The place that an address names; ValueError for none."""
        calm, due, start, number = text.split("_")
        moment = datetime.fromisoformat(start)
        if moment.tzinfo is None:
            raise ValueError(text)
        return cls(calm == "1", date.fromisoformat(due), moment, number)


@dataclass(frozen=True, slots=True)
class Page:
    """Some tickets in their order, and where the next page begins; None at the end."""

    rows: Sequence[Ticket]
    next: Place | None


def readable(staff: Staff) -> ColumnElement[bool]:
    """The tickets that somebody may read."""
    if not staff.sees_requests:
        return false()
    near = _near(staff.area)
    if not staff.role.sees_requests:
        near = and_(near, _TICKETS.c.level == Level.VILLAGE.value)
    return or_(near, _TICKETS.c.taken_by == staff.name)


def _near(area: str) -> ColumnElement[bool]:
    if not scope.is_local(area):
        return scope.visible(area, _TICKETS.c)
    return _TICKETS.c.person_id.in_(  # type: ignore[no-any-return]
        select(_PEOPLE.c.id).where(scope.visible(area, _PEOPLE.c))
    )


def _waits_for(staff: Staff) -> ColumnElement[bool]:
    """Theirs, of their level, or somebody's in danger."""
    mine = or_(_TICKETS.c.is_flagged, _TICKETS.c.taken_by == staff.name)
    if not scope.is_local(staff.area):
        return or_(mine, _TICKETS.c.level == Level.COUNTY.value)
    lives_here = _TICKETS.c.person_id.in_(
        select(_PEOPLE.c.id).where(_PEOPLE.c.village == staff.area)
    )
    level = case((lives_here, Level.VILLAGE.value), else_=Level.TOWN.value)
    return or_(mine, _TICKETS.c.level == level)


def counts(session: Session, staff: Staff, wanted: Wanted, now: datetime) -> dict[Tab, int]:
    """How many tickets each tab has, by the same filters; of what is done nobody counts all."""
    which = _which(session, staff, wanted)
    days = _promises(session, which)
    sums = {
        Tab.MINE: _waits_for(staff),
        Tab.OPEN: _IS_OPEN,
        Tab.URGENT: _TICKETS.c.is_flagged,
        Tab.LATE: _is_late(days, now),
    }
    columns = [func.sum(case((is_so, 1), else_=0)) for is_so in sums.values()]
    found = session.execute(select(*columns).where(_IS_OPEN, *which)).one()
    return {tab: int(each or 0) for tab, each in zip(sums, found, strict=True)}


def _which(session: Session, staff: Staff, wanted: Wanted) -> list[ColumnElement[bool]]:
    """The open ones that are meant; of a town they are few, so its people are looked up once."""
    which = [readable(staff), *_filters(wanted)]
    if not scope.is_local(staff.area):
        return which
    query = select(_TICKETS.c.number).where(_IS_OPEN, *which).limit(_FEW + 1)
    numbers = list(session.execute(query).scalars())
    return [_TICKETS.c.number.in_(numbers)] if len(numbers) <= _FEW else which


def _is_few(session: Session, which: Sequence[ColumnElement[bool]]) -> bool:
    """Whether they are read at once sooner than in the order of the index."""
    query = select(_TICKETS.c.number).where(*which).limit(_FEW + 1)
    return len(session.execute(query).all()) <= _FEW


def waiting(session: Session, staff: Staff) -> int:
    """How many wait for somebody."""
    query = select(func.count()).select_from(_TICKETS)
    query = query.where(_IS_OPEN, readable(staff), _waits_for(staff))
    return int(session.execute(query).scalar() or 0)


def page(
    session: Session,
    staff: Staff,
    wanted: Wanted,
    *,
    now: datetime,
    after: Place | None = None,
    limit: int = 30,
) -> Page:
    """Some tickets beyond a place."""
    if wanted.tab is Tab.CLOSED:
        found = _closed(session, [readable(staff), *_filters(wanted)], after, limit + 1)
    else:
        which = [_IS_OPEN, *_which(session, staff, wanted)]
        found = _by_urgency(session, staff, wanted, which, now, after, limit + 1)
    rows = found[:limit]
    return Page(rows, _place(rows[-1]) if len(found) > limit else None)


def areas(session: Session, staff: Staff) -> list[str]:
    """The areas of tickets that staff of more than a town may choose from."""
    if scope.is_local(staff.area):
        return []
    found = session.execute(select(_TICKETS.c.area).distinct()).scalars()
    return sorted(area for area in found if area and scope.is_within(area, staff.area))


def version(session: Session, staff: Staff) -> str:
    """Another one when a ticket came, went or was taken."""
    query = select(_TICKETS.c.state, func.count(), func.max(_TICKETS.c.taken_at))
    rows = session.execute(query.where(_IS_OPEN, readable(staff)).group_by(_TICKETS.c.state))
    return ";".join(f"{state}{count}{at}" for state, count, at in sorted(rows))


def _by_urgency(
    session: Session,
    staff: Staff,
    wanted: Wanted,
    which: Sequence[ColumnElement[bool]],
    now: datetime,
    after: Place | None,
    limit: int,
) -> list[Ticket]:
    """Of each length of promise the earliest: among these, who began first is due first."""
    days = _promises(session, which)
    own = {
        Tab.MINE: [_waits_for(staff)],
        Tab.LATE: [_is_late(days, now)],
        Tab.URGENT: [_TICKETS.c.is_flagged],
    }.get(wanted.tab, [])
    if scope.is_local(staff.area) and _is_few(session, [*which, *own]):
        every = session.execute(select(Ticket).where(*which, *own)).scalars()
        behind = (row for row in every if after is None or _place(row) > after)
        return sorted(behind, key=_place)[:limit]
    rows: list[Ticket] = []
    for is_calm in (False, True):
        if len(rows) >= limit or (after is not None and is_calm < after.is_calm):
            continue
        beyond = after if after is not None and after.is_calm == is_calm else None
        mine = [*which, *own, _TICKETS.c.is_flagged == (not is_calm)]
        streams = [
            _stream(session, [*mine, _TICKETS.c.state == state.value], each, began, beyond, limit)
            for each in days
            for state in (TicketState.OPEN, TicketState.TAKEN)
            for began in _BEGINNINGS
        ]
        rows += merge(*streams, key=_place)
    return rows[:limit]


def _stream(
    session: Session,
    which: Sequence[ColumnElement[bool]],
    days: int,
    began: Any,
    after: Place | None,
    limit: int,
) -> list[Ticket]:
    """In the order of an index, so that only what is shown is read."""
    is_entered_later = began is _TICKETS.c.starts_at
    has_start = _TICKETS.c.starts_at.is_not(None)
    query = select(Ticket).where(*which, _TICKETS.c.working_days == days)
    query = query.where(has_start if is_entered_later else ~has_start)
    if after is not None:
        query = query.where(_is_beyond(after, days, began))
    query = query.order_by(began, _TICKETS.c.number).limit(limit)
    return list(session.execute(query).scalars())


def _is_beyond(after: Place, days: int, began: Any) -> ColumnElement[bool]:
    """Those of so many days that stand behind a place: due later, or begun later on that day."""
    same = _first_start(after.due, days)
    later = _first_start(after.due + _DAY, days)
    behind = or_(began > after.start, and_(began == after.start, _TICKETS.c.number > after.number))
    return or_(began >= later, and_(began >= same, behind))


def _first_start(due: date, days: int) -> datetime:
    """The first moment from which so many working days end on this day or later."""
    day = due + _DAY
    while likely_end(_midnight(day - _DAY), days) >= due:
        day -= _DAY
    return _midnight(day)


def _is_late(days: Iterable[int], now: datetime) -> ColumnElement[bool]:
    return or_(
        false(),
        *(
            and_(_TICKETS.c.working_days == each, _began < _late_before(each, now))
            for each in days
        ),
    )


def _late_before(days: int, now: datetime) -> datetime:
    """What began before this moment, with so many working days, is late."""
    today = now.astimezone(CHINA).date()
    day = today
    for _ in range(2 * days + _SLACK):
        if deadline(_midnight(day), days).is_over(today):
            return _midnight(day + _DAY)
        day -= _DAY
    return _midnight(day)


def _promises(session: Session, which: Sequence[ColumnElement[bool]]) -> list[int]:
    query = select(_TICKETS.c.working_days).where(_IS_OPEN, *which).distinct()
    return sorted(session.execute(query).scalars())


def _closed(
    session: Session, which: Sequence[ColumnElement[bool]], after: Place | None, limit: int
) -> list[Ticket]:
    query = select(Ticket).where(_IS_CLOSED, *which)
    if after is not None:
        older = or_(
            _TICKETS.c.closed_at < after.start,
            and_(_TICKETS.c.closed_at == after.start, _TICKETS.c.number < after.number),
        )
        query = query.where(older)
    query = query.order_by(_TICKETS.c.closed_at.desc(), _TICKETS.c.number.desc()).limit(limit)
    return list(session.execute(query).scalars())


def _place(row: Ticket) -> Place:
    if row.closed_at is not None:
        return Place(True, date.min, row.closed_at, row.number)
    start = row.starts_at or row.opened_at
    return Place(not row.is_flagged, clocks.of(row).likely, start, row.number)


def _filters(wanted: Wanted) -> list[ColumnElement[bool]]:
    named = {"kind": wanted.kind, "matter": wanted.matter, "level": wanted.level}
    found = [_TICKETS.c[name] == value for name, value in named.items() if value]
    if wanted.area:
        found.append(_TICKETS.c.area.startswith(scope.stem(wanted.area), autoescape=True))
    return found


def _midnight(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), CHINA)
