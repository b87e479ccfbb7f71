"""The checklist of 返乡创业一件事: which steps a person has done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.types import UtcDateTime


class ChecklistTick(SQLModel, table=True):
    """A step that a person has done."""

    __tablename__ = "checklist_tick"

    person_id: str = Field(primary_key=True, max_length=24)
    step: str = Field(primary_key=True, max_length=16)
    at: datetime = Field(sa_type=UtcDateTime)


_TABLE = ChecklistTick.__table__  # type: ignore[attr-defined]


def tick(session: Session, person_id: str, steps: Sequence[str], at: datetime) -> None:
    """These steps are done; what was ticked before keeps its day."""
    once = insert_or_ignore(session, _TABLE, ["person_id", "step"])
    rows = [{"person_id": person_id, "step": step, "at": at} for step in steps]
    session.connection().execute(once, rows)


def untick(session: Session, person_id: str, steps: Sequence[str]) -> None:
    """These are not done after all."""
    mine = (_TABLE.c.person_id == person_id) & _TABLE.c.step.in_(list(steps))
    session.execute(delete(_TABLE).where(mine))


def done(session: Session, person_id: str) -> frozenset[str]:
    """The steps that a person has done."""
    query = select(_TABLE.c.step).where(_TABLE.c.person_id == person_id)
    return frozenset(session.execute(query).scalars())


def hand_on(session: Session, gone: str, kept: str) -> None:
    """One person had two records: what was done on either is done."""
    query = select(_TABLE.c.step, _TABLE.c.at).where(_TABLE.c.person_id == gone)
    for step, at in session.execute(query).all():
        tick(session, kept, [step], at)
    session.execute(delete(_TABLE).where(_TABLE.c.person_id == gone))
