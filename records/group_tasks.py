"""Broadcasts as tasks that stewards confirm: wanted, created there, read back, settled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, LargeBinary, and_, bindparam, case, func, select, update
from sqlmodel import Field, Session, SQLModel

from records import dialect
from records.types import BigId, Json, UtcDateTime

_MANY = 500  # rows named in one statement


class TaskState(StrEnum):
    """Where a task stands; the last five are final."""

    WANTED = "wanted"
    CREATING = "creating"  # asked of the provider, outcome not known yet
    CREATED = "created"  # waits for its steward
    CONFIRMED = "confirmed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"  # nobody confirmed it in time; cancelled there as well
    FAILED = "failed"
    EMPTY = "empty"  # everybody was left out


class TargetState(StrEnum):
    """What became of a task for one customer or group."""

    WAITING = "waiting"
    SENT = "sent"
    NOT_FRIEND = "not_friend"  # deleted the steward
    FULL = "full"  # the provider: had too many already
    OVER_QUOTA = "over_quota"  # we: would have had too many
    STOPPED = "stopped"  # said, wherever they talk to us, that they want no more
    GONE = "gone"  # dismissed, deleted, or never known
    UNREACHABLE = "unreachable"  # refused when the task was created
    UNSENT = "unsent"  # the task ended without it


class GroupTask(SQLModel, table=True):
    """One lot of a broadcast for one steward; nothing leaves before the steward confirms it."""

    __tablename__ = "group_task"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    key: str = Field(max_length=120, unique=True)  # idempotency key: the broadcast's and a number
    broadcast: str = Field(max_length=100, index=True)
    kind: str = Field(max_length=8)  # single, group
    steward: str = Field(max_length=80, index=True)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))  # text, attachments
    state: str = Field(max_length=12, index=True)
    outer_id: str = Field(default="", max_length=80)
    failure: str = Field(default="", max_length=40)
    reminded: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    is_reminder_asked: bool = False
    is_cancel_asked: bool = False
    wanted_at: datetime = Field(sa_type=UtcDateTime)
    next_at: datetime = Field(sa_type=UtcDateTime)  # when to look at it again
    tried_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    confirmed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    read_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class GroupTaskTarget(SQLModel, table=True):
    """One customer or group of a task, and what became of it."""

    __tablename__ = "group_task_target"
    __table_args__ = (Index("ix_group_task_target_target", "target", "sent_at"),)

    task_id: int = Field(sa_column=Column(BigId, primary_key=True))
    target: str = Field(primary_key=True, max_length=80)  # external_userid or chat_id
    state: str = Field(max_length=12)
    sent_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class NewTask:
    """One lot as it is wanted; `left_out` says why each of those gets nothing."""

    key: str
    broadcast: str
    kind: str
    steward: str
    sealed: bytes
    targets: tuple[str, ...]
    left_out: Mapping[str, TargetState]


@dataclass(frozen=True, slots=True)
class Had:
    """What a target has had in a period; `waiting` may still reach it in any."""

    sent: int = 0
    waiting: int = 0
    is_full: bool = False  # the provider said so, in the period


@dataclass(frozen=True, slots=True)
class Result:
    """What the provider says became of one target."""

    target: str
    state: TargetState
    sent_at: datetime | None


_TASKS = GroupTask.__table__  # type: ignore[attr-defined]
_TARGETS = GroupTaskTarget.__table__  # type: ignore[attr-defined]
_BECAME = (
    update(_TARGETS)
    .where(
        _TARGETS.c.task_id == bindparam("task"),
        _TARGETS.c.target == bindparam("who"),
        _TARGETS.c.state == TargetState.WAITING.value,
    )
    .values(state=bindparam("became"), sent_at=bindparam("at"))
)
_OPEN = (TaskState.WANTED.value, TaskState.CREATING.value, TaskState.CREATED.value)


def add(session: Session, tasks: Sequence[NewTask], now: datetime, start: datetime) -> list[int]:
    """Take down tasks that are wanted, to be created from `start` on; known keys are left."""
    added = []
    for task in tasks:
        state = TaskState.WANTED if task.targets else TaskState.EMPTY
        row = {**_task_row(task, state, now), "next_at": start}
        statement = dialect.insert(session, _TASKS).values(row)
        found = session.execute(
            statement.on_conflict_do_nothing(index_elements=["key"]).returning(_TASKS.c.id)
        ).first()
        if found is not None:
            added.append(int(found[0]))
            _add_targets(session, added[-1], task)
    return added


def had(
    session: Session, targets: Sequence[str], start: datetime, end: datetime
) -> dict[str, Had]:
    """What each of these has had from `start` to before `end`, and what still waits for it."""
    found: dict[str, Had] = {}
    here = and_(_TARGETS.c.sent_at >= start, _TARGETS.c.sent_at < end)
    counts = [
        func.sum(case((and_(_TARGETS.c.state == state.value, when), 1), else_=0))
        for state, when in (
            (TargetState.SENT, here),
            (TargetState.WAITING, _TARGETS.c.target.is_not(None)),
            (TargetState.FULL, here),
        )
    ]
    for first in range(0, len(targets), _MANY):
        some = list(targets[first : first + _MANY])
        query = select(_TARGETS.c.target, *counts).where(_TARGETS.c.target.in_(some))
        for target, sent, waiting, full in session.execute(query.group_by(_TARGETS.c.target)):
            found[target] = Had(int(sent), int(waiting), bool(full))
    return found


def sent_to(
    session: Session, targets: Sequence[str], since: datetime
) -> list[tuple[str, str, datetime]]:
    """Target, broadcast and moment of what arrived with these since then."""
    query = (
        select(_TARGETS.c.target, _TASKS.c.broadcast, _TARGETS.c.sent_at)
        .join(_TASKS, _TASKS.c.id == _TARGETS.c.task_id)
        .where(
            _TARGETS.c.target.in_(list(targets)),
            _TARGETS.c.state == TargetState.SENT.value,
            _TARGETS.c.sent_at >= since,
        )
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def find(session: Session, task_id: int) -> GroupTask | None:
    """One task."""
    return session.get(GroupTask, task_id)


def of_broadcast(session: Session, broadcast: str) -> list[GroupTask]:
    """The lots of a broadcast."""
    query = select(GroupTask).where(_TASKS.c.broadcast == broadcast).order_by(_TASKS.c.id)
    return list(session.execute(query).scalars())


def listed(session: Session, limit: int) -> list[GroupTask]:
    """The newest tasks first."""
    query = select(GroupTask).order_by(_TASKS.c.id.desc()).limit(limit)
    return list(session.execute(query).scalars())


def due(session: Session, now: datetime, limit: int = 100) -> list[GroupTask]:
    """Tasks to be looked at now: those whose creation is in doubt before all others."""
    query = (
        select(GroupTask)
        .where(_TASKS.c.state.in_(_OPEN), _TASKS.c.next_at <= now)
        .order_by(_TASKS.c.state != TaskState.CREATING.value, _TASKS.c.next_at, _TASKS.c.id)
        .limit(limit)
    )
    return list(session.execute(query).scalars())


def in_doubt(session: Session) -> set[str]:
    """Stewards with a task of which nobody knows whether it was created."""
    query = select(_TASKS.c.steward).where(_TASKS.c.state == TaskState.CREATING.value)
    return set(session.execute(query).scalars())


def known_outside(session: Session, outer_ids: Sequence[str]) -> set[str]:
    """Which of the provider's ids are those of tasks of ours."""
    query = select(_TASKS.c.outer_id).where(_TASKS.c.outer_id.in_(list(outer_ids)))
    return set(session.execute(query).scalars())


