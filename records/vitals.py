"""How the store is doing: its size, what waits in it, what failed, when each job last ran."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlmodel import Session, SQLModel

from records import runs
from records.gaps import Gap, GapState
from records.inbound import InboundRow
from records.messages import Priority
from records.outbox import IS_UNSETTLED, UNSETTLED, OutboxRow, OutboxState
from records.runs import JobRun
from records.store_clock import moment

RECENT = timedelta(days=1)
KINDS = ("awaited", "bulk")
_OUTBOX, _INBOUND = OutboxRow.__table__, InboundRow.__table__  # type: ignore[attr-defined]
_GAPS, _RUNS = Gap.__table__, JobRun.__table__  # type: ignore[attr-defined]
_NOT_LEFT = (OutboxState.QUEUED, OutboxState.SENDING, OutboxState.HELD, OutboxState.PAUSED)
WATCHED = (*_NOT_LEFT, OutboxState.UNCERTAIN)  # what somebody may have to see to
_A_COMMIT = 1 << 20  # bytes; many messages share one
_LOOKED_AT = 20_000  # newest messages among which failures are counted


@dataclass(frozen=True, slots=True)
class Size:
    """Bytes of the database, and free on its disk (None where it lies elsewhere)."""

    used: int
    free: int | None

    @property
    def is_full(self) -> bool:
        """Whether too little is free for what one commit may take."""
        return self.free is not None and self.free < _A_COMMIT


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a channel did not take messages in the last day, and how often."""

    channel: str
    failure: str
    count: int


def ahead(session: Session, now: datetime) -> float:
    """Seconds by which who says `now` is ahead of the database's server; 0 where it has none."""
    if session.connection().dialect.name == "sqlite":
        return 0.0
    return (now - moment(session)).total_seconds()


def waiting(session: Session) -> dict[str, int]:
    """Messages that have not left, by state."""
    counted = {state.value: _number(session, state) for state in _NOT_LEFT}
    return {state: count for state, count in counted.items() if count}


def watched(session: Session) -> dict[str, int]:
    """Messages by each state of `WATCHED`; no other is counted without reading the whole table."""
    return {state.value: _number(session, state) for state in WATCHED}


def _number(session: Session, state: OutboxState) -> int:
    is_so = [text(f"state = '{state}'")]  # in the words of the partial indexes
    if state.value in UNSETTLED:
        is_so.append(IS_UNSETTLED)
    query = select(func.count()).select_from(_OUTBOX).where(*is_so)
    return int(session.execute(query).scalar_one())


def unanswered(session: Session) -> tuple[int, datetime | None]:
    """Messages of people that nobody has answered yet, and the oldest of them."""
    query = select(func.count(), func.min(_INBOUND.c.received_at))
    row = session.execute(query.where(_INBOUND.c.done_at.is_(None))).one()
    return int(row[0]), row[1]


def overdue(session: Session, now: datetime) -> dict[str, datetime]:
    """Since when the oldest message has been due that nobody took, by whether somebody waits."""
    due = (text("state = 'queued'"), _OUTBOX.c.due <= now)
    awaited = _OUTBOX.c.priority <= Priority.NOTICE.value
    found = {}
    for kind, is_it in zip(KINDS, (awaited, ~awaited), strict=True):
        query = select(func.min(_OUTBOX.c.due)).where(*due, is_it)
        since = session.execute(query).scalar()
        if since is not None:
            found[kind] = since
    return found


def open_gaps(session: Session) -> int:
    """Questions that have no answer yet."""
    query = select(func.count()).where(_GAPS.c.state == GapState.OPEN.value)
    return int(session.execute(query).scalar_one())


def refusals(session: Session, now: datetime) -> list[Refusal]:
    """What channels did not take within a day, of the newest messages."""
    newest = int(session.execute(select(func.max(_OUTBOX.c.id))).scalar() or 0)
    query = (
        select(_OUTBOX.c.channel, _OUTBOX.c.failure, func.count())
        .where(
            _OUTBOX.c.id > newest - _LOOKED_AT,
            _OUTBOX.c.state == OutboxState.FAILED.value,
            _OUTBOX.c.settled_at >= now - RECENT,
        )
        .group_by(_OUTBOX.c.channel, _OUTBOX.c.failure)
        .order_by(func.count().desc())
    )
    return [Refusal(*row) for row in session.execute(query)]


def jobs(session: Session) -> list[JobRun]:
    """The newest run of each job that was begun."""
    found, after = [], ""
    following = select(func.min(_RUNS.c.job))  # a step of the index for each, not every run
    while after := session.execute(following.where(_RUNS.c.job > after)).scalar() or "":
        found.append(runs.last(session, after))
    return [one for one in found if one is not None]


def rows(session: Session) -> dict[str, int]:
    """How many rows each table has."""
    tables = SQLModel.metadata.sorted_tables
    counted = (
        (one.name, session.execute(select(func.count()).select_from(one))) for one in tables
    )
    return {str(name): int(found.scalar_one()) for name, found in counted}


def beat(session: Session) -> str:
    """Another one whenever a job begins or ends."""
    under_way = select(func.count()).select_from(_RUNS).where(text("state = 'running'"))
    newest = session.execute(select(func.max(_RUNS.c.id))).scalar()
    return f"{newest} {session.execute(under_way).scalar_one()}"


def touch(session: Session) -> None:
    """Take the writer's turn; on an embedded database also its room, and change nothing.

    A transaction that writes nothing succeeds on a full disk.
    """
    connection = session.connection()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("PRAGMA user_version = 0")  # nobody's number: as it was


def size(session: Session) -> Size:
    """How large the database is."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        used = connection.execute(text("SELECT pg_database_size(current_database())"))
        return Size(int(used.scalar_one()), None)
    pages = int(connection.execute(text("PRAGMA page_count")).scalar_one())
    each = int(connection.execute(text("PRAGMA page_size")).scalar_one())
    file = connection.engine.url.database
    folder = Path(file).resolve().parent if file and file != ":memory:" else None
    return Size(pages * each, shutil.disk_usage(folder).free if folder else None)
