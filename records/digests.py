"""Several messages that wait for one person, put into one that leaves (records/caps.py lets them).

What went inside is kept as merged, with the number of the message that it left in, and stands as
that one does; where that one certainly did not leave, it waits by itself again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, or_, select, update
from sqlmodel import Session

from records.messages import Priority
from records.outbox import Claimed, OutboxRow, OutboxState
from records.waits import OF_THE_GATE, Wait

UNREACHED = ("blocked_by_person", "bad_address")  # as a failure: nothing arrives there any more

_TABLE = OutboxRow.__table__  # type: ignore[attr-defined]
_DOUBTFUL = ("uncertain", "unreadable_answer", "repeatable")  # it may have left
_ENDED = (OutboxState.FAILED.value, OutboxState.STOPPED.value)
_FEW = 9
_FRESH = timedelta(minutes=30)  # due for less than so long, it has not waited
_CAMPAIGN = "camp/%"  # waits without words, which are made when it leaves


def waiting(session: Session, conversations: Sequence[str], now: datetime) -> list[Claimed]:
    """What has waited unasked for these, or waits for a later day, and was not tried yet.

    What is due just now is not among it: it has its own turn, as it was written.
    """
    query = (
        select(*(_TABLE.c[each.name] for each in fields(Claimed)))
        .where(
            _TABLE.c.conversation.in_(conversations),
            _TABLE.c.state == OutboxState.QUEUED.value,
            _TABLE.c.priority == Priority.BULK.value,
            or_(_TABLE.c.due <= now - _FRESH, _TABLE.c.failure.in_(OF_THE_GATE)),
            _TABLE.c.attempts == 0,
            _TABLE.c.counted == 0,
        )
        .order_by(_TABLE.c.id)
        .with_for_update(skip_locked=True)
    )
    return [Claimed(*row) for row in session.execute(query)]


def merge(
    session: Session, head: Claimed, payload: bytes, inside: Mapping[int, bytes], now: datetime
) -> None:
    """The head says this now; the others left inside it, each with its own words kept.

    Whatever account they waited for, from now on they belong to the head's.
    """
    session.execute(update(_TABLE).where(_TABLE.c.id == head.id).values(payload=payload))
    for row_id, words in inside.items():
        values = {
            "state": OutboxState.MERGED.value,
            "channel": head.channel,
            "chat": head.chat,
            "conversation": head.conversation,
            "outer_id": str(head.id),
            "payload": words,
            "settled_at": now,
            "failure": "",
        }
        session.execute(update(_TABLE).where(_TABLE.c.id == row_id).values(**values))


def let_go(session: Session, tried: Mapping[int, bool]) -> None:
    """What went inside those of these messages that certainly did not leave waits again.

    `tried` says of each whether its last end counted as a try. After more than one it may have
    arrived by one before: it goes again as it was, or ends.
    """
    columns = (_TABLE.c.state, _TABLE.c.failure, _TABLE.c.attempts, _TABLE.c.counted)
    query = select(_TABLE.c.id, _TABLE.c.conversation, *columns).where(_TABLE.c.id.in_(tried))
    for row in session.execute(query).all() if tried else ():
        is_over = row.state in _ENDED and row.failure not in UNREACHED
        is_waiting = row.state == OutboxState.QUEUED.value and row.counted == 0
        is_certain = row.attempts <= int(tried[row.id]) and row.failure not in _DOUBTFUL
        if is_certain and (is_over or is_waiting):
            free(session, row.conversation, row.id)


def free(session: Session, conversation: str, head: int) -> None:
    """What went inside a message waits by itself again."""
    is_campaign = _TABLE.c.dedupe_key.like(_CAMPAIGN)
    inside = _inside(conversation, head)
    freed = session.connection().execute(
        update(_TABLE)
        .where(*inside)
        .values(
            state=OutboxState.QUEUED.value,
            outer_id="",
            failure=Wait.CAPPED.value,
            settled_at=None,
            payload=case((is_campaign, b""), else_=_TABLE.c.payload),
        )
    )
    if freed.rowcount:
        mine = (_TABLE.c.id == head, is_campaign, _TABLE.c.state == OutboxState.QUEUED.value)
        session.execute(update(_TABLE).where(*mine).values(payload=b""))


def hand_on(session: Session, conversation: str, heads: Sequence[int], head: int) -> None:
    """What went inside those messages goes inside this one, in which they went or go again."""
    query = update(_TABLE).where(
        _TABLE.c.conversation == conversation,
        _TABLE.c.state == OutboxState.MERGED.value,
        _TABLE.c.outer_id.in_([str(each) for each in heads]),
    )
    if heads:
        session.execute(query.values(outer_id=str(head)))


def is_empty(session: Session, conversation: str, head: int) -> bool:
    """Whether nothing is inside a message, or no longer."""
    query = select(_TABLE.c.id).where(*_inside(conversation, head)).limit(1)
    return session.execute(query).first() is None


def last_with_others(session: Session, conversation: str) -> list[OutboxRow]:
    """The last messages of this conversation in which others left, the newest first."""
    inside = (_TABLE.c.conversation == conversation, _TABLE.c.state == OutboxState.MERGED.value)
    outer = session.execute(select(_TABLE.c.outer_id).where(*inside)).scalars()
    ids = {int(name) for name in outer if name.isdigit()}
    query = select(OutboxRow).where(_TABLE.c.id.in_(ids), _TABLE.c.state.in_(_LEFT))
    return list(session.execute(query.order_by(_TABLE.c.id.desc()).limit(_FEW)).scalars())


def opened(session: Session, conversation: str, row_id: int) -> list[OutboxRow]:
    """A message of this conversation that left, with its later parts; [] where there is none."""
    row = session.get(OutboxRow, row_id)
    is_theirs = row is not None and row.conversation == conversation
    if row is None or not is_theirs or row.state not in _LEFT:
        return []
    query = select(OutboxRow).where(
        _TABLE.c.conversation == conversation,
        _TABLE.c.dedupe_key.startswith(f"{row.dedupe_key}/", autoescape=True),
        _TABLE.c.state.in_(_LEFT),
    )
    parts = session.execute(query.order_by(_TABLE.c.id)).scalars()
    return [row, *(part for part in parts if part.dedupe_key.rpartition("/")[2].isdigit())]


_LEFT = (OutboxState.SENT.value, OutboxState.MERGED.value, OutboxState.SENDING.value)


def _inside(conversation: str, head: int) -> tuple[ColumnElement[bool], ...]:
    return (
        _TABLE.c.conversation == conversation,
        _TABLE.c.state == OutboxState.MERGED.value,
        _TABLE.c.outer_id == str(head),
    )
