"""Stops: accounts and phones that want no pushes; they outlive every campaign (domain M-01)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, or_, select
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert
from records.types import UtcDateTime

RESPITE = timedelta(days=365)  # of someone who does not want to return (domain G-15)


class StopReason(StrEnum):
    """Why nothing is pushed."""

    ASKED = "asked"
    NOT_RETURNING = "not_returning"  # respected for a year (domain G-15)
    CLOSED = "closed"  # the business failed


class PushStop(SQLModel, table=True):
    """No pushes to a conversation's key or a phone's fingerprint; `until` None is for good."""

    __tablename__ = "push_stop"

    target: str = Field(primary_key=True, max_length=200)
    reason: str = Field(max_length=20)
    since: datetime = Field(sa_type=UtcDateTime)
    until: datetime | None = Field(default=None, sa_type=UtcDateTime)


_TABLE = PushStop.__table__  # type: ignore[attr-defined]


def stop(
    session: Session,
    targets: Sequence[str],
    *,
    reason: StopReason,
    since: datetime,
    until: datetime | None = None,
) -> None:
    """From now on nothing is pushed to these; what was asked for never shortens to a term."""
    statement = insert(session, _TABLE)
    new = statement.excluded
    statement = statement.on_conflict_do_update(
        index_elements=["target"],
        set_={"reason": new.reason, "since": new.since, "until": new.until},
        where=or_(new.until.is_(None), _TABLE.c.until.is_not(None)),
    )
    values = {"reason": reason.value, "since": since, "until": until}
    rows = [{"target": target, **values} for target in targets if target]
    if rows:
        session.connection().execute(statement, rows)


def allow(session: Session, targets: Sequence[str]) -> None:
    """Pushes are welcome again."""
    rows = session.execute(select(PushStop).where(_TABLE.c.target.in_(targets))).scalars()
    for row in rows:
        session.delete(row)
    session.flush()


def stopped(session: Session, targets: Sequence[str], now: datetime) -> set[str]:
    """Those among `targets` that must not be pushed to now."""
    holds = or_(_TABLE.c.until.is_(None), _TABLE.c.until > now)
    query = select(_TABLE.c.target).where(_TABLE.c.target.in_(targets), holds)
    return set(session.execute(query).scalars())


def since(
    session: Session, targets: Sequence[str], now: datetime, *, but: StopReason
) -> datetime | None:
    """When one of these last said stop for a reason but this one, and it holds still."""
    holds = or_(_TABLE.c.until.is_(None), _TABLE.c.until > now)
    query = select(func.max(_TABLE.c.since)).where(
        _TABLE.c.target.in_(targets), holds, _TABLE.c.reason != but.value
    )
    return session.execute(query).scalar()
