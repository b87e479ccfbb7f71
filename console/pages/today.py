"""The first page: what waits for me."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from aiohttp import web
from sqlalchemy import func, select

from console.desk import Desk, NotHere
from console.page import Page, Waiting
from outreach import almanac
from outreach.calendars import CHINA, spoken_day
from records import rights, scope
from records.database import Session
from records.entities import Entity
from records.people import Person, Status
from records.rights import Right
from records.staff_accounts import Staff
from records.tickets import Ticket

KNOWN = web.AppKey("waiting", tuple[Waiting, ...])


@dataclass(frozen=True, slots=True)
class Line:
    """Something that waits, and how many."""

    title: str
    path: str
    count: int
    most: int = 0  # it may be more than so many


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of this month, and the list that says more; "" where they may not open it."""

    title: str
    count: int
    unit: str
    path: str


_WEEKDAYS = "一二三四五六日"
_PEOPLE, _TICKETS = Person.__table__, Ticket.__table__  # type: ignore[attr-defined]
_ENTITIES = Entity.__table__  # type: ignore[attr-defined]


async def today(desk: Desk) -> web.StreamResponse:
    """Everything that waits for me, as the modules list it; the month so far for who sees it."""
    lines = await desk.read(waiting, desk.request.app[KNOWN], desk.staff, desk.now)
    sees = desk.may(Right.TOTALS)
    figures = await desk.read(this_month, desk.staff, desk.now) if sees else []
    day = desk.now.astimezone(CHINA).date()
    return desk.render(
        "today.html",
        lines=lines,
        figures=figures,
        spoken=f"{spoken_day(day)}，星期{_WEEKDAYS[day.weekday()]}",
        lunar=almanac.lunar(day),
        festival=_until_festival(day),
    )


def _until_festival(day: date) -> int:
    """Days until the eve of the next Spring Festival."""
    coming = next(eve for year in (day.year, day.year + 1) if (eve := almanac.eve(year)) >= day)
    return (coming - day).days


def this_month(session: Session, staff: Staff, now: datetime) -> list[Figure]:
    """What came in and was done since the first of the month, in the area of whom it is shown."""
    first = datetime.combine(now.astimezone(CHINA).date().replace(day=1), time(), CHINA)
    registered = _count(session, staff, _PEOPLE, _PEOPLE.c.created_at >= first, _IS_REGISTERED)
    opened = _count(session, staff, _TICKETS, _TICKETS.c.opened_at >= first)
    done = _count(session, staff, _TICKETS, _TICKETS.c.closed_at >= first)
    began = _count(session, staff, _ENTITIES, _ENTITIES.c.began_on >= first.date())
    return [
        Figure("新登记", registered, "人", _open(staff, Right.PEOPLE, "/people")),
        Figure("新诉求", opened, "件", _open(staff, Right.TICKETS, "/inbox")),
        Figure("办结诉求", done, "件", _open(staff, Right.TICKETS, "/inbox?tab=closed")),
        Figure("新开业", began, "个", _open(staff, Right.ENTITIES, "/entities")),
    ]


def _open(staff: Staff, right: Right, path: str) -> str:
    """Where a figure leads: nowhere for who may not open the list."""
    return path if rights.may(staff, right) else ""


_IS_REGISTERED = _PEOPLE.c.status == Status.CONFIRMED.value


def _count(session: Session, staff: Staff, table: Any, *which: Any) -> int:
    query = select(func.count()).select_from(table).where(*which)
    if not scope.is_local(staff.area):
        return int(session.execute(query.where(_within(staff, table))).scalar_one())
    if "town" in table.c:
        return int(session.execute(query.where(scope.visible(staff.area, table.c))).scalar_one())
    here = select(_PEOPLE.c.id).where(scope.visible(staff.area, _PEOPLE.c))
    return int(session.execute(query.where(table.c.person_id.in_(here))).scalar_one())


def _within(staff: Staff, table: Any) -> Any:
    return table.c.area.startswith(scope.stem(staff.area), autoescape=True)


def waiting(session: Session, known: Sequence[Waiting], staff: Staff, now: datetime) -> list[Line]:
    """What of all that may wait does wait for this one."""
    counted = (
        Line(one.title, one.path, one.count(session, staff, now), one.most)
        for one in known
        if rights.may(staff, one.right)
    )
    return [line for line in counted if line.count]


def version(session: Session, known: Sequence[Waiting], staff: Staff, now: datetime) -> str:
    """Another one whenever something came or went."""
    return ",".join(f"{one.path}={one.count}" for one in waiting(session, known, staff, now))


async def missing(_desk: Desk) -> web.StreamResponse:
    """An address that there is not."""
    raise NotHere


PAGES = (Page("GET", "/", today, Right.CONSOLE, menu="today"),)
LAST = Page("*", "/{rest:.*}", missing)
