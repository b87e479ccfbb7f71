"""A message that its writer took back: its words are gone from what we and staff hold of it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from handlers import hearing
from handlers.texts import say
from outreach import alerts
from records import conversations, inbound, outbox, tickets
from records.database import Session
from records.inbound import InboundRow
from records.messages import Inbound, InboundKind
from records.outbox import OutboxState
from records.vault import Vault

_KEPT_IN_TALK = frozenset({"question", "subject", "waiting"})  # what a state keeps word for word
_WAITING = (OutboxState.QUEUED.value, OutboxState.HELD.value)


def take_back(session: Session, vault: Vault, notice: Inbound, *, now: datetime) -> None:
    """Drop what a message said, wherever it stands; the person may have meant nobody to see it."""
    row = inbound.find(session, notice.channel, notice.conversation, notice.text)
    if row is None:
        return
    content = vault.open(row.payload)
    emptied = {**content, "kind": InboundKind.RECALLED.value, "text": "", "extra": {}}
    inbound.withdraw(session, row, vault.seal(emptied), now)
    said = hearing.clean(str(content["text"]))
    _drop_from_talk(session, vault, notice.conversation, said)
    for number, words in _struck_out(session, vault, row, said).items():
        if _drop_from_notices(session, vault, number, words):
            text = say("desk.took_back")
            alerts.relay(session, vault, number, text, key=f"recalled:{row.id}", now=now)


def _struck_out(
    session: Session, vault: Vault, row: InboundRow, said: str
) -> dict[str, list[str]]:
    """The tickets that repeated a message, and how they did; it is struck out there."""
    found: dict[str, list[str]] = {}
    mark = vault.seal(say("desk.taken_back"))
    for line in tickets.lines_from(session, row.id or 0):
        found.setdefault(line.ticket, []).append(vault.open(line.sealed))
        line.sealed = mark
    for ticket in tickets.raised_in(session, row.conversation):
        subject = vault.open(ticket.subject)
        if ticket.opened_at >= row.received_at and _repeats(subject, said):
            found.setdefault(ticket.number, []).append(subject)
            ticket.subject = mark
    session.flush()
    return found


def _drop_from_notices(session: Session, vault: Vault, number: str, words: Sequence[str]) -> bool:
    """Strike the words out of what staff was written of a ticket; whether some have read them."""
    every = "|".join(re.escape(word) for word in words if word)
    pattern = re.compile(rf"(?<=[：\n])(?:{every})(?=\n|$)")
    is_read = False
    for row in outbox.about(session, number) if every else ():
        content = vault.open(row.payload)
        text = pattern.sub(say("desk.taken_back"), content["text"])
        if text != content["text"]:
            row.payload = vault.seal({**content, "text": text})
            is_read = is_read or row.state not in _WAITING
    session.flush()
    return is_read


def _drop_from_talk(session: Session, vault: Vault, conversation: str, said: str) -> None:
    talk = conversations.load(session, [conversation]).get(conversation)
    if talk is None:
        return
    known = vault.open(talk.state)
    left = _without(known, said)
    if left != known:
        conversations.put(
            session, conversation, talk.version, state=vault.seal(left), has_draft=True
        )


def _without(value: Any, said: str) -> Any:
    if isinstance(value, dict):
        return {
            name: "" if name in _KEPT_IN_TALK and _repeats(one, said) else _without(one, said)
            for name, one in value.items()
        }
    return [_without(one, said) for one in value] if isinstance(value, list) else value


def _repeats(text: Any, said: str) -> bool:
    """Whether a text was made of what was said: the whole, a part, or the number in it."""
    if not isinstance(text, str) or not text or not said:
        return False
    phone = hearing.phone(said)
    return text in said or said in text or bool(phone and phone in text)
