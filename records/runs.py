"""Runs of scheduled jobs: one row a slot, so that a tick happens once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Column, UniqueConstraint, select, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.types import BigId, Json, UtcDateTime


class JobRun(SQLModel, table=True):
    """One slot of one job: who took it first, how it ended, what it counted."""

    __tablename__ = "job_run"
    __table_args__ = (UniqueConstraint("job", "slot"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    job: str = Field(max_length=40)
    slot: datetime = Field(sa_type=UtcDateTime)
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fault: str = Field(default="", max_length=80)
    counts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))


_TABLE = JobRun.__table__  # type: ignore[attr-defined]


def take_slot(session: Session, job: str, slot: datetime, now: datetime) -> bool:
    """Whether this process is the first to take the slot."""
    row = {"job": job, "slot": slot, "started_at": now, "fault": "", "counts": {}}
    statement = insert_or_ignore(session, _TABLE, ["job", "slot"]).returning(_TABLE.c.id)
    return session.connection().execute(statement, row).first() is not None


def finish(
    session: Session, job: str, slot: datetime, *, now: datetime, counts: dict[str, int]
) -> None:
    """The run ended well; what it counted."""
    _end(session, job, slot, ended_at=now, counts=counts)


def fail(session: Session, job: str, slot: datetime, *, now: datetime, fault: str) -> None:
    """The run ended with a fault; its kind, never its text."""
    _end(session, job, slot, ended_at=now, fault=fault[:80])


def last(session: Session, job: str) -> JobRun | None:
    """The newest run of a job."""
    query = select(JobRun).where(_TABLE.c.job == job).order_by(_TABLE.c.slot.desc()).limit(1)
    return session.execute(query).scalars().first()


def _end(session: Session, job: str, slot: datetime, **values: Any) -> None:
    session.execute(
        update(_TABLE).where(_TABLE.c.job == job, _TABLE.c.slot == slot).values(values)
    )
