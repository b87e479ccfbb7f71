"""The first page: what waits for me."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web

from console.desk import Desk, NotHere
from console.page import Page, Waiting
from records import rights
from records.database import Session
from records.rights import Right
from records.staff_accounts import Staff

KNOWN = web.AppKey("waiting", tuple[Waiting, ...])


@dataclass(frozen=True, slots=True)
class Line:
    """Something that waits, and how many."""

    title: str
    path: str
    count: int


async def today(desk: Desk) -> web.StreamResponse:
    """Everything that waits for me, most pressing first as the modules list it."""
    lines = await desk.read(waiting, desk.request.app[KNOWN], desk.staff, desk.now)
    return desk.render("today.html", lines=lines)


def waiting(session: Session, known: Sequence[Waiting], staff: Staff, now: datetime) -> list[Line]:
    """What of all that may wait does wait for this one."""
    counted = (
        Line(one.title, one.path, one.count(session, staff, now))
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
