"""The days on which somebody was written to unasked: each holds one such message (M-10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert
from records.types import UtcDateTime

LOOKED_BACK = timedelta(days=31)


class PushDay(SQLModel, table=True):
    """That somebody was written to unasked on a day, and by which message.

    `who` is an account or the id of a person: a message takes the day of all whom it may reach.
    """

    __tablename__ = "push_day"

    who: str = Field(primary_key=True, max_length=200)
    day: datetime = Field(primary_key=True, sa_type=UtcDateTime)  # its midnight in China
    key: str = Field(max_length=120)
    is_batch: bool = False  # a recommendation
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Past:
    """A message that somebody was written unasked."""

    day: datetime
    key: str
    is_batch: bool
    at: datetime


Taken = tuple[str, Past]  # who, and what takes their day
_TABLE = PushDay.__table__  # type: ignore[attr-defined]


def past_of(session: Session, names: Sequence[str], since: datetime) -> dict[str, list[Past]]:
    """What each was written, recommendations however long ago."""
    query = select(_TABLE).where(
        _TABLE.c.who.in_(names), or_(_TABLE.c.day >= since, _TABLE.c.is_batch.is_(True))
    )
    found: dict[str, list[Past]] = {}
    for row in session.execute(query):
        found.setdefault(row.who, []).append(Past(row.day, row.key, row.is_batch, row.at))
    return found


def take(session: Session, wanted: Iterable[Taken]) -> set[Taken]:
    """Those of these days that were still free; they are taken now."""
    by_name = dict(sorted(wanted, key=lambda one: one[0]))  # as other processes do
    if not by_name:
        return set()
    new = insert(session, _TABLE).on_conflict_do_nothing(index_elements=["who", "day"])
    rows = [{"who": name, **_as_row(past)} for name, past in by_name.items()]
    found = session.connection().execute(new.returning(_TABLE.c.who), rows)
    return {(name, by_name[name]) for name in found.scalars()}


def give_back(session: Session, names: Sequence[str], day: datetime) -> None:
    """A message takes these days all or none: another was first with one of them."""
    session.execute(delete(_TABLE).where(_TABLE.c.who.in_(names), _TABLE.c.day == day))


def erase(session: Session, who: str) -> None:
    """Nothing is known of what somebody was written who is forgotten."""
    session.execute(delete(_TABLE).where(_TABLE.c.who == who))


def prune(session: Session, now: datetime) -> int:
    """Drop what no cap counts any more; recommendations count until the person is forgotten."""
    old = delete(_TABLE).where(_TABLE.c.is_batch.is_(False), _TABLE.c.day < now - 2 * LOOKED_BACK)
    return int(session.connection().execute(old).rowcount)


def is_part_of(key: str, first: str) -> bool:
    """Whether a message is the one that has the day, or the next part of it."""
    return key == first or is_later_part(key, first)


def is_later_part(key: str, first: str) -> bool:
    """Whether a message follows another as its second part, or third …"""
    whole, _, number = key.rpartition("/")
    return whole == first and number.isdigit()


def _as_row(past: Past) -> dict[str, object]:
    return {"day": past.day, "key": past.key, "is_batch": past.is_batch, "at": past.at}
