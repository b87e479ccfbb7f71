"""Staff ended a talk on the channel's own side: a word that the service hears again."""

from __future__ import annotations

from datetime import datetime

from handlers.texts import say
from records import outbox
from records.database import Session
from records.messages import Inbound
from records.outbox import NewOutgoing
from records.vault import Vault

UNTIL = "say_until"  # in the extras of a notice: until when one message may follow it


def tell(session: Session, vault: Vault, notice: Inbound, *, now: datetime) -> None:
    """Queue it where the channel lets one message through; else the next reply says enough."""
    until = notice.extra.get(UNTIL)
    if not until or now >= datetime.fromisoformat(until):
        return
    payload = outbox.sealed_content(vault, say("human.ended"))
    key = f"back:{notice.channel}:{notice.outer_id}"
    outbox.enqueue(session, [NewOutgoing(notice.channel, notice.chat, key[:120], payload, now)])