def change(session: Session, task_id: int, **values: Any) -> None:
    """Take down what became of a task."""
    session.execute(update(_TASKS).where(_TASKS.c.id == task_id).values(values))


def moments(reminded: Sequence[str]) -> list[datetime]:
    """When a task's steward was reminded."""
    return [datetime.fromisoformat(moment) for moment in reminded]


def ask(session: Session, broadcast: str, now: datetime, **what: bool) -> int:
    """Ask for something of a broadcast's open tasks; how many there are."""
    mine = and_(_TASKS.c.broadcast == broadcast, _TASKS.c.state.in_(_OPEN))
    asked = update(_TASKS).where(mine).values(next_at=now, **what).returning(_TASKS.c.id)
    return len(session.execute(asked).all())


def targets_of(
    session: Session, task_ids: Iterable[int], *states: TargetState
) -> list[GroupTaskTarget]:
    """The targets of tasks, in some states or in all."""
    query = select(GroupTaskTarget).where(_TARGETS.c.task_id.in_(list(task_ids)))
    if states:
        query = query.where(_TARGETS.c.state.in_([state.value for state in states]))
    return list(session.execute(query.order_by(_TARGETS.c.task_id, _TARGETS.c.target)).scalars())


def counts(session: Session, task_ids: Iterable[int]) -> dict[tuple[int, str], int]:
    """How many targets of each task stand in each state."""
    query = (
        select(_TARGETS.c.task_id, _TARGETS.c.state, func.count())
        .where(_TARGETS.c.task_id.in_(list(task_ids)))
        .group_by(_TARGETS.c.task_id, _TARGETS.c.state)
    )
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def keep_results(session: Session, task_id: int, results: Sequence[Result]) -> None:
    """What the provider told; what is settled already stays."""
    rows = [
        {"task": task_id, "who": one.target, "became": one.state.value, "at": one.sent_at}
        for one in results
    ]
    if rows:
        session.connection().execute(_BECAME, rows)


