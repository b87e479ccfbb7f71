"""What goes out: queued with the turn that wrote it, and found again; sending.py sends it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    Column,
    Index,
    LargeBinary,
    and_,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.messages import Option, Outgoing, Priority
from records.types import BigId, UtcDateTime
from records.vault import Vault

_KEPT = timedelta(days=180)  # domain P-16


class OutboxState(StrEnum):
    """Where a message stands; all but queued, sending and held are final."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"  # a crash left it between sent and settled, and it may not be repeated
    STOPPED = "stopped"
    HELD = "held"  # waits until the person writes: the provider would refuse it now
    PAUSED = "paused"  # waits with its campaign
    MERGED = "merged"  # went out as part of another message, named in `outer_id`


UNSETTLED = (OutboxState.QUEUED.value, OutboxState.SENDING.value)
WAITING = (OutboxState.QUEUED.value, OutboxState.HELD.value)
WITHDRAWN = "withdrawn"  # as who claimed a push that shall not be tried a second time
IS_UNSETTLED = text("state IN ('queued', 'sending')")


class OutboxRow(SQLModel, table=True):
    """One message to one chat, sealed; `dedupe_key` makes queueing it twice harmless."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "ix_outbox_due",
            "channel",
            "priority",
            "due",
            "id",
            sqlite_where=text("state = 'queued'"),
            postgresql_where=text("state = 'queued'"),
        ),
        Index(
            "ix_outbox_unsettled",
            "conversation",
            "id",
            sqlite_where=IS_UNSETTLED,
            postgresql_where=IS_UNSETTLED,
        ),
        Index(
            "ix_outbox_held",
            "conversation",
            "id",
            sqlite_where=text("state = 'held'"),
            postgresql_where=text("state = 'held'"),
        ),
        Index(
            "ix_outbox_paused",
            "conversation",
            "id",
            sqlite_where=text("state = 'paused'"),
            postgresql_where=text("state = 'paused'"),
        ),
        Index(
            "ix_outbox_uncertain",
            "id",
            sqlite_where=text("state = 'uncertain'"),
            postgresql_where=text("state = 'uncertain'"),
        ),
        Index(
            "ix_outbox_settled",
            "settled_at",
            sqlite_where=text("settled_at IS NOT NULL"),
            postgresql_where=text("settled_at IS NOT NULL"),
        ),
        Index("ix_outbox_conversation", "conversation", "id"),
        {"sqlite_autoincrement": True},  # a page knows messages by their id: none comes twice
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    channel: str = Field(max_length=20)
    chat: str = Field(max_length=180)
    conversation: str = Field(max_length=200)
    dedupe_key: str = Field(max_length=120, unique=True)
    payload: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    priority: int = 0
    state: str = Field(default=OutboxState.QUEUED.value, max_length=10)
    due: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    claimed_by: str = Field(default="", max_length=40)
    claimed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    settled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    failure: str = Field(default="", max_length=40)
    outer_id: str = Field(default="", max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    counted: int = 0  # messages of the chat's budget that it has taken; 0 = none yet


@dataclass(frozen=True, slots=True)
class NewOutgoing:
    """A message to be queued; `payload` is sealed text, options and kind."""

    channel: str
    chat: str
    dedupe_key: str
    payload: bytes
    due: datetime
    priority: int = Priority.REPLY.value


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that is now ours to send."""

    id: int
    channel: str
    chat: str
    conversation: str
    dedupe_key: str
    payload: bytes
    priority: int
    attempts: int
    created_at: datetime
    counted: int = 0  # its share of the chat's budget, taken by a claim before this one


_TABLE = OutboxRow.__table__  # type: ignore[attr-defined]


def sealed_content(
    vault: Vault,
    text: str,
    *,
    options: Sequence[Option] = (),
    kind: str = "reply",
    extra: dict[str, str] | None = None,
) -> bytes:
    """What a message says, as the payload column holds it."""
    pairs = [[option.label, option.value] for option in options]
    return vault.seal({"text": text, "options": pairs, "kind": kind, "extra": extra or {}})


def as_outgoing(row: OutboxRow | Claimed, vault: Vault) -> Outgoing:
    """The message of a row, ready for its channel."""
    content = vault.open(row.payload)
    return Outgoing(
        id=row.id or 0,
        channel=row.channel,
        chat=row.chat,
        text=content["text"],
        options=tuple(Option(label, value) for label, value in content["options"]),
        kind=content["kind"],
        priority=Priority(row.priority),
        dedupe_key=row.dedupe_key,
        extra=content["extra"],
        is_repeated=row.counted > 0 or row.attempts > 0,
    )


def enqueue(session: Session, messages: Sequence[NewOutgoing]) -> None:
    """Queue messages; one whose `dedupe_key` is known already is left as it is."""
    if messages:
        statement = insert_or_ignore(session, _TABLE)
        session.connection().execute(statement, [_new_row(m) for m in messages])


def end_address(session: Session, conversation: str, failure: str, at: datetime) -> None:
    """Nothing more can reach this chat: what waits for it has failed for the same reason."""
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.conversation == conversation, _TABLE.c.state.in_(WAITING))
        .values(state=OutboxState.FAILED.value, failure=failure, settled_at=at)
    )


def move_address(session: Session, channel: str, chat: str, new_chat: str) -> None:
    """A chat has moved: what waits for it goes to the new address."""
    session.execute(
        update(_TABLE)
        .where(_TABLE.c.conversation == f"{channel}:{chat}", IS_UNSETTLED)
        .values(chat=new_chat, conversation=f"{channel}:{new_chat}")
    )


