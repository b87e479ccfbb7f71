"""Several messages that wait for one person, put into one that leaves (records/caps.py lets them).

What went inside is kept as merged, with the number of the message that it left in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlmodel import Session

from records.messages import Priority
from records.outbox import Claimed, OutboxRow, OutboxState

_TABLE = OutboxRow.__table__  # type: ignore[attr-defined]
_CAPPED = "capped"


def waiting(session: Session, conversations: Sequence[str], now: datetime) -> list[Claimed]:
    """What waits unasked for these, now or for a later day, and was not tried yet."""
    query = (
        select(*(_TABLE.c[each.name] for each in fields(Claimed)))
        .where(
            _TABLE.c.conversation.in_(conversations),
            _TABLE.c.state == OutboxState.QUEUED.value,
            _TABLE.c.priority == Priority.BULK.value,
            or_(_TABLE.c.due <= now, _TABLE.c.failure == _CAPPED),
            _TABLE.c.attempts == 0,
            _TABLE.c.counted == 0,
        )
        .order_by(_TABLE.c.id)
        .with_for_update(skip_locked=True)
    )
    return [Claimed(*row) for row in session.execute(query)]


def merge(
    session: Session, head: int, payload: bytes, inside: Mapping[int, bytes], now: datetime
) -> None:
    """The head says this now; the others left inside it, each with its own words kept."""
    session.execute(update(_TABLE).where(_TABLE.c.id == head).values(payload=payload))
    for row_id, words in inside.items():
        values = {
            "state": OutboxState.MERGED.value,
            "outer_id": str(head),
            "payload": words,
            "settled_at": now,
            "failure": "",
        }
        session.execute(update(_TABLE).where(_TABLE.c.id == row_id).values(**values))


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
