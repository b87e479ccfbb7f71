"""Runs of scheduled jobs: one row a slot, so that a slot is run once, and by one at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    UniqueConstraint,
    bindparam,
    delete,
    exists,
    or_,
    select,
    text,
    update,
)
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert
from records.types import BigId, Json, UtcDateTime

LEASE = timedelta(minutes=2)  # longer than whoever runs a slot may be silent about it
DIED = "died"  # the fault of a run whose process was killed
MOST_TRIES = 3
REST = timedelta(minutes=5)  # before a slot that failed is tried again
_KEPT = timedelta(days=400)
_KEPT_DONE = timedelta(days=31)
_RUNNING = text("state = 'running'")


class State(StrEnum):
    """How it went with a slot."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    DROPPED = "dropped"  # `fault` says why: late, newer
    SEEN = "seen"  # the moment from which on a new job's slots count


class JobRun(SQLModel, table=True):
    """One slot of one job: who runs it until when, how it ended, what it counted."""

    __tablename__ = "job_run"
    __table_args__ = (
        UniqueConstraint("job", "slot"),
        Index(  # the store itself sees to it that a job runs once at a time
            "ix_job_run_running",
            "job",
            unique=True,
            sqlite_where=_RUNNING,
            postgresql_where=_RUNNING,
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    job: str = Field(max_length=40)
    slot: datetime = Field(sa_type=UtcDateTime)
    started_at: datetime = Field(sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    fault: str = Field(default="", max_length=80)
    counts: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    state: str = Field(
        default=State.DONE.value, max_length=10, sa_column_kwargs={"server_default": "done"}
    )
    owner: str = Field(default="", max_length=40, sa_column_kwargs={"server_default": ""})
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int = Field(default=1, sa_column_kwargs={"server_default": "1"})
    is_by_hand: bool = Field(default=False, sa_column_kwargs={"server_default": text("false")})


@dataclass(frozen=True, slots=True)
class Taken:
    """A slot that is ours to run."""

    job: str
    slot: datetime
    owner: str


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows of a job's slots: the last that was seen to, and those that failed.

    `last` None: nothing was ever seen to. `failed` are those that may be tried again now.
    """

    last: datetime | None
    failed: tuple[datetime, ...]
    is_running: bool


def _moment(name: str) -> Any:
    return bindparam(name, type_=UtcDateTime)


# Built once: all jobs are asked after every few seconds, and building costs more than running.
_TABLE = JobRun.__table__  # type: ignore[attr-defined]
_MINE = _TABLE.c.job == bindparam("b_job")
_BY_CLOCK = (_MINE, _TABLE.c.is_by_hand.is_(False), _TABLE.c.slot <= _moment("b_now"))
_NEWEST = select(_TABLE.c.slot).where(*_BY_CLOCK).order_by(_TABLE.c.slot.desc()).limit(1)
_LEASE_OF = select(_TABLE.c.lease_until).where(_MINE, _RUNNING)
_FAILED = select(_TABLE.c.slot).where(
    *_BY_CLOCK,
    _TABLE.c.slot >= _moment("b_since"),
    _TABLE.c.tries < MOST_TRIES,
    or_(
        (_TABLE.c.state == State.FAILED.value)
        & or_(_TABLE.c.fault == DIED, _TABLE.c.ended_at <= _moment("b_rested")),
        (_TABLE.c.state == State.RUNNING.value) & (_TABLE.c.lease_until <= _moment("b_now")),
    ),
)


class SlotLost(Exception):
    """Somebody else has the slot meanwhile: what was done in this transaction is not kept."""


def known(session: Session, job: str, now: datetime, *, since: datetime) -> Known:
    """Where a job stands; failed slots are looked for since a moment."""
    asked = {"b_job": job, "b_now": now, "b_since": since, "b_rested": now - REST}
    connection = session.connection()
    lease = connection.execute(_LEASE_OF, asked).scalar()
    return Known(
        last=connection.execute(_NEWEST, asked).scalar(),
        failed=tuple(connection.execute(_FAILED, asked).scalars()),
        is_running=lease is not None and lease > now,
    )


def take_slot(
    session: Session,
    job: str,
    slot: datetime,
    now: datetime,
    *,
    owner: str = "",
    is_by_hand: bool = False,
) -> bool:
    """Whether the slot is ours to run: nobody has run it, nobody runs another of the job now.

    One that failed, or whose process died, may be taken again. `owner` is another each time.
    """
    _wait_for_others(session, job)
    _end_the_dead(session, job, now)
    ours = {
        "started_at": now,
        "ended_at": None,
        "fault": "",
        "state": State.RUNNING.value,
        "owner": owner,
        "lease_until": now + LEASE,
    }
    connection = session.connection()
    others = select(_TABLE.c.id).where(_TABLE.c.job == job, _RUNNING)
    if connection.execute(others).first() is not None:
        return False
    again = update(_TABLE).where(
        _TABLE.c.job == job,
        _TABLE.c.slot == slot,
        _TABLE.c.state == State.FAILED.value,
        _TABLE.c.tries < MOST_TRIES,
    )
    if connection.execute(again.values(**ours, tries=_TABLE.c.tries + 1)).rowcount:
        return True
    new = insert(session, _TABLE).on_conflict_do_nothing()  # of whichever of the two constraints
    row: dict[str, Any] = {**ours, "job": job, "slot": slot, "counts": {}, "tries": 1}
    row["is_by_hand"] = is_by_hand
    return connection.execute(new.returning(_TABLE.c.id), row).first() is not None


def renew(session: Session, taken: Taken, now: datetime) -> bool:
    """Whoever runs the slot is alive; False if the slot is somebody else's meanwhile."""
    return _change(session, taken, lease_until=now + LEASE)


def finish(session: Session, taken: Taken, *, now: datetime, counts: dict[str, int]) -> None:
    """The run ended well; what it counted. SlotLost if it took too long and another has it."""
    if not _change(session, taken, state=State.DONE.value, ended_at=now, counts=counts):
        raise SlotLost


def fail(session: Session, taken: Taken, *, now: datetime, fault: str) -> None:
    """The run ended with a fault; its kind, never its text."""
    _change(session, taken, state=State.FAILED.value, ended_at=now, fault=fault[:80])


def pass_over(
    session: Session, job: str, slots: Sequence[tuple[datetime, str]], now: datetime
) -> int:
    """These slots are not run, for a reason in one word; how many that is new of."""
    rows = [_over(job, slot, State.DROPPED, why, now) for slot, why in slots]
    new = insert(session, _TABLE).on_conflict_do_nothing()
    return sum(session.connection().execute(new, row).rowcount for row in rows)


def see(session: Session, job: str, now: datetime) -> None:
    """A job is new: what came before this moment was not missed."""
    new = insert(session, _TABLE).on_conflict_do_nothing()
    session.connection().execute(new, _over(job, now, State.SEEN, "", now))


def last(session: Session, job: str) -> JobRun | None:
    """The newest run of a job that was begun, by the clock or by hand."""
    is_run = _TABLE.c.state.not_in((State.DROPPED.value, State.SEEN.value))
    query = select(JobRun).where(_TABLE.c.job == job, is_run).order_by(_TABLE.c.slot.desc())
    return session.execute(query.limit(1)).scalars().first()


def latest(session: Session, job: str, limit: int) -> list[JobRun]:
    """The newest slots of a job, whatever came of them."""
    query = select(JobRun).where(_TABLE.c.job == job).order_by(_TABLE.c.slot.desc()).limit(limit)
    return list(session.execute(query).scalars())


def troubled(session: Session, job: str, limit: int) -> list[JobRun]:
    """The newest slots that failed or were dropped."""
    is_trouble = _TABLE.c.state.in_((State.FAILED.value, State.DROPPED.value))
    query = select(JobRun).where(_TABLE.c.job == job, is_trouble).order_by(_TABLE.c.slot.desc())
    return list(session.execute(query.limit(limit)).scalars())


def prune(session: Session, now: datetime) -> int:
    """Drop old runs, those that went well sooner, never the newest of a job; how many."""
    newer = _TABLE.alias("newer")
    has_newer = exists().where(newer.c.job == _TABLE.c.job, newer.c.slot > _TABLE.c.slot)
    is_well = _TABLE.c.state == State.DONE.value
    old = or_(_TABLE.c.slot < now - _KEPT, is_well & (_TABLE.c.slot < now - _KEPT_DONE))
    return int(session.connection().execute(delete(_TABLE).where(old, has_newer)).rowcount)


def _wait_for_others(session: Session, job: str) -> None:
    """One takes a slot of the job at a time, until its commit; SQLite has one writer as it is."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        lock = text("SELECT pg_advisory_xact_lock(hashtext(:job))")
        connection.execute(lock, {"job": f"job {job}"})


def _end_the_dead(session: Session, job: str, now: datetime) -> None:
    """A run of which nobody has heard for the length of a lease has died."""
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.job == job, _RUNNING, _TABLE.c.lease_until <= now)
        .values(state=State.FAILED.value, fault=DIED, ended_at=_TABLE.c.lease_until)
    )


def _change(session: Session, taken: Taken, **values: Any) -> bool:
    mine = (_TABLE.c.job == taken.job, _TABLE.c.slot == taken.slot, _RUNNING)
    changed = update(_TABLE).where(*mine, _TABLE.c.owner == taken.owner).values(values)
    return bool(session.connection().execute(changed).rowcount)


def _over(job: str, slot: datetime, state: State, why: str, now: datetime) -> dict[str, Any]:
    return {
        "job": job,
        "slot": slot,
        "started_at": now,
        "ended_at": now,
        "fault": why,
        "counts": {},
        "state": state.value,
        "owner": "",
        "tries": 0,
        "is_by_hand": False,
    }
