"""Which conversation was told which entry: so that a withdrawn answer can be put right (J13)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Table, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Field, Session, SQLModel

from records.types import UtcDateTime

TOLD_LIFE = timedelta(days=365)  # whoever was told something longer ago has asked again since


class ToldEntry(SQLModel, table=True):
    """The last time that a conversation was answered from an entry."""

    __tablename__ = "told_entry"

    conversation: str = Field(primary_key=True, max_length=200)
    entry: str = Field(primary_key=True, max_length=120, index=True)
    told_at: datetime = Field(sa_type=UtcDateTime, index=True)


@dataclass(frozen=True, slots=True)
class Told:
    """That a conversation was answered from an entry, and when last."""

    conversation: str
    entry: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment until just before another."""

    since: datetime
    before: datetime


_TABLE = ToldEntry.__table__  # type: ignore[attr-defined]


def note(session: Session, told: Sequence[Told]) -> None:
    """Keep what some turns told, in one statement: every answer comes through here."""
    if told:
        # In one order everywhere, so that two processes never wait for each other.
        rows = {(one.conversation, one.entry): one.at for one in told}
        values = [{"conversation": c, "entry": e, "told_at": rows[c, e]} for c, e in sorted(rows)]
        connection = session.connection()
        connection.execute(_upsert(connection.dialect.name, _TABLE), values)


def of_entries(
    session: Session, entries: Sequence[str], *, within: Span, after: str, limit: int
) -> list[Told]:
    """What was told of these, whole conversations at a time, those with keys beyond `after`."""
    mine = (
        _TABLE.c.entry.in_(entries),
        _TABLE.c.told_at >= within.since,
        _TABLE.c.told_at < within.before,
        _TABLE.c.conversation > after,
    )
    keys = select(_TABLE.c.conversation).where(*mine).distinct().order_by(_TABLE.c.conversation)
    query = (
        select(_TABLE.c.conversation, _TABLE.c.entry, _TABLE.c.told_at)
        .where(*mine, _TABLE.c.conversation.in_(keys.limit(limit)))
        .order_by(_TABLE.c.conversation, _TABLE.c.told_at.desc(), _TABLE.c.entry)
    )
    return [Told(*row) for row in session.execute(query)]


def count(session: Session, entries: Sequence[str], since: datetime) -> int:
    """How many conversations were told any of these since then."""
    query = select(func.count(_TABLE.c.conversation.distinct())).where(
        _TABLE.c.entry.in_(entries), _TABLE.c.told_at >= since
    )
    return int(session.execute(query).scalar() or 0)


def last(session: Session, conversations: Sequence[str]) -> dict[tuple[str, str], datetime]:
    """When each of these conversations was last told each of its entries."""
    query = select(_TABLE.c.conversation, _TABLE.c.entry, _TABLE.c.told_at)
    rows = session.execute(query.where(_TABLE.c.conversation.in_(conversations)))
    return {(conversation, entry): at for conversation, entry, at in rows}


def erase(session: Session, conversation: str) -> None:
    """Nothing that this conversation was told is known any more."""
    session.execute(delete(_TABLE).where(_TABLE.c.conversation == conversation))


def drop(session: Session, told: Sequence[Told]) -> None:
    """That these were told leads nowhere: their conversations are not to be written to."""
    for one in told:
        mine = _TABLE.c.conversation == one.conversation
        session.execute(delete(_TABLE).where(mine, _TABLE.c.entry == one.entry))


def prune(session: Session, now: datetime) -> int:
    """Remove what was told more than a year ago; how many."""
    old = delete(_TABLE).where(_TABLE.c.told_at <= now - TOLD_LIFE)
    return int(session.connection().execute(old).rowcount)


@cache
def _upsert(dialect: str, table: Table) -> Any:
    own = sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)
    return own.on_conflict_do_update(
        index_elements=["conversation", "entry"], set_={"told_at": own.excluded.told_at}
    )
