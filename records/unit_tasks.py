"""Tasks of units: who leads, by when or how often, and what was done with which evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, select, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.scope import stem
from records.types import BigId, UtcDateTime
from records.vault import Vault


class Rhythm(StrEnum):
    """How often a task comes back; the value is what people call it."""

    ONCE = ""
    MONTH = "每月"
    TWO_MONTHS = "每两月"
    QUARTER = "每季度"
    HALF_YEAR = "每半年"
    YEAR = "每年"


class UnitTask(SQLModel, table=True):
    """One task; `key` names the line of a plan that it comes from, with its year."""

    __tablename__ = "unit_task"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    key: str = Field(default="", max_length=40, index=True)
    area: str = Field(max_length=12, index=True)
    title: str = Field(max_length=80)
    units: str = Field(default="", max_length=160)  # as printed: who leads, who helps
    printed: str = Field(default="", max_length=40)  # the time as printed
    due_on: date | None = None
    rhythm: str = Field(default="", max_length=8)
    staff: str = Field(default="", max_length=40)  # "": whoever works for the area
    since: date
    is_dropped: bool = False
    created_at: datetime = Field(sa_type=UtcDateTime)


class TaskDone(SQLModel, table=True):
    """That a task was done for the time that ended on a day; the evidence is sealed."""

    __tablename__ = "task_done"
    __table_args__ = (Index("ix_task_done_once", "task_id", "due_on", unique=True),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    task_id: int = Field(sa_column=Column(BigId, nullable=False))
    due_on: date
    staff: str = Field(max_length=40)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task as it is told to us."""

    title: str
    area: str
    since: date
    units: str = ""
    printed: str = ""
    due_on: date | None = None
    rhythm: Rhythm = Rhythm.ONCE
    staff: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A task as it is read, with the days for which it was done."""

    number: int
    told: NewTask
    done: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Done:
    """What shows that a task was done."""

    due_on: date
    staff: str
    evidence: str
    at: datetime


_TASKS = UnitTask.__table__  # type: ignore[attr-defined]
_DONE = TaskDone.__table__  # type: ignore[attr-defined]
_TOLD = ("title", "area", "since", "units", "printed", "due_on", "staff", "key")


def add(session: Session, told: NewTask, at: datetime) -> int:
    """Store a task; its number."""
    values = {name: getattr(told, name) for name in _TOLD}
    row = UnitTask(**values, rhythm=told.rhythm.value, created_at=at)
    session.add(row)
    session.flush()
    return row.id or 0


def known(session: Session, keys: Sequence[str]) -> set[str]:
    """Those of these lines of plans that are tasks already."""
    query = select(_TASKS.c.key).where(_TASKS.c.key.in_(list(keys)))
    return set(session.execute(query).scalars())


def find(session: Session, number: int) -> Task | None:
    """One task that is not dropped."""
    found = _read(session, _TASKS.c.id == number)
    return found[0] if found else None


def of_area(session: Session, area: str) -> list[Task]:
    """The tasks of an area and of those within it."""
    if not area:
        return _read(session, _TASKS.c.area == _TASKS.c.area)
    return _read(session, _TASKS.c.area.startswith(stem(area), autoescape=True))


def hand_to(session: Session, number: int, staff: str) -> None:
    """From now on this one of the staff does it."""
    session.execute(update(_TASKS).where(_TASKS.c.id == number).values(staff=staff))


def drop(session: Session, number: int) -> None:
    """Nobody is to do it any more."""
    session.execute(update(_TASKS).where(_TASKS.c.id == number).values(is_dropped=True))


def finish(session: Session, vault: Vault, number: int, done: Done) -> bool:
    """It is done for the time that ends on a day; False where it was already."""
    once = insert_or_ignore(session, _DONE, ["task_id", "due_on"])
    row = {
        "task_id": number,
        "due_on": done.due_on,
        "staff": done.staff,
        "sealed": vault.seal(done.evidence),
        "at": done.at,
    }
    return bool(session.connection().execute(once, [row]).rowcount)


def evidence(session: Session, vault: Vault, number: int) -> list[Done]:
    """What shows that a task was done, the last first."""
    query = select(_DONE).where(_DONE.c.task_id == number).order_by(_DONE.c.due_on.desc())
    return [
        Done(row.due_on, row.staff, vault.open(row.sealed), row.at)
        for row in session.execute(query)
    ]


def _read(session: Session, wanted: Any) -> list[Task]:
    query = select(_TASKS).where(wanted, _TASKS.c.is_dropped.is_(False)).order_by(_TASKS.c.id)
    rows = session.execute(query).all()
    done: dict[int, set[date]] = {}
    days = select(_DONE.c.task_id, _DONE.c.due_on).where(
        _DONE.c.task_id.in_([row.id for row in rows])
    )
    for task, day in session.execute(days) if rows else ():
        done.setdefault(task, set()).add(day)
    return [_task(row, frozenset(done.get(row.id, ()))) for row in rows]


def _task(row: Any, done: frozenset[date]) -> Task:
    values = {name: getattr(row, name) for name in _TOLD}
    return Task(row.id, NewTask(**values, rhythm=Rhythm(row.rhythm)), done)
