"""Whom a helper is to call today: the most overdue first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from aiohttp import web
from sqlalchemy import select

from console.desk import Desk
from console.dossier.words import WHYS
from console.page import Page, Waiting
from outreach.courses.booking import today_of
from outreach.helping.calling import due_for
from records import audit, people, rights
from records.assignments import Assigned
from records.database import Session
from records.people import Profile, Status
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault
from records.visits import Due
from registry.differences import said

_PEOPLE = people.Person.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Call:
    """Somebody to be called, opened."""

    assigned: Assigned
    due: Due
    profile: Profile


async def calls(desk: Desk) -> web.StreamResponse:
    """The list; reading it is in the trail."""
    found = await desk.read(_calls, desk.means.vault, desk.staff, desk.now)
    if found:
        await desk.write(_note, [one.profile.id for one in found], desk)
    return desk.render(
        "people/calls.html",
        found=found,
        today=today_of(desk.now),
        named=await desk.named(*(one.profile.area for one in found)),
        whys=WHYS,
        worded=said,
    )


def _calls(session: Session, vault: Vault, staff: Staff, now: datetime) -> list[Call]:
    waiting = _waiting(session, staff, now)
    profiles = people.by_ids(session, vault, [due.person_id for _, due in waiting])
    return [Call(one, due, profiles[due.person_id]) for one, due in waiting]


def _waiting(session: Session, staff: Staff, now: datetime) -> list[tuple[Assigned, Due]]:
    """Those in reach who have not left."""
    waiting = due_for(session, staff.name, today_of(now))
    if not waiting:
        return []
    query = select(_PEOPLE.c.id).where(
        _PEOPLE.c.id.in_([due.person_id for _, due in waiting]),
        _PEOPLE.c.status != Status.WITHDRAWN.value,
        rights.reach(session, staff, now),
    )
    here = set(session.execute(query).scalars())
    return [each for each in waiting if each[1].person_id in here]


def _count(session: Session, staff: Staff, now: datetime) -> int:
    return len(_waiting(session, staff, now))


def _note(session: Session, ids: Sequence[str], desk: Desk) -> None:
    audit.write_all(session, "person.seen", ids, at=desk.now, actor=desk.actor[:60])


WAITING = (Waiting("今天该回访的人", "/people/calls", Right.PEOPLE, _count),)
PAGES = (Page("GET", "/people/calls", calls, Right.PEOPLE),)
