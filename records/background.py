"""Work that takes longer than a page may: asked for, done by whoever is free, its end kept."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    Column,
    Index,
    LargeBinary,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlmodel import Field, Session, SQLModel

from records.types import BigId, Json, UtcDateTime
from records.vault import Vault

LEASE = timedelta(seconds=40)  # longer than whoever does it may be silent about it
MOST_TRIES = 3
KEPT = timedelta(days=3 * 365 + 1)  # what left the house is known for three years (P-17)
_DIED = "做到一半断了几次，没有做成。请再试一次，还不行就找管理员。"


class WorkState(StrEnum):
    """Where it stands; the last three are final."""

    HELD = "held"  # waits for another person's word
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_OPEN = (WorkState.HELD.value, WorkState.WAITING.value, WorkState.RUNNING.value)
_IS_DUE = text("state IN ('waiting', 'running')")


class BackgroundWork(SQLModel, table=True):
    """One piece of work; `sealed` is what it is asked to do, `outcome` counts what came of it."""

    __tablename__ = "background_work"
    __table_args__ = (
        Index("ix_background_work_due", "id", sqlite_where=_IS_DUE, postgresql_where=_IS_DUE),
        Index("ix_background_work_by", "by", "kind", "id"),
        {"sqlite_autoincrement": True},  # the number stands in files that have left
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    kind: str = Field(max_length=24)
    by: str = Field(max_length=40)
    area: str = Field(default="", max_length=24)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    state: str = Field(default=WorkState.WAITING.value, max_length=10)
    done: int = 0
    total: int = 0  # 0: not known
    said: str = Field(default="", max_length=200)  # why it failed, for who asked
    outcome: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    rows: int = 0  # rows with people that were counted when it was asked for
    permit: int = Field(default=0, sa_type=BigId, index=True)
    owner: str = Field(default="", max_length=40)
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    tries: int = 0
    created_at: datetime = Field(sa_type=UtcDateTime, index=True)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    taken_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # its file, first

    @property
    def number(self) -> int:
        """As staff and files call it."""
        assert self.id is not None
        return self.id

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.state not in _OPEN


@dataclass(frozen=True, slots=True)
class NewWork:
    """A piece of work that is asked for; `asked` is kept sealed."""

    kind: str
    by: str
    asked: Mapping[str, Any] = field(default_factory=dict)
    area: str = ""
    rows: int = 0
    permit: int = 0
    is_held: bool = False


_TABLE = BackgroundWork.__table__  # type: ignore[attr-defined]


def add(session: Session, vault: Vault, new: NewWork, at: datetime) -> int:
    """Ask for it; its number."""
    row = BackgroundWork(
        kind=new.kind,
        by=new.by,
        area=new.area,
        sealed=vault.seal(dict(new.asked)),
        state=(WorkState.HELD if new.is_held else WorkState.WAITING).value,
        rows=new.rows,
        permit=new.permit,
        created_at=at,
    )
    session.add(row)
    session.flush()
    return row.number


def asked(vault: Vault, row: BackgroundWork) -> dict[str, Any]:
    """What it is asked to do."""
    found: dict[str, Any] = vault.open(row.sealed)
    return found


def find(session: Session, number: int) -> BackgroundWork | None:
    """The work of this number, as it stands."""
    return session.get(BackgroundWork, number, populate_existing=True)


def of(
    session: Session, by: str, kinds: Collection[str], *, before: int | None = None, most: int = 20
) -> list[BackgroundWork]:
    """What somebody asked for of these kinds, the newest first; `before` pages on."""
    mine = select(BackgroundWork).where(_TABLE.c.by == by, _TABLE.c.kind.in_(kinds))
    if before is not None:
        mine = mine.where(_TABLE.c.id < before)
    return list(session.execute(mine.order_by(_TABLE.c.id.desc()).limit(most)).scalars())


def by_permits(session: Session, permits: Collection[int]) -> dict[int, BackgroundWork]:
    """The work that waits for each of these permits."""
    query = select(BackgroundWork).where(_TABLE.c.permit.in_(permits))
    return {row.permit: row for row in session.execute(query).scalars()}


def rows_alone(session: Session, by: str, kind: str, since: datetime) -> int:
    """Rows with people that somebody had made for them since then without another's word."""
    query = select(func.coalesce(func.sum(_TABLE.c.rows), 0)).where(
        _TABLE.c.by == by,
        _TABLE.c.kind == kind,
        _TABLE.c.created_at >= since,
        _TABLE.c.permit == 0,
        _TABLE.c.state.not_in((WorkState.FAILED.value, WorkState.CANCELLED.value)),
    )
    return int(session.execute(query).scalar_one())


def due(session: Session, now: datetime, most: int) -> list[int]:
    """What waits to be done, or whose process has died; the oldest first."""
    query = select(_TABLE.c.id).where(_IS_DUE, _is_free(now)).order_by(_TABLE.c.id).limit(most)
    return list(session.execute(query).scalars())


