"""What is known of people in the clear, gathered for whoever asks about many at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from records import tags
from records.account_links import AccountLink
from records.assignments import Assignment
from records.consents import PUSH, Consent
from records.conversations import Conversation
from records.courses import CourseWish, Enrolment, Seat
from records.people import Person
from records.person_facts import PersonFacts
from records.standings import SageTier
from records.visits import Visit, VisitKind

ATTENDING = (Seat.SIGNED.value, Seat.CAME.value)  # who counts as being in a course
_MANY = 500

_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_LINKS = AccountLink.__table__  # type: ignore[attr-defined]
_HELP = Assignment.__table__  # type: ignore[attr-defined]
_SAID = Consent.__table__  # type: ignore[attr-defined]
_TALKS = Conversation.__table__  # type: ignore[attr-defined]
_SEATS = Enrolment.__table__  # type: ignore[attr-defined]
_FACTS = PersonFacts.__table__  # type: ignore[attr-defined]
_TIERS = SageTier.__table__  # type: ignore[attr-defined]
_WISHES = CourseWish.__table__  # type: ignore[attr-defined]
_VISITS = Visit.__table__  # type: ignore[attr-defined]


@dataclass(slots=True)
class SeenPerson:
    """One person; accounts are keys of conversations, of `contacts` the last counts.

    A licence's day lies between two, as the person knew it.
    """

    id: str
    area: str
    town: str
    village: str
    codes: Mapping[str, Any]
    source: str
    created_at: datetime
    accounts: list[str]
    form: str = ""
    licensed: tuple[date, date] | None = None
    tier: str = ""
    pushes: set[bool] = field(default_factory=set)
    helpers: set[str] = field(default_factory=set)
    courses: set[int] = field(default_factory=set)
    wishes: set[str] = field(default_factory=set)  # topics
    tags: frozenset[str] = frozenset()
    contacts: list[datetime] = field(default_factory=list)
    visits: list[datetime] = field(default_factory=list)
    agreed: list[datetime] = field(default_factory=list)  # to pushes
    helped: list[datetime] = field(default_factory=list)  # by those who help now
    attended: list[datetime] = field(default_factory=list)


def of(session: Session, person_ids: Sequence[str]) -> Iterator[SeenPerson]:
    """These people, a few hundred read at a time."""
    for first in range(0, len(person_ids), _MANY):
        yield from _some(session, person_ids[first : first + _MANY])


def _some(session: Session, ids: Sequence[str]) -> list[SeenPerson]:
    found = {one.id: one for one in _bare(session, ids)}
    for row in session.execute(_about(_LINKS, ids, _LINKS.c.account)):
        found[row[0]].accounts.append(row[1])
    told = (_FACTS.c.entity_type, _FACTS.c.registered_first, _FACTS.c.registered_last)
    for row in session.execute(_about(_FACTS, ids, *told)):
        found[row[0]].form = row[1] or ""
        found[row[0]].licensed = (row[2], row[3]) if row[2] and row[3] else None
    for row in session.execute(_about(_TIERS, ids, _TIERS.c.tier)):
        found[row[0]].tier = row[1]
    for row in session.execute(_about(_WISHES, ids, _WISHES.c.topic)):
        found[row[0]].wishes.add(row[1])
    for person_id, names in tags.of(session, ids).items():
        found[person_id].tags = names
    _add_dated(session, found)
    _add_contacts(session, found)
    return list(found.values())


def _add_dated(session: Session, found: Mapping[str, SeenPerson]) -> None:
    """What is known with the day from which it was so."""
    ids = list(found)
    said = _about(_SAID, ids, _SAID.c.given, _SAID.c.given_at).where(
        _SAID.c.kind == PUSH, _SAID.c.ended_at.is_(None)
    )
    for person_id, given, at in session.execute(said):
        found[person_id].pushes.add(given)
        found[person_id].agreed += [at] if given else []
    helping = _about(_HELP, ids, _HELP.c.help, _HELP.c.since).where(_HELP.c.until.is_(None))
    for person_id, help_, since in session.execute(helping):
        found[person_id].helpers.add(help_)
        found[person_id].helped.append(since)
    seats = _about(_SEATS, ids, _SEATS.c.course_id, _SEATS.c.since)
    for person_id, course, since in session.execute(seats.where(_SEATS.c.state.in_(ATTENDING))):
        found[person_id].courses.add(course)
        found[person_id].attended.append(since)


def _bare(session: Session, ids: Sequence[str]) -> Iterator[SeenPerson]:
    names = ("id", "area", "town", "village", "codes", "source", "created_at")
    columns = [_PEOPLE.c[name] for name in names]
    for row in session.execute(select(*columns, _PEOPLE.c.account).where(_PEOPLE.c.id.in_(ids))):
        known = {name: row._mapping[name] for name in names}
        yield SeenPerson(**known, accounts=[row.account] if row.account else [])


def _about(table: Any, ids: Sequence[str], *columns: Any) -> Any:
    return select(table.c.person_id, *columns).where(table.c.person_id.in_(ids))


def _add_contacts(session: Session, found: Mapping[str, SeenPerson]) -> None:
    visits = _about(_VISITS, list(found), _VISITS.c.at).where(
        _VISITS.c.kind != VisitKind.NO_ANSWER.value
    )
    for person_id, at in session.execute(visits):
        found[person_id].visits.append(at)
        found[person_id].contacts.append(at)
    keys = [account for one in found.values() for account in one.accounts]
    talks = select(_TALKS.c.key, _TALKS.c.updated_at).where(_TALKS.c.key.in_(keys))
    heard = {row[0]: row[1] for row in session.execute(talks)}
    for one in found.values():
        one.contacts += [heard[account] for account in one.accounts if account in heard]
