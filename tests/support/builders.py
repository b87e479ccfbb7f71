"""Rows and messages for tests: sensible defaults, only the point of the test at the call."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from records.conversations import Conversation
from records.inbound import NewInbound
from records.messages import Inbound, InboundKind, Priority
from records.outbox import NewOutgoing

_numbers = itertools.count(1)


def an_inbound(
    now: datetime,
    *,
    outer_id: str = "",
    channel: str = "telegram",
    chat: str = "42",
    sequence: int = 0,
) -> NewInbound:
    """A sealed message on its way into the store."""
    return NewInbound(
        channel=channel,
        outer_id=outer_id or f"outer-{next(_numbers)}",
        conversation=f"{channel}:{chat}",
        sequence=sequence,
        payload=f"sealed {next(_numbers)}".encode(),  # never twice the same
        sent_at=now,
        received_at=now,
    )


def a_message(
    now: datetime, text: str, *, chat: str = "42", kind: InboundKind = InboundKind.TEXT
) -> Inbound:
    """Something that a person wrote."""
    number = next(_numbers)
    return Inbound(
        channel="fake",
        chat=chat,
        outer_id=f"message-{number}",
        kind=kind,
        text=text,
        sent_at=now,
        sender=chat,
        sequence=number,
    )


def an_outgoing(
    now: datetime,
    *,
    chat: str = "42",
    priority: Priority = Priority.REPLY,
    payload: bytes = b"sealed",
    wait: timedelta = timedelta(0),
    key: str = "",
) -> NewOutgoing:
    """A message to be queued."""
    return NewOutgoing(
        channel="fake",
        chat=chat,
        dedupe_key=key or f"key-{next(_numbers)}",
        payload=payload,
        due=now + wait,
        priority=priority.value,
    )


def a_conversation(now: datetime, *, chat: str = "42", channel: str = "fake") -> Conversation:
    """A chat that has been spoken with."""
    return Conversation(
        key=f"{channel}:{chat}",
        channel=channel,
        chat=chat,
        state=b"sealed",
        created_at=now,
        updated_at=now,
    )