def claim(session: Session, number: int, owner: str, now: datetime) -> BackgroundWork | None:
    """The work, if it is ours to do now; None where another has it or it died too often."""
    dead = and_(_TABLE.c.id == number, _is_free(now), _TABLE.c.tries >= MOST_TRIES)
    over = {"state": WorkState.FAILED.value, "said": _DIED, "ended_at": now}
    session.execute(update(_TABLE).where(dead).values(over))
    ours = {
        "state": WorkState.RUNNING.value,
        "owner": owner,
        "lease_until": now + LEASE,
        "tries": _TABLE.c.tries + 1,
    }
    taken = update(_TABLE).where(_TABLE.c.id == number, _is_free(now)).values(ours)
    return find(session, number) if session.connection().execute(taken).rowcount else None


def tell(
    session: Session, number: int, owner: str, *, done: int, total: int, now: datetime
) -> bool:
    """How far it is, and that it is alive; False where it is not ours any more.

    It never goes back; who gets further than anybody before has all tries again.
    """
    is_further = _TABLE.c.done < done
    values = {
        "done": case((is_further, done), else_=_TABLE.c.done),
        "tries": case((is_further, 1), else_=_TABLE.c.tries),
        "total": total,
        "lease_until": now + LEASE,
    }
    return _set(session, number, owner, values)


def renew(session: Session, number: int, owner: str, now: datetime) -> bool:
    """It is alive; False where it is not ours any more."""
    return _set(session, number, owner, {"lease_until": now + LEASE})


def finish(
    session: Session, number: int, owner: str, *, outcome: Mapping[str, Any], at: datetime
) -> bool:
    """It is done; False where it was not ours any more, and nothing of it counts."""
    values = {"state": WorkState.DONE.value, "outcome": dict(outcome), "ended_at": at}
    return _set(session, number, owner, {**values, "done": _TABLE.c.total})


def keep(session: Session, number: int, outcome: Mapping[str, Any]) -> None:
    """What came of it so far, in the transaction of a step; who goes on after a kill finds it."""
    session.execute(update(_TABLE).where(_TABLE.c.id == number).values(outcome=dict(outcome)))


def fail(session: Session, number: int, owner: str, *, said: str, at: datetime) -> bool:
    """It cannot be done; `said` is for who asked."""
    values = {"state": WorkState.FAILED.value, "said": said[:200], "ended_at": at}
    return _set(session, number, owner, values)


def give_back(
    session: Session, number: int, owner: str, at: datetime, *, is_put_down: bool
) -> bool:
    """Somebody else may go on with it; `is_put_down`: nothing went wrong, it was only put down."""
    tries = _TABLE.c.tries - 1 if is_put_down else _TABLE.c.tries
    return _set(session, number, owner, {"owner": "", "lease_until": at, "tries": tries})


def release(session: Session, number: int) -> bool:
    """It need not wait for anybody's word any longer."""
    held = and_(_TABLE.c.id == number, _TABLE.c.state == WorkState.HELD.value)
    change = update(_TABLE).where(held).values(state=WorkState.WAITING.value)
    return bool(session.connection().execute(change).rowcount)


def cancel(session: Session, number: int, by: str, *, said: str = "", at: datetime) -> bool:
    """Who asked does not want it any more; False where it was over."""
    mine = and_(_TABLE.c.id == number, _TABLE.c.by == by, _TABLE.c.state.in_(_OPEN))
    values = {"state": WorkState.CANCELLED.value, "said": said[:200], "ended_at": at}
    return bool(session.connection().execute(update(_TABLE).where(mine).values(values)).rowcount)


def note_taken(session: Session, number: int, at: datetime) -> None:
    """Its file was fetched."""
    first = and_(_TABLE.c.id == number, _TABLE.c.taken_at.is_(None))
    session.execute(update(_TABLE).where(first).values(taken_at=at))


def prune(session: Session, now: datetime) -> int:
    """Drop what was asked for more than three years ago; how many."""
    is_old = _TABLE.c.created_at < now - KEPT
    return int(session.connection().execute(delete(_TABLE).where(is_old)).rowcount)


def _is_free(now: datetime) -> Any:
    is_dead = and_(_TABLE.c.state == WorkState.RUNNING.value, _TABLE.c.lease_until <= now)
    return or_(_TABLE.c.state == WorkState.WAITING.value, is_dead)


def _set(session: Session, number: int, owner: str, values: Mapping[str, Any]) -> bool:
    ours = and_(
        _TABLE.c.id == number,
        _TABLE.c.owner == owner,
        _TABLE.c.state == WorkState.RUNNING.value,
    )
    return bool(session.connection().execute(update(_TABLE).where(ours).values(values)).rowcount)