def after(session: Session, conversation: str, last_id: int, limit: int) -> list[OutboxRow]:
    """Messages that reached a conversation after `last_id`, oldest first."""
    query = (
        select(OutboxRow)
        .where(
            _TABLE.c.conversation == conversation,
            _TABLE.c.id > last_id,
            _TABLE.c.state == OutboxState.SENT.value,
        )
        .order_by(_TABLE.c.id)
        .limit(limit)
    )
    return list(session.execute(query).scalars())


def find(session: Session, row_id: int) -> OutboxRow | None:
    """One message."""
    return session.get(OutboxRow, row_id)


def latest(session: Session, conversation: str, limit: int) -> list[OutboxRow]:
    """The last `limit` messages that reached a conversation, oldest first."""
    query = (
        select(OutboxRow)
        .where(_TABLE.c.conversation == conversation, _TABLE.c.state == OutboxState.SENT.value)
        .order_by(_TABLE.c.id.desc())
        .limit(limit)
    )
    return list(session.execute(query).scalars())[::-1]


def pushed(
    session: Session, conversations: Sequence[str], since: datetime
) -> dict[str, list[datetime]]:
    """When each of these was written to unasked since then; what failed does not count."""
    query = select(_TABLE.c.conversation, _TABLE.c.created_at).where(
        _TABLE.c.conversation.in_(conversations),
        _TABLE.c.priority == Priority.BULK.value,
        _TABLE.c.created_at >= since,
        _TABLE.c.state.not_in((OutboxState.FAILED.value, OutboxState.STOPPED.value)),
    )
    found: dict[str, list[datetime]] = {}
    for conversation, at in session.execute(query):
        found.setdefault(conversation, []).append(at)
    return found


def leaving(session: Session, conversations: Sequence[str]) -> set[str]:
    """Those of these conversations to which a reply, or anything just now, is on its way."""
    is_reply = _TABLE.c.priority <= Priority.REPLY.value
    query = select(_TABLE.c.conversation).where(
        _TABLE.c.conversation.in_(conversations),
        IS_UNSETTLED,
        or_(is_reply, _TABLE.c.state == OutboxState.SENDING.value),
    )
    return set(session.execute(query).scalars())


def waiting(session: Session) -> int:
    """How many messages are not settled yet."""
    query = select(func.count()).select_from(_TABLE).where(IS_UNSETTLED)
    return int(session.execute(query).scalar_one())


def known(session: Session, dedupe_keys: Iterable[str]) -> set[str]:
    """Those of these keys under which something was queued already."""
    query = select(_TABLE.c.dedupe_key).where(_TABLE.c.dedupe_key.in_(list(dedupe_keys)))
    return set(session.execute(query).scalars())


def counts(session: Session) -> dict[str, int]:
    """How many messages stand in each state; reads the whole table (vitals.waiting does not)."""
    query = select(_TABLE.c.state, func.count()).group_by(_TABLE.c.state)
    return {state: int(number) for state, number in session.execute(query)}


def erase(session: Session, conversation: str) -> int:
    """Remove what was said to a conversation, but for what is being sent at this moment."""
    return int(
        session.connection()
        .execute(
            delete(_TABLE).where(
                _TABLE.c.conversation == conversation, _TABLE.c.state.not_in(UNSETTLED)
            )
        )
        .rowcount
    )


def key_about(number: str, rest: str) -> str:
    """The dedupe key of a message that repeats what somebody said in a ticket."""
    return f"of:{number}:{rest}"


def about(session: Session, number: str) -> list[OutboxRow]:
    """What was written to others of a ticket."""
    query = select(OutboxRow).where(
        _TABLE.c.dedupe_key >= key_about(number, ""), _TABLE.c.dedupe_key < f"of:{number};"
    )
    return list(session.execute(query).scalars())


def erase_about(session: Session, number: str) -> None:
    """Remove what was written to others of a ticket, but for what is being sent just now."""
    first, end = key_about(number, ""), f"of:{number};"  # the sign after the colon
    session.execute(
        delete(_TABLE).where(
            _TABLE.c.dedupe_key >= first,
            _TABLE.c.dedupe_key < end,
            _TABLE.c.state != OutboxState.SENDING.value,
        )
    )


def kept_since(now: datetime) -> datetime:
    """What was over before this moment is dropped."""
    return now - _KEPT


def prune(session: Session, now: datetime) -> int:
    """Drop what was settled, or held in vain, more than half a year ago; how many."""
    before = kept_since(now)
    is_over = _TABLE.c.state.not_in((*UNSETTLED, *WAITING, OutboxState.PAUSED.value))
    is_old = _TABLE.c.created_at < before
    # Three statements, each in the words of an index: one for all would read every row.
    dropped = (
        and_(is_over, _TABLE.c.settled_at < before),
        and_(text("state = 'held'"), is_old),
        and_(text("state = 'uncertain'"), _TABLE.c.settled_at.is_(None), is_old),
    )
    connection = session.connection()
    return sum(connection.execute(delete(_TABLE).where(one)).rowcount for one in dropped)


def _new_row(message: NewOutgoing) -> dict[str, object]:
    return {
        "channel": message.channel,
        "chat": message.chat,
        "conversation": f"{message.channel}:{message.chat}",
        "dedupe_key": message.dedupe_key,
        "payload": message.payload,
        "priority": message.priority,
        "state": OutboxState.QUEUED.value,
        "due": message.due,
        "attempts": 0,
        "claimed_by": "",
        "failure": "",
        "outer_id": "",
        "created_at": message.due,
        "counted": 0,
    }
