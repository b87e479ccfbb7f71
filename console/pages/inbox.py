"""The inbox: requests that somebody may read, what is late first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

from aiohttp import web
from sqlalchemy import select

from console.desk import Desk, NotHere
from console.forms import blank
from console.look import masked_name
from console.page import Page, Waiting
from console.pages.inbox_talk import hidden
from handlers import desk as counter
from handlers.desk import Case
from outreach import routing, ticket_lists
from outreach.alerts import word_of
from outreach.ticket_lists import Place, Tab, Wanted
from records import audit, people, rights
from records.database import Session
from records.rights import Right
from records.staff_accounts import Staff
from records.tickets import Level, TicketKind
from records.vault import Vault

_STAYS_OPEN = timedelta(hours=1)  # a list that renews itself: then it is read anew
_PEOPLE = people.Person.__table__  # type: ignore[attr-defined]
LEVELS = {level: routing.spoken(level) for level in Level}
_TABS = {
    Tab.MINE: "等我办",
    Tab.OPEN: "全部没办完",
    Tab.URGENT: "紧急",
    Tab.LATE: "超期",
    Tab.CLOSED: "办完的",
}
_EMPTY = {
    Tab.MINE: "没有等您办的诉求。",
    Tab.OPEN: "没有没办完的诉求。",
    Tab.URGENT: "没有紧急的诉求。",
    Tab.LATE: "没有超期的诉求。",
    Tab.CLOSED: "还没有办完的诉求。",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A request in the list."""

    case: Case
    name: str  # masked, "" where nobody knows it
    subject: str


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of the list."""

    rows: tuple[Row, ...]
    counts: Mapping[Tab, int]
    areas: tuple[str, ...]
    next: Place | None
    unnoted: list[str]  # whom the trail does not have yet


async def inbox(desk: Desk) -> web.StreamResponse:
    """The list by tab and filters."""
    wanted, after = _wanted(desk.query), _after(desk.query)
    found = await desk.read(_listed, desk.means.vault, desk.staff, wanted, after, desk.now)
    if found.unnoted:
        await desk.write(_note, found.unnoted, desk.staff, desk.now)
    named = await desk.named(*found.areas, *(row.case.area for row in found.rows))
    kept = {key: text for key, text in desk.query.items() if key not in ("tab", "after") and text}
    tabs = [
        (f"/inbox?{urlencode({'tab': tab.value, **kept})}", label, found.counts.get(tab))
        for tab, label in _TABS.items()
    ]
    asked = {"tab": wanted.tab.value, **kept}
    return desk.render(
        "inbox/list.html",
        f=blank(dict(desk.query)),
        tabs=tabs,
        tab=wanted.tab,
        at=f"/inbox?{urlencode(asked)}",
        rows=found.rows,
        empty=_EMPTY[wanted.tab],
        named=named,
        kinds=[(kind.value, word_of(kind)) for kind in TicketKind],
        matters=[(one.code, one.name) for one in routing.matters().values()],
        levels=[(level.value, word) for level, word in LEVELS.items()],
        areas=[(code, named(code)) for code in found.areas],
        word_of=word_of,
        matter_of=routing.matter_of,
        spoken=routing.spoken,
        older=_address({**asked, "after": str(found.next)}) if found.next else "",
        first=_address(asked) if after else "",
    )


def _address(asked: Mapping[str, str]) -> str:
    return f"/console/inbox?{urlencode(asked)}"


def _wanted(query: Mapping[str, str]) -> Wanted:
    try:
        tab = Tab(query.get("tab") or Tab.MINE)
        kind = TicketKind(query["kind"]).value if query.get("kind") else ""
        level = Level(query["level"]).value if query.get("level") else ""
    except ValueError as fault:
        raise NotHere from fault
    matter, area = query.get("matter", "")[:16], query.get("area", "")[:12]
    return Wanted(tab, kind, matter, level, area)


def _after(query: Mapping[str, str]) -> Place | None:
    if not query.get("after"):
        return None
    try:
        return Place.read(query["after"])
    except ValueError as fault:
        raise NotHere from fault


def _listed(
    session: Session,
    vault: Vault,
    staff: Staff,
    wanted: Wanted,
    after: Place | None,
    now: datetime,
) -> Listed:
    page = ticket_lists.page(session, staff, wanted, now=now, after=after)
    cases = counter.as_cases(vault, page.rows)
    names = _names(session, vault, staff, cases, now)
    rows = (Row(one, names.get(one.person_id, ""), hidden(one.subject)) for one in cases)
    return Listed(
        tuple(rows),
        ticket_lists.counts(session, staff, replace(wanted, tab=Tab.MINE), now),
        tuple(ticket_lists.areas(session, staff)),
        page.next,
        _unnoted(session, staff, list(names), now),
    )


def _unnoted(session: Session, staff: Staff, ids: list[str], now: datetime) -> list[str]:
    """Whom they see that the trail does not have yet: an open page renews itself all the time."""
    actor, since = audit.actor_of(staff.name), now - _STAYS_OPEN
    return audit.lacking(session, "person.seen", ids, actor=actor, since=since)


def _note(session: Session, ids: list[str], staff: Staff, now: datetime) -> None:
    audit.write_all(session, "person.seen", ids, at=now, actor=audit.actor_of(staff.name))


def _names(
    session: Session, vault: Vault, staff: Staff, cases: list[Case], now: datetime
) -> dict[str, str]:
    """What those are called of whom this reader may know."""
    wanted = [one.person_id for one in cases if one.person_id]
    query = select(_PEOPLE.c.id).where(_PEOPLE.c.id.in_(wanted), rights.reach(session, staff, now))
    found = people.by_ids(session, vault, list(session.execute(query).scalars()))
    return {key: masked_name(one.nickname) for key, one in found.items()}


def _waiting(session: Session, staff: Staff, _now: datetime) -> int:
    return ticket_lists.waiting(session, staff)


def _version(session: Session, staff: Staff, _key: str, _now: datetime) -> str:
    return ticket_lists.version(session, staff)


PAGES = (Page("GET", "/inbox", inbox, Right.TICKETS, menu="inbox"),)
WAITING = (Waiting("诉求等您办", "/inbox", Right.TICKETS, _waiting, topic="tickets"),)
TOPICS = {"tickets": _version}
