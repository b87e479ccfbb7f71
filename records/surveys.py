"""What people say of us when they are asked: how content with one matter, what they know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlmodel import Field, Session, SQLModel

from records.people import Person, Status
from records.types import UtcDateTime


class Rating(SQLModel, table=True):
    """The one question after a ticket is closed, 1 to 5; None where nobody answered."""

    ticket: str = Field(primary_key=True, max_length=12)
    area: str = Field(default="", max_length=12, index=True)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    score: int | None = None


class Awareness(SQLModel, table=True):
    """Two questions about a policy, once a year; None where nothing was answered."""

    person_id: str = Field(primary_key=True, max_length=24)
    year: int = Field(primary_key=True)
    area: str = Field(default="", max_length=12, index=True)
    entry: str = Field(max_length=120)  # the policy entry that they were asked about
    asked_at: datetime = Field(sa_type=UtcDateTime)
    first: bool | None = None  # whether the answer was right
    second: bool | None = None


@dataclass(frozen=True, slots=True)
class Tally:
    """Of how many asked how many answered, and how many of these as one would wish."""

    asked: int
    answered: int
    good: int


_RATINGS = Rating.__table__  # type: ignore[attr-defined]
_KNOWN = Awareness.__table__  # type: ignore[attr-defined]
_PEOPLE = Person.__table__  # type: ignore[attr-defined]
CONTENT = 4  # of five, and more


def ask(session: Session, number: str, area: str, at: datetime) -> None:
    """Somebody is asked how content they are."""
    session.add(Rating(ticket=number, area=area, asked_at=at))
    session.flush()


def was_asked(session: Session, number: str) -> bool:
    """Whether somebody was asked about a ticket before: once is enough."""
    return session.get(Rating, number) is not None


def rate(session: Session, number: str, score: int) -> bool:
    """Their first answer holds; whether this was it."""
    open_one = (_RATINGS.c.ticket == number) & _RATINGS.c.score.is_(None)
    done = session.connection().execute(update(_RATINGS).where(open_one).values(score=score))
    return bool(done.rowcount)


def score_of(session: Session, number: str) -> int | None:
    """What somebody said of a ticket."""
    row = session.get(Rating, number)
    return row.score if row else None


def satisfaction(session: Session, areas: str, first: datetime, last: datetime) -> Tally:
    """What those said who were asked from a moment on and before another.

    `areas` is how the codes of the areas begin; "" is everywhere.
    """
    query = select(_RATINGS.c.score).where(
        _RATINGS.c.area.startswith(areas, autoescape=True),
        _RATINGS.c.asked_at >= first,
        _RATINGS.c.asked_at < last,
    )
    scores = list(session.execute(query).scalars())
    told = [score for score in scores if score is not None]
    return Tally(len(scores), len(told), sum(score >= CONTENT for score in told))


def put(session: Session, questions: Sequence[Awareness]) -> None:
    """These are asked what they know."""
    session.add_all(questions)
    session.flush()


def unasked(session: Session, year: int, *, after: str, limit: int) -> list[tuple[str, str]]:
    """Registered people who were not asked this year, by id, with the area of their home."""
    was_asked = exists().where(_KNOWN.c.person_id == _PEOPLE.c.id, _KNOWN.c.year == year)
    query = select(_PEOPLE.c.id, _PEOPLE.c.area).where(
        _PEOPLE.c.status == Status.CONFIRMED.value,
        _PEOPLE.c.area != "",
        _PEOPLE.c.id > after,
        ~was_asked,
    )
    rows = session.execute(query.order_by(_PEOPLE.c.id).limit(limit))
    return [(row[0], row[1]) for row in rows]


def asked_in(session: Session, person_ids: Sequence[str], year: int) -> set[str]:
    """Those of these who were asked already this year."""
    query = select(_KNOWN.c.person_id).where(
        _KNOWN.c.person_id.in_(person_ids), _KNOWN.c.year == year
    )
    return set(session.execute(query).scalars())


def answer(session: Session, person_id: str, year: int, item: int, *, is_right: bool) -> bool:
    """Their first answer to item 1 or 2 holds; whether this was it."""
    column = _KNOWN.c.first if item == 1 else _KNOWN.c.second
    mine = (_KNOWN.c.person_id == person_id) & (_KNOWN.c.year == year) & column.is_(None)
    changed = update(_KNOWN).where(mine).values({column.name: is_right})
    return bool(session.connection().execute(changed).rowcount)


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records became one: what the first knew the second did, in years it was not asked."""
    years = select(_KNOWN.c.year).where(_KNOWN.c.person_id == kept)
    have = set(session.execute(years).scalars())
    mine = (_KNOWN.c.person_id == gone) & _KNOWN.c.year.not_in(have)
    session.execute(update(_KNOWN).where(mine).values(person_id=kept))


def awareness(session: Session, areas: str, year: int) -> Tally:
    """Of those asked in a year, how many answered both items, and both rightly."""
    query = select(_KNOWN.c.first, _KNOWN.c.second).where(
        _KNOWN.c.area.startswith(areas, autoescape=True), _KNOWN.c.year == year
    )
    rows = session.execute(query).all()
    whole = [row for row in rows if None not in row]
    return Tally(len(rows), len(whole), sum(all(row) for row in whole))
