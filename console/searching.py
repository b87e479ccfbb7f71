"""Search over all: only what is in reach and of rights; people are found by prints, unopened."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, or_, select

from console.pages import staff as staff_pages
from console.projects.reading import in_reach
from handlers import desk as counter
from handlers import hearing
from knowledge.areas import Gazetteer
from knowledge.entry import Entry
from records import (
    audit,
    courses,
    events,
    group_register,
    known_names,
    name_parts,
    people,
    rights,
    scope,
    staff_accounts,
    stations,
    tickets,
)
from records.courses import CourseRow
from records.database import Session
from records.events import EventRow, NewEvent
from records.people import Profile
from records.prints import plain
from records.projects import ProjectRow
from records.rights import Post, Right, may, post_of
from records.scope import is_within
from records.staff_accounts import Staff
from records.vault import Vault
from registry import villages

MOST = 20  # of each kind
_FRESH = 1_000  # names without a print yet, looked at one by one
_LATELY = timedelta(hours=1)  # prints are made every ten minutes
_TICKET = re.compile(r"[A-Za-z0-9]{4,12}")
_NUMBERED = re.compile(r"(活动|课|项目|群|案例)\s*(\d{1,9})")
_PEOPLE = people.Person.__table__  # type: ignore[attr-defined]
_PROJECTS, _EVENTS = ProjectRow.__table__, EventRow.__table__  # type: ignore[attr-defined]
_COURSES = CourseRow.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found: what it is called, and where it is."""

    title: str
    path: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Who looks for what."""

    vault: Vault
    staff: Staff
    now: datetime
    words: str
    gazetteer: Gazetteer

    def numbered(self, kind: str) -> int:
        """The number in «活动3», of the kind that is looked for; 0 for none."""
        found = _NUMBERED.fullmatch(self.words)
        return int(found.group(2)) if found and found.group(1) == kind else 0


def persons(session: Session, asked: Asked) -> list[Profile]:
    """By phone, the number of another system, a receipt, or two signs of the name."""
    if not may(asked.staff, Right.PEOPLE):
        return []
    meant = _meant(session, asked)
    reach = rights.reach(session, asked.staff, asked.now)
    query = select(_PEOPLE.c.id).where(or_(*meant), reach).order_by(_PEOPLE.c.id).limit(MOST + 1)
    ids = list(session.execute(query).scalars()) if meant else []
    found = people.by_ids(session, asked.vault, ids)
    return [found[one] for one in ids]


def _meant(session: Session, asked: Asked) -> list[ColumnElement[bool]]:
    words, vault = asked.words, asked.vault
    meant: list[ColumnElement[bool]] = []
    phone = hearing.phone(words)
    if phone:
        meant.append(_PEOPLE.c.phone_print == vault.fingerprint(phone))
    elif words.isascii():
        meant.append(_PEOPLE.c.external_id == words)
        if receipt := audit.by_receipt(session, words.upper()):
            meant.append(_PEOPLE.c.id == receipt.subject)
    name = plain(words)
    if len(name) >= name_parts.LEAST and not phone and not name.isdigit():
        meant.append(name_parts.holds(vault, name))
        fresh = known_names.fresh(session, vault, asked.now - _LATELY, _FRESH)
        meant.append(_PEOPLE.c.id.in_([one for one, each in fresh.items() if name in each]))
    return meant


def requests(session: Session, asked: Asked) -> list[Hit]:
    """By number."""
    number = asked.words.upper()
    if not (may(asked.staff, Right.TICKETS) and _TICKET.fullmatch(number)):
        return []
    row = tickets.find(session, number)
    case = counter.as_cases(asked.vault, [row])[0] if row else None
    if case is None or not counter.may_read(session, asked.staff, case):
        return []
    return [Hit(f"诉求 {case.number}", f"/inbox/{case.number}")]


def projects(session: Session, asked: Asked) -> list[Hit]:
    """By number, or by words of the title."""
    if not may(asked.staff, Right.SEE_PROJECTS):
        return []
    mine = in_reach(session, asked.staff, asked.gazetteer)
    wanted = _titled(_PROJECTS, asked, "项目")
    query = select(_PROJECTS.c.id, _PROJECTS.c.title).where(mine, wanted)
    rows = session.execute(query.order_by(_PROJECTS.c.id.desc()).limit(MOST))
    return [Hit(row.title, f"/projects/{row.id}", f"项目 {row.id}") for row in rows]


def happenings(session: Session, asked: Asked) -> list[Hit]:
    """Events by number or title."""
    if not may(asked.staff, Right.EVENTS):
        return []
    query = select(_EVENTS.c.id).where(_titled(_EVENTS, asked, "活动"))
    ids = list(session.execute(query.order_by(_EVENTS.c.id.desc()).limit(MOST)).scalars())
    return [
        Hit(one.told.title, f"/events/{one.number}", f"活动 {one.number}")
        for one in events.by_numbers(session, ids)
        if _is_near(asked.staff.area, one.told)
    ]


def trainings(session: Session, asked: Asked) -> list[Hit]:
    """Courses by number or title."""
    if not may(asked.staff, Right.COURSES):
        return []
    query = select(_COURSES.c.id).where(_titled(_COURSES, asked, "课"))
    ids = list(session.execute(query.order_by(_COURSES.c.id.desc()).limit(MOST)).scalars())
    area = _county(session, asked.staff)
    return [
        Hit(one.told.title, f"/courses/{one.number}", f"课 {one.number}")
        for one in courses.by_numbers(session, ids)
        if is_within(one.told.area, area)
    ]


def posted(session: Session, asked: Asked) -> list[Hit]:
    """Groups by number or name: those of the area, a steward's and a mentor's own."""
    if not may(asked.staff, Right.SEE_GROUPS):
        return []
    if post_of(asked.staff) in (Post.STEWARD, Post.MENTOR):
        known = group_register.kept_by(session, asked.vault, asked.staff.name)
    else:
        known = [
            one
            for one in group_register.known(session, asked.vault)
            if scope.may_see(asked.staff.area, scope.Spot(one.area, one.town, one.town))
        ]
    number = asked.numbered("群")
    found = [one for one in known if one.id == number or _among(asked.words, one.name)]
    return [Hit(one.name or f"群 {one.id}", f"/groups/{one.id}") for one in found[:MOST]]


def places(session: Session, asked: Asked) -> list[Hit]:
    """Stations by name."""
    if not may(asked.staff, Right.STATIONS):
        return []
    found = stations.of_area(session, _county(session, asked.staff))
    named = [one for one in found if _among(asked.words, one.name)]
    return [Hit(one.name, "/stations", one.address) for one in named[:MOST]]


def colleagues(session: Session, asked: Asked) -> list[Hit]:
    """Staff by name, whom this one is in charge of."""
    if not may(asked.staff, Right.STAFF):
        return []
    found = [
        one
        for one in staff_accounts.everybody(session)
        if _among(asked.words, one.name) and staff_pages.leads(session, asked.staff, one)
    ]
    return [Hit(one.name, f"/staff/{one.name}") for one in found[:MOST]]


def entries(known: Iterable[Entry], asked: Asked) -> list[Hit]:
    """Policy entries by words of their title, or by id."""
    if not may(asked.staff, Right.SEE_POLICIES):
        return []
    found = [one for one in known if asked.words == one.id or _among(asked.words, one.title)]
    return [Hit(one.title, f"/policies/{one.id}", one.agency) for one in found[:MOST]]


KINDS: Sequence[tuple[str, Callable[[Session, Asked], list[Hit]]]] = (
    ("诉求", requests),
    ("项目", projects),
    ("活动", happenings),
    ("培训", trainings),
    ("群", posted),
    ("服务站", places),
    ("工作人员", colleagues),
)


def _titled(table: object, asked: Asked, kind: str) -> ColumnElement[bool]:
    columns = table.c  # type: ignore[attr-defined]
    number = asked.numbered(kind)
    if number:
        return columns.id == number  # type: ignore[no-any-return]
    return columns.title.contains(asked.words, autoescape=True)  # type: ignore[no-any-return]


def _among(words: str, name: str) -> bool:
    return bool(words) and plain(words) in plain(name)


def _is_near(area: str, told: NewEvent) -> bool:
    """Whether an event is of the area that somebody looks after."""
    if scope.is_local(area):
        return area == told.area
    return is_within(told.county or told.area, area)


def _county(session: Session, staff: Staff) -> str:
    return villages.county_of(session, staff.area) if scope.is_local(staff.area) else staff.area
