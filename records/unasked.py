"""Taking back what was to be written unasked: what goes alone, and what waits inside an answer."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import and_, select, update

from records.database import Session
from records.merged import of_replies
from records.messages import Priority
from records.outbox import WITHDRAWN, OutboxRow, OutboxState
from records.vault import Vault, VaultError

_TABLE = OutboxRow.__table__  # type: ignore[attr-defined]
_STILL_HERE = (OutboxState.QUEUED.value, OutboxState.HELD.value)
_UNWELCOME = "unwelcome"  # as the failure of what somebody does not want any more
_NOT_ARRIVED = (*_STILL_HERE, OutboxState.SENDING.value)


def withdraw(session: Session, vault: Vault, conversation: str, at: datetime) -> None:
    """Nothing unasked is written to this conversation of all that has not left yet."""
    cancel_pushes(session, conversation, at)
    query = select(OutboxRow).where(
        _TABLE.c.conversation == conversation,
        _TABLE.c.state.in_(_NOT_ARRIVED),
        _TABLE.c.priority <= Priority.REPLY.value,
    )
    for row in session.execute(query).scalars():
        answer = _without(vault, row.payload)
        if answer is not None:
            row.payload = answer
            stop_merged(session, conversation, row.id or 0, at=at)
    session.flush()


def cancel_pushes(session: Session, conversation: str, at: datetime) -> None:
    """What was to be written unasked, and has not left yet, is not written.

    What leaves just now does so, but no second time if it fails.
    """
    pushes = and_(_TABLE.c.conversation == conversation, _TABLE.c.priority == Priority.BULK.value)
    stopped = {"state": OutboxState.STOPPED.value, "failure": _UNWELCOME, "settled_at": at}
    session.execute(
        update(_TABLE).where(pushes, _TABLE.c.state.in_(_STILL_HERE)).values(**stopped)
    )
    is_leaving = _TABLE.c.state == OutboxState.SENDING.value
    session.execute(update(_TABLE).where(pushes, is_leaving).values(claimed_by=WITHDRAWN))


def silence(session: Session, conversation: str, at: datetime) -> None:
    """Nothing that waits to be sent to this conversation is sent, notices included."""
    waits = and_(
        _TABLE.c.conversation == conversation,
        _TABLE.c.priority > Priority.REPLY.value,
        _TABLE.c.state.in_(_STILL_HERE),
    )
    stopped = {"state": OutboxState.STOPPED.value, "settled_at": at}
    session.execute(update(_TABLE).where(waits).values(**stopped))


def stop_merged(session: Session, conversation: str, head: int, *, at: datetime) -> None:
    """What was to go unasked inside this message was taken out of it."""
    inside = and_(
        _TABLE.c.conversation == conversation,
        _TABLE.c.state == OutboxState.MERGED.value,
        _TABLE.c.outer_id == str(head),
    )
    rows = session.execute(select(_TABLE.c.id, _TABLE.c.priority).where(inside)).all()
    pushes = [row.id for row in rows if row.priority > Priority.REPLY.value]
    over = {"state": OutboxState.STOPPED.value, "failure": _UNWELCOME, "settled_at": at}
    stopped = {**over, "outer_id": ""}
    session.execute(update(_TABLE).where(_TABLE.c.id.in_(pushes)).values(**stopped))
    for row in rows:
        if row.id not in pushes:  # an answer that had something inside before it joined this one
            stop_merged(session, conversation, row.id, at=at)


def _without(vault: Vault, payload: bytes) -> bytes | None:
    """What of a message was an answer; None where nothing else is in it, or nobody can tell."""
    try:
        replies = of_replies(vault.open(payload))
    except VaultError:
        return None
    return None if replies is None else vault.seal(replies)
