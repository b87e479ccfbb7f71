"""How far a provider's message store has been read, per account; one process reads at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.types import UtcDateTime


class PullCursor(SQLModel, table=True):
    """One account of one channel; `cursor` is the provider's, opaque to us."""

    __tablename__ = "pull_cursor"

    account: str = Field(primary_key=True, max_length=120)  # channel:account
    cursor: str = Field(default="", max_length=200)
    holder: str = Field(default="", max_length=60)
    held_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)


_TABLE = PullCursor.__table__  # type: ignore[attr-defined]


def hold(
    session: Session, account: str, holder: str, *, until: datetime, now: datetime
) -> str | None:
    """Begin to read an account: its cursor, "" at the very first; None while another reads it."""
    new = {"account": account, "cursor": "", "holder": "", "updated_at": now}
    session.connection().execute(insert_or_ignore(session, _TABLE, ["account"]), [new])
    is_free = or_(
        _TABLE.c.holder.in_(("", holder)),
        _TABLE.c.held_until.is_(None),
        _TABLE.c.held_until <= now,
    )
    held = session.execute(
        update(_TABLE)
        .where(_TABLE.c.account == account, is_free)
        .values(holder=holder, held_until=until)
        .returning(_TABLE.c.cursor)
    ).first()
    return None if held is None else str(held[0])


def advance(
    session: Session, account: str, holder: str, cursor: str, *, until: datetime, now: datetime
) -> bool:
    """A page was stored: read on from here. False if another has taken the account over."""
    moved = session.execute(
        update(_TABLE)
        .where(_TABLE.c.account == account, _TABLE.c.holder == holder)
        .values(cursor=cursor, held_until=until, updated_at=now)
        .returning(_TABLE.c.account)
    ).first()
    return moved is not None


def release(session: Session, account: str, holder: str) -> None:
    """Let the next reader begin at once."""
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.account == account, _TABLE.c.holder == holder)
        .values(holder="", held_until=None)
    )


def free(session: Session, accounts: Sequence[str]) -> None:
    """Nobody reads these: what a process that is no more still held is let go."""
    session.execute(
        update(_TABLE).where(_TABLE.c.account.in_(accounts)).values(holder="", held_until=None)
    )


def cursor_of(session: Session, account: str) -> str:
    """How far an account has been read; "" for not at all."""
    query = select(_TABLE.c.cursor).where(_TABLE.c.account == account)
    return session.execute(query).scalar() or ""
