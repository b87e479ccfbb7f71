"""Ambassadors: who of the typical cases agreed to speak for coming home, and for how long."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, select, update
from sqlmodel import Field, Session, SQLModel

from records.types import BigId, UtcDateTime

CONSENT = "ambassador"  # apart from the consent to tell the story


class AmbassadorRow(SQLModel, table=True):
    """One asking and what came of it; `since` None until they agreed."""

    __tablename__ = "ambassador"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    case_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    person_id: str = Field(max_length=24, index=True)
    months: int
    staff: str = Field(max_length=40)  # who asked
    asked_at: datetime = Field(sa_type=UtcDateTime)
    since: date | None = None
    until: date | None = None
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Ambassador:
    """An asking that is open, or a term that is not ended."""

    id: int
    case: int
    person_id: str
    months: int
    staff: str
    since: date | None
    until: date | None

    def serves(self, today: date) -> bool:
        """Whether they are one on a day."""
        return self.since is not None and self.until is not None and today <= self.until


_TABLE = AmbassadorRow.__table__  # type: ignore[attr-defined]
_OPEN = _TABLE.c.ended_at.is_(None)


def ask(
    session: Session, case: int, person_id: str, *, months: int, staff: str, at: datetime
) -> None:
    """Somebody is asked; what they were asked before is void."""
    end(session, person_id, at, only_asked=True)
    row = AmbassadorRow(case_id=case, person_id=person_id, months=months, staff=staff, asked_at=at)
    session.add(row)
    session.flush()


def agree(session: Session, one: Ambassador, since: date, until: date) -> None:
    """They said yes: the term begins."""
    mine = _TABLE.c.id == one.id
    session.execute(update(_TABLE).where(mine).values(since=since, until=until))


def end(session: Session, person_id: str, at: datetime, *, only_asked: bool = False) -> None:
    """They are none any more, or were only asked."""
    mine = (_TABLE.c.person_id == person_id) & _OPEN
    if only_asked:
        mine &= _TABLE.c.since.is_(None)
    session.execute(update(_TABLE).where(mine).values(ended_at=at))


def of_people(session: Session, person_ids: Collection[str]) -> list[Ambassador]:
    """What is open or serves of these people, the newest last."""
    query = select(_TABLE).where(_TABLE.c.person_id.in_(list(person_ids)), _OPEN)
    return [_ambassador(row) for row in session.execute(query.order_by(_TABLE.c.id))]


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records became one: it is the second who is asked, or serves."""
    mine = _TABLE.c.person_id == gone
    session.execute(update(_TABLE).where(mine).values(person_id=kept))


def _ambassador(row: Any) -> Ambassador:
    return Ambassador(
        id=row.id,
        case=row.case_id,
        person_id=row.person_id,
        months=row.months,
        staff=row.staff,
        since=row.since,
        until=row.until,
    )
