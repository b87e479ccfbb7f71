"""What came in: stored before it is acknowledged, once, and kept until it has been answered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    LargeBinary,
    UniqueConstraint,
    bindparam,
    delete,
    func,
    select,
    text,
    tuple_,
    update,
)
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.types import BigId, UtcDateTime

AT_ONCE = 20  # messages of a conversation that are read together, so that a flood costs little


class InboundRow(SQLModel, table=True):
    """One message as it came, sealed; open until `done_at`."""

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("channel", "outer_id"),
        Index(
            "ix_inbound_open",
            "conversation",
            "sequence",
            "id",
            sqlite_where=text("done_at IS NULL"),
            postgresql_where=text("done_at IS NULL"),
        ),
        Index(
            "ix_inbound_done",
            "done_at",
            sqlite_where=text("done_at IS NOT NULL"),
            postgresql_where=text("done_at IS NOT NULL"),
        ),
        Index("ix_inbound_conversation", "conversation", "id"),
        {"sqlite_autoincrement": True},  # the replies' dedupe keys rest on the id
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    channel: str = Field(max_length=20)
    outer_id: str = Field(max_length=160)
    conversation: str = Field(max_length=200)
    sequence: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    payload: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    # Where a voice can be had from the channel, sealed; gone when it is answered (FILE_LIFE).
    file: bytes | None = Field(default=None, sa_column=Column(LargeBinary))
    sent_at: datetime = Field(sa_type=UtcDateTime)
    received_at: datetime = Field(sa_type=UtcDateTime)
    done_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    attempts: int = 0
    fault: str = Field(default="", max_length=200)


@dataclass(frozen=True, slots=True)
class NewInbound:
    """A message on its way into the store."""

    channel: str
    outer_id: str
    conversation: str
    sequence: int
    payload: bytes
    sent_at: datetime
    received_at: datetime
    file: bytes | None = None


@dataclass(frozen=True, slots=True)
class OpenMessage:
    """A stored message that waits for its answer."""

    id: int
    outer_id: str
    conversation: str
    sequence: int
    payload: bytes
    sent_at: datetime
    attempts: int
    file: bytes | None


_MOST_OPEN = 10_000  # conversations looked at together
_KEPT = timedelta(days=180)  # domain P-16
FILE_LIFE = timedelta(days=3)  # WeCom keeps what was sent no longer

_TABLE = InboundRow.__table__  # type: ignore[attr-defined]
_COLUMNS = tuple(field.name for field in fields(NewInbound))
# Statements of every message are built once: building costs more than running them.
_ORDER = (_TABLE.c.sequence, _TABLE.c.id)
_PLACES = (
    select(
        _TABLE.c.id,
        func.row_number().over(partition_by=_TABLE.c.conversation, order_by=_ORDER).label("place"),
    )
    .where(
        _TABLE.c.conversation.in_(bindparam("keys", expanding=True)), _TABLE.c.done_at.is_(None)
    )
    .subquery()
)
_OPEN = (
    select(*(_TABLE.c[field.name] for field in fields(OpenMessage)))
    .join(_PLACES, _PLACES.c.id == _TABLE.c.id)
    .where(_PLACES.c.place <= AT_ONCE)
    .order_by(_TABLE.c.conversation, *_ORDER)
)
_DONE = (
    update(_TABLE)
    .where(_TABLE.c.id.in_(bindparam("ids", expanding=True)))
    .values(done_at=bindparam("at", type_=UtcDateTime), file=None)
)


def store(session: Session, messages: Sequence[NewInbound]) -> list[bool]:
    """Store what is new; for each message True if it was, False if it is known already."""
    rows = [
        {name: getattr(m, name) for name in _COLUMNS} | {"attempts": 0, "fault": ""}
        for m in messages
    ]
    connection = session.connection()
    statement = insert_or_ignore(session, _TABLE)
    if connection.dialect.name != "sqlite":
        statement = statement.returning(_TABLE.c.channel, _TABLE.c.outer_id)
        fresh = {(row[0], row[1]) for row in connection.execute(statement, rows)}
        return [_take(fresh, (m.channel, m.outer_id)) for m in messages]
    # Half the cost of RETURNING: only where a row was left out is it asked which.
    if connection.execute(statement, rows).rowcount == len(rows):
        return [True] * len(rows)
    return [_is_ours(session, message) for message in messages]


def ids(session: Session, known: Sequence[tuple[str, str]]) -> dict[tuple[str, str], int]:
    """Channel and the channel's own id → our id, of what is stored."""
    pairs = tuple_(_TABLE.c.channel, _TABLE.c.outer_id)
    query = select(_TABLE.c.channel, _TABLE.c.outer_id, _TABLE.c.id).where(pairs.in_(known))
    return {(row[0], row[1]): row[2] for row in session.execute(query)}


def open_messages(session: Session, conversations: Sequence[str]) -> list[OpenMessage]:
    """The first `AT_ONCE` of each not yet answered, in the order of their source."""
    rows = session.connection().execute(_OPEN, {"keys": list(conversations)})
    return [OpenMessage(*row) for row in rows]


