"""Access tokens of providers, sealed and shared; one process refreshes at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, LargeBinary, Update, or_, select, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.types import UtcDateTime


class AccessToken(SQLModel, table=True):
    """One token. `key` tells whose it is; who refreshes holds it until `held_until`."""

    __tablename__ = "access_token"

    key: str = Field(primary_key=True, max_length=64)
    sealed: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    expires_at: datetime = Field(sa_type=UtcDateTime)
    holder: str = Field(default="", max_length=60)
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)


_TABLE = AccessToken.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Lease:
    """The right of one process to refresh one token, until a moment."""

    key: str
    holder: str
    until: datetime


def find(session: Session, key: str) -> bytes:
    """The sealed token; empty where there is none yet."""
    sealed = session.connection().scalar(select(_TABLE.c.sealed).where(_TABLE.c.key == key))
    return sealed or b""


def hold(session: Session, lease: Lease, known: bytes, now: datetime) -> bool:
    """Take the right to refresh; False if another has it.

    False too when the token is no longer the `known` one: somebody has refreshed it meanwhile.
    """
    fresh = {"key": lease.key, "sealed": b"", "expires_at": now, "holder": ""}
    session.connection().execute(insert_or_ignore(session, _TABLE, ["key"]).values(fresh))
    is_free = or_(_TABLE.c.held_until.is_(None), _TABLE.c.held_until <= now)
    statement = (
        update(_TABLE)
        .where(_TABLE.c.key == lease.key, _TABLE.c.sealed == known, is_free)
        .values(holder=lease.holder, held_until=lease.until)
    )
    return bool(session.connection().execute(statement).rowcount)


def keep(session: Session, lease: Lease, sealed: bytes, expires_at: datetime) -> bool:
    """Store the refreshed token and let go; False if the right had gone to another."""
    statement = _held(lease).values(
        sealed=sealed, expires_at=expires_at, holder="", held_until=None
    )
    return bool(session.connection().execute(statement).rowcount)


def let_go(session: Session, lease: Lease) -> None:
    """Give the right to refresh back, with the token as it was."""
    session.connection().execute(_held(lease).values(holder="", held_until=None))


def _held(lease: Lease) -> Update:
    return update(_TABLE).where(
        _TABLE.c.key == lease.key,
        _TABLE.c.holder == lease.holder,
        _TABLE.c.held_until == lease.until,
    )
