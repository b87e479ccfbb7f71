"""The people that staff may read of, by what they ask for, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, literal, or_, select, true

from matching.audience.sql import where
from matching.audience.values import Condition, Field, Has
from outreach.reports.pictured.people import came_to, was_in
from records import assignments, people, rights, visits
from records.assignments import Assigned, Assignment, Help
from records.database import Session
from records.people import Profile, Status
from records.scope import is_local, stem
from records.staff_accounts import Staff
from records.standings import Voucher, Word
from records.types import UtcDateTime
from records.vault import Vault
from records.visits import Due, Visit, VisitKind

PAGE = 30
COUNTED = 1_000  # beyond, «more than» is enough and much cheaper
NOBODY = "-"  # in place of a commissioner's name: those who have none
_PEOPLE = people.Person.__table__  # type: ignore[attr-defined]
_HELP = Assignment.__table__  # type: ignore[attr-defined]
_VISITS, _VOUCHERS = Visit.__table__, Voucher.__table__  # type: ignore[attr-defined]
CONTACTS = {"never": None, "week": 7, "month": 30, "quarter": 90}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; "" does not matter. `contact`: never, or not for so long."""

    place: str = ""
    intent: str = ""
    lack: str = ""
    status: str = ""
    source: str = ""
    helper: str = ""
    contact: str = ""
    is_vouched: bool = False
    step: str = ""  # of the funnel, 0 the first
    city: str = ""  # where they are or were away
    typed: Condition | None = None  # in the language of audiences


@dataclass(frozen=True, slots=True)
class After:
    """Where the page before ended."""

    at: datetime
    id: str

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.id}"

    @classmethod
    def read(cls, text: str) -> After:
        """As it was written; ValueError."""
        moment, _, person = text.partition("~")
        at = datetime.fromisoformat(moment)
        if at.tzinfo is None or not person:
            raise ValueError(text)
        return cls(at, person)


@dataclass(frozen=True, slots=True)
class Line:
    """Somebody on the list, opened."""

    profile: Profile
    town: str
    village: str
    updated_at: datetime
    helpers: tuple[Assigned, ...] = ()
    last: datetime | None = None
    due: Due | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """One page; `count` is COUNTED + 1 where there are more than COUNTED."""

    lines: Sequence[Line]
    count: int
    next: After | None = None


def page(
    session: Session,
    vault: Vault,
    staff: Staff,
    wanted: Wanted,
    *,
    now: datetime,
    after: After | None = None,
) -> Listed:
    """Those in reach whom it fits, who changed last first."""
    fits = meant(session, staff, wanted, now)
    ids = session.execute(select(_PEOPLE.c.id).where(fits).limit(COUNTED + 1)).scalars().all()
    if len(ids) <= COUNTED:  # few: none is to be looked for again, last change by last change
        fits = _PEOPLE.c.id.in_(ids)
    query = select(_PEOPLE).where(fits)
    if after is not None:
        query = query.where(_is_before(after))
    order = (_PEOPLE.c.updated_at.desc(), _PEOPLE.c.id.desc())
    rows = session.execute(query.order_by(*order).limit(PAGE + 1)).all() if ids else []
    shown = rows[:PAGE]
    more = After(shown[-1].updated_at, shown[-1].id) if len(rows) > PAGE else None
    return Listed(_opened(session, vault, shown), len(ids), more)


def meant(session: Session, staff: Staff, wanted: Wanted, now: datetime) -> ColumnElement[bool]:
    """The people in reach whom it fits; who left is there only where their state is asked for."""
    columns, codes = _PEOPLE.c, _PEOPLE.c.codes
    parts: list[Any] = [rights.reach(session, staff, now)]
    is_here = columns.status != Status.WITHDRAWN.value
    parts.append(columns.status == wanted.status if wanted.status else is_here)
    if wanted.place:
        parts.append(_at(wanted.place))
    if wanted.intent:
        parts.append(codes["intent"].as_string() == wanted.intent)
    if wanted.lack:
        parts.append(where(Has(Field.LACK, frozenset({wanted.lack}), wanted.lack)))
    if wanted.source:
        parts.append(columns.source == wanted.source)
    if wanted.helper:
        parts.append(_helped(wanted.helper))
    if wanted.contact:
        parts.append(~_spoken_since(CONTACTS[wanted.contact], now))
    if wanted.is_vouched:
        parts.append(_vouched(now))
    if wanted.step:
        parts.append(came_to(int(wanted.step)))
    if wanted.city:
        parts.append(was_in(wanted.city))
    if wanted.typed is not None:
        parts.append(where(wanted.typed))
    return and_(true(), *parts)


def _at(place: str) -> ColumnElement[bool]:
    if is_local(place):
        return or_(_PEOPLE.c.town == place, _PEOPLE.c.village == place)
    return _PEOPLE.c.area.startswith(stem(place), autoescape=True)  # type: ignore[no-any-return]


def _helped(helper: str) -> ColumnElement[bool]:
    theirs = [_HELP.c.person_id == _PEOPLE.c.id, _HELP.c.until.is_(None)]
    theirs.append(_HELP.c.help == Help.COMMISSIONER.value)
    if helper == NOBODY:
        return ~exists().where(*theirs)
    mine = select(_HELP.c.person_id).where(_HELP.c.helper == helper, *theirs[1:])
    return _PEOPLE.c.id.in_(mine)  # type: ignore[no-any-return]


def _spoken_since(days: int | None, now: datetime) -> ColumnElement[bool]:
    spoken = [_VISITS.c.person_id == _PEOPLE.c.id, _VISITS.c.kind != VisitKind.NO_ANSWER.value]
    if days is not None:
        spoken.append(_VISITS.c.at >= now - timedelta(days=days))
    return exists().where(*spoken)


def _vouched(now: datetime) -> ColumnElement[bool]:
    held = (_VOUCHERS.c.until > now, _VOUCHERS.c.objected_at.is_(None))
    good = select(_VOUCHERS.c.person_id).where(_VOUCHERS.c.word == Word.VOUCHED.value, *held)
    return _PEOPLE.c.id.in_(good)  # type: ignore[no-any-return]


def _is_before(after: After) -> ColumnElement[bool]:
    columns, at = _PEOPLE.c, literal(after.at, UtcDateTime)
    same = and_(columns.updated_at == at, columns.id < after.id)
    return and_(columns.updated_at <= at, or_(columns.updated_at < at, same))


def _opened(session: Session, vault: Vault, rows: Sequence[Any]) -> list[Line]:
    ids = [row.id for row in rows]
    helpers: Mapping[str, tuple[Assigned, ...]] = assignments.of_people(session, ids)
    last = visits.last_contacts(session, ids)
    due: dict[str, Due] = {}
    for one in visits.waiting(session, ids):
        due.setdefault(one.person_id, one)
    return [
        Line(
            people.opened(row, vault),
            row.town,
            row.village,
            row.updated_at,
            helpers.get(row.id, ()),
            last.get(row.id),
            due.get(row.id),
        )
        for row in rows
    ]