def lose(session: Session, target: str, now: datetime) -> None:
    """A customer or group is gone: nothing waits for it; a task for nobody else is cancelled."""
    mine = (_TARGETS.c.target == target) & (_TARGETS.c.state == TargetState.WAITING.value)
    tasks = list(session.execute(select(_TARGETS.c.task_id).where(mine)).scalars())
    session.execute(update(_TARGETS).where(mine).values(state=TargetState.GONE.value))
    waits = {
        row.task_id for row in targets_of(session, tasks, TargetState.WAITING, TargetState.SENT)
    }
    idle = and_(_TASKS.c.id.in_(set(tasks) - waits), _TASKS.c.state.in_(_OPEN))
    session.execute(update(_TASKS).where(idle).values(is_cancel_asked=True, next_at=now))


def give_up(session: Session, task_id: int, state: TargetState) -> None:
    """Nothing more will reach those who still wait."""
    mine = and_(_TARGETS.c.task_id == task_id, _TARGETS.c.state == TargetState.WAITING.value)
    session.execute(update(_TARGETS).where(mine).values(state=state.value))


def _add_targets(session: Session, task_id: int, task: NewTask) -> None:
    states = dict.fromkeys(task.targets, TargetState.WAITING) | dict(task.left_out)
    rows = [
        {"task_id": task_id, "target": target, "state": state.value, "sent_at": None}
        for target, state in states.items()
    ]
    if rows:
        session.connection().execute(_TARGETS.insert(), rows)


def _task_row(task: NewTask, state: TaskState, now: datetime) -> dict[str, Any]:
    return {
        "key": task.key,
        "broadcast": task.broadcast,
        "kind": task.kind,
        "steward": task.steward,
        "sealed": task.sealed,
        "state": state.value,
        "outer_id": "",
        "failure": "",
        "reminded": [],
        "is_reminder_asked": False,
        "is_cancel_asked": False,
        "wanted_at": now,
        "settled_at": now if state is TaskState.EMPTY else None,
    }