def open_conversations(session: Session, before: datetime | None = None) -> list[str]:
    """Conversations with something unanswered: what a restart or a lost wake-up left behind.

    With `before`, only where it came before that moment.
    """
    is_open = [_TABLE.c.done_at.is_(None)]
    if before is not None:
        is_open.append(_TABLE.c.received_at < before)
    query = select(_TABLE.c.conversation).where(*is_open).distinct().limit(_MOST_OPEN)
    return list(session.execute(query).scalars())


def mark_done(session: Session, ids: Sequence[int], at: datetime) -> None:
    """These messages have been answered; called in the transaction that stores the answer."""
    session.connection().execute(_DONE, {"ids": list(ids), "at": at})


def hear(session: Session, message_id: int, payload: bytes) -> bool:
    """A voice becomes what was heard, once: its file is forgotten. False if that was so before."""
    heard = session.connection().execute(
        update(_TABLE)
        .where(_TABLE.c.id == message_id, _TABLE.c.file.is_not(None), _TABLE.c.done_at.is_(None))
        .values(payload=payload, file=None)
    )
    return bool(heard.rowcount)


def forget_files(session: Session, now: datetime) -> int:
    """Drop where to find what nobody has heard in time; how many."""
    statement = (
        update(_TABLE)
        .where(
            _TABLE.c.done_at.is_(None),
            _TABLE.c.file.is_not(None),
            _TABLE.c.received_at < now - FILE_LIFE,
        )
        .values(file=None)
    )
    return int(session.connection().execute(statement).rowcount)


def find(session: Session, channel: str, conversation: str, outer_id: str) -> InboundRow | None:
    """A message of a conversation, by the channel's own id."""
    query = select(InboundRow).where(
        _TABLE.c.channel == channel,
        _TABLE.c.outer_id == outer_id,
        _TABLE.c.conversation == conversation,
    )
    return session.execute(query).scalar()


def withdraw(session: Session, row: InboundRow, payload: bytes, at: datetime) -> None:
    """A message was taken back: `payload` stands in its place, and nobody need answer it."""
    row.payload, row.file, row.done_at = payload, None, row.done_at or at
    session.flush()


def note_fault(session: Session, message_id: int, fault: str) -> None:
    """One more failed try to answer; `fault` is the kind of error, never its text."""
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.id == message_id)
        .values(attempts=_TABLE.c.attempts + 1, fault=fault[:200])
    )


def history(session: Session, conversation: str, limit: int) -> list[InboundRow]:
    """The last `limit` messages of a conversation, oldest first."""
    query = (
        select(InboundRow)
        .where(_TABLE.c.conversation == conversation)
        .order_by(_TABLE.c.id.desc())
        .limit(limit)
    )
    return list(session.execute(query).scalars())[::-1]


def heard_from(session: Session, conversations: Sequence[str]) -> dict[str, int]:
    """How many messages each of these has written to us."""
    query = select(_TABLE.c.conversation, func.count()).where(
        _TABLE.c.conversation.in_(conversations)
    )
    rows = session.execute(query.group_by(_TABLE.c.conversation))
    return {conversation: int(number) for conversation, number in rows}


def last_heard(session: Session, conversations: Sequence[str]) -> dict[str, datetime]:
    """When each of these last wrote to us."""
    query = select(_TABLE.c.conversation, func.max(_TABLE.c.received_at)).where(
        _TABLE.c.conversation.in_(conversations)
    )
    rows = session.execute(query.group_by(_TABLE.c.conversation))
    return {row[0]: row[1] for row in rows}


def prune(session: Session, now: datetime) -> int:
    """Drop what was answered half a year ago; how many."""
    old = delete(_TABLE).where(_TABLE.c.done_at < now - _KEPT)
    return int(session.connection().execute(old).rowcount)


def erase(session: Session, conversation: str) -> int:
    """Remove what a conversation said; how many messages were removed."""
    statement = delete(_TABLE).where(_TABLE.c.conversation == conversation)
    return int(session.connection().execute(statement).rowcount)


def erase_answered(session: Session, conversation: str) -> None:
    """Remove what a conversation said and has been answered."""
    session.execute(
        delete(_TABLE).where(_TABLE.c.conversation == conversation, _TABLE.c.done_at.is_not(None))
    )


def _is_ours(session: Session, message: NewInbound) -> bool:
    """Whether the stored row is this very message: no two are sealed into the same bytes."""
    query = select(_TABLE.c.payload).where(
        _TABLE.c.channel == message.channel, _TABLE.c.outer_id == message.outer_id
    )
    return bool(session.execute(query).scalar_one() == message.payload)


def _take(fresh: set[tuple[str, str]], key: tuple[str, str]) -> bool:
    # The second of two equal messages in one group is a duplicate too.
    if key in fresh:
        fresh.remove(key)
        return True
    return False
