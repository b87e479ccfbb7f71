"""From when to when people were at home, as they told it: what «春节期间返乡» is counted from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

from sqlalchemy import Column, Index, select, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_many
from records.types import BigId

STATE, BACK, AWAY = "where_now", "returned", "away"
_WORDS = "return_period_text"
_WRITTEN = re.compile(r"(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?")
_CHINA = timezone(timedelta(hours=8))
_SOME = 500


class HomeStay(SQLModel, table=True):
    """One stay; `until` is the day on which they told that they are away again."""

    __tablename__ = "home_stay"
    __table_args__ = (Index("ix_home_stay_person_id", "person_id", "since"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    person_id: str = Field(max_length=24)
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody said of where they are: their codes and words, all or those that are new."""

    person_id: str
    codes: Mapping[str, Any]
    texts: Mapping[str, Any]


_TABLE = HomeStay.__table__  # type: ignore[attr-defined]


def note(session: Session, told: Iterable[Told], at: datetime, *, are_new: bool = False) -> None:
    """Who is at home stays there from now, or from the day that a list names, until away."""
    said = [one for one in told if one.codes.get(STATE) in (BACK, AWAY)]
    day = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(_CHINA).date()
    back = {one.person_id: since_of(one, day) for one in said if one.codes[STATE] == BACK}
    left = [one.person_id for one in said if one.codes[STATE] == AWAY]
    there = set() if are_new else _there(session, list(back))
    new = [(who, since) for who, since in back.items() if who not in there]
    insert_many(session, _TABLE, ("person_id", "since"), new)
    if left and not are_new:
        for some in _parts(left):
            session.execute(
                update(_TABLE)
                .where(_TABLE.c.person_id.in_(some), _TABLE.c.until.is_(None))
                .values(until=day)
            )


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records became one: the days of the first are the second's."""
    session.execute(update(_TABLE).where(_TABLE.c.person_id == gone).values(person_id=kept))


def _there(session: Session, person_ids: list[str]) -> set[str]:
    found: set[str] = set()
    for some in _parts(person_ids):
        open_ones = select(_TABLE.c.person_id).where(
            _TABLE.c.person_id.in_(some), _TABLE.c.until.is_(None)
        )
        found |= set(session.execute(open_ones).scalars())
    return found


def _parts(ids: list[str]) -> Iterable[list[str]]:
    return (ids[start : start + _SOME] for start in range(0, len(ids), _SOME))


def since_of(one: Told, day: date) -> date:
    """The day that a list names, if it is past; of a month its last day, for so long is sure."""
    found = _WRITTEN.fullmatch(str(one.texts.get(_WORDS) or ""))
    if found is None:
        return day
    year, month = int(found[1]), int(found[2])
    try:
        if found[3]:
            named = date(year, month, int(found[3]))
        else:
            named = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    except ValueError:
        return day
    return min(named, day)
