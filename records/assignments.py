"""Who helps whom: a commissioner and a mentor for each person (1+1+N, domain S1-32)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Column, Index, false, func, select, text, update
from sqlmodel import Field, Session, SQLModel

from records.types import BigId, Json, UtcDateTime
from records.visits import CallBack

CASELOAD = {"commissioner": 60, "mentor": 10}  # open dossiers at most, unless said otherwise


class Help(StrEnum):
    """What somebody is to the person whom they help."""

    COMMISSIONER = "commissioner"
    MENTOR = "mentor"


class Why(StrEnum):
    """How an assignment came about."""

    REGISTERED = "registered"
    CHOSEN = "chosen"  # by the person
    HANDED_OVER = "handed_over"  # from a colleague
    BY_STAFF = "by_staff"


class Helper(SQLModel, table=True):
    """What one of the staff takes on as a helper; who has no row takes on what is usual."""

    name: str = Field(primary_key=True, max_length=40)  # as in staff_member
    most: int = 0  # open dossiers; 0 = as usual
    trades: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    speaks: str = Field(default="", max_length=60)  # dialects, for people to read
    about: str = Field(default="", max_length=120)  # one line, for people to read
    is_expert: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class Assignment(SQLModel, table=True):
    """Somebody looks after a person; `number` is what they call the dossier by («3号»)."""

    __table_args__ = (
        Index(
            "ix_assignment_open",
            "person_id",
            "help",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index("ix_assignment_helper", "helper", "number"),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    person_id: str = Field(max_length=24)
    help: str = Field(max_length=12)
    helper: str = Field(max_length=40)
    number: int
    why: str = Field(max_length=12)
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Assigned:
    """An open assignment."""

    person_id: str
    help: Help
    helper: str
    number: int
    since: datetime


_TABLE = Assignment.__table__  # type: ignore[attr-defined]
_HELPERS = Helper.__table__  # type: ignore[attr-defined]
_CALLS = CallBack.__table__  # type: ignore[attr-defined]
_COLUMNS = (_TABLE.c.person_id, _TABLE.c.help, _TABLE.c.helper, _TABLE.c.number, _TABLE.c.since)
_IS_OPEN = _TABLE.c.until.is_(None)


def of_people(session: Session, person_ids: Sequence[str]) -> dict[str, tuple[Assigned, ...]]:
    """Who looks after each of these, the commissioner first."""
    query = select(*_COLUMNS).where(_TABLE.c.person_id.in_(person_ids), _IS_OPEN)
    found: dict[str, tuple[Assigned, ...]] = {}
    for row in session.execute(query.order_by(_TABLE.c.help)):
        one = _assigned(row)
        found[one.person_id] = (*found.get(one.person_id, ()), one)
    return found


def of_helper(session: Session, helper: str) -> list[Assigned]:
    """The open dossiers of a helper by their numbers."""
    query = select(*_COLUMNS).where(_TABLE.c.helper == helper, _IS_OPEN)
    return [_assigned(row) for row in session.execute(query.order_by(_TABLE.c.number))]


def loads(session: Session, helpers: Iterable[str], help: Help) -> dict[str, int]:
    """How many open dossiers each of these has."""
    names = list(helpers)
    query = (
        select(_TABLE.c.helper, func.count())
        .where(_TABLE.c.helper.in_(names), _TABLE.c.help == help.value, _IS_OPEN)
        .group_by(_TABLE.c.helper)
    )
    counted = {helper: int(count) for helper, count in session.execute(query)}
    return {name: counted.get(name, 0) for name in names}


def due_counts(session: Session, today: date) -> dict[str, int]:
    """For each helper, how many of theirs are to be called by this day."""
    mine = (_CALLS.c.person_id == _TABLE.c.person_id) & _CALLS.c.settled_at.is_(None)
    query = (
        select(_TABLE.c.helper, func.count(_TABLE.c.person_id.distinct()))
        .join(_CALLS, mine)
        .where(_IS_OPEN, _CALLS.c.due_on <= today)
        .group_by(_TABLE.c.helper)
        .order_by(_TABLE.c.helper)
    )
    return {row[0]: int(row[1]) for row in session.execute(query)}


def helpers(session: Session, names: Sequence[str]) -> dict[str, Helper]:
    """What these take on, where it is said."""
    query = select(Helper).where(_HELPERS.c.name.in_(names))
    return {row.name: row for row in session.execute(query).scalars()}


def keep_helper(session: Session, helper: Helper) -> None:
    """What somebody takes on, from now on."""
    session.merge(helper)
    session.flush()


def assign(
    session: Session, person_id: str, helper: str, help: Help, *, why: Why, at: datetime
) -> Assigned:
    """From now on this helper looks after the person, and nobody else in that way."""
    end(session, person_id, help, at)
    number = _free_number(session, helper)
    session.add(
        Assignment(
            person_id=person_id,
            help=help.value,
            helper=helper,
            number=number,
            why=why.value,
            since=at,
        )
    )
    session.flush()
    return Assigned(person_id, help, helper, number, at)


def end(session: Session, person_id: str, help: Help, at: datetime) -> None:
    """Nobody looks after this person in this way any more."""
    mine = (_TABLE.c.person_id == person_id) & (_TABLE.c.help == help.value)
    session.execute(update(_TABLE).where(mine, _IS_OPEN).values(until=at))


def hand_on(session: Session, gone: str, kept: str, at: datetime) -> None:
    """Two records became one: who looked after the first goes on, if the second has nobody."""
    known = {one.help for one in of_people(session, [kept]).get(kept, ())}
    for one in of_people(session, [gone]).get(gone, ()):
        if one.help in known:
            end(session, gone, one.help, at)
    session.execute(update(_TABLE).where(_TABLE.c.person_id == gone).values(person_id=kept))


def _free_number(session: Session, helper: str) -> int:
    """The smallest that no open dossier of theirs has: short enough to be typed."""
    taken = {one.number for one in of_helper(session, helper)}
    return next(number for number in range(1, len(taken) + 2) if number not in taken)


def _assigned(row: tuple[str, str, str, int, datetime]) -> Assigned:
    person_id, help, helper, number, since = row
    return Assigned(person_id, Help(help), helper, number, since)
