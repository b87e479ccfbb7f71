"""What was kept for a while and whose time is over: answers of a check, unfinished forms."""

from __future__ import annotations

from datetime import datetime

from handlers import frames
from handlers.dialogue import State
from handlers.frames import DRAFT_LIFE
from handlers.self_check import recall
from records import conversations
from records.database import Session
from records.vault import Vault

_TOGETHER = 200  # conversations in one transaction, so that nobody's turn waits for all of them


def sweep(session: Session, vault: Vault, now: datetime) -> dict[str, int]:
    """Drop what is overdue: a check's answers alone, a form with the state that holds it."""
    counts = {"dropped": 0, "checks": 0}
    spoken = conversations.with_expired_drafts(session, now, _TOGETHER)
    for key, held in conversations.hold(session, list(spoken)).items():
        state = State.from_dict(vault.open(held.state))
        ends = spoken[key] + DRAFT_LIFE if frames.has_form(state) else None
        if recall.is_kept(state) and (ends is None or ends > now):
            sealed = vault.seal(recall.dropped(state).as_dict())
            conversations.relieve(session, held, sealed, draft_until=ends)
            counts["checks"] += 1
        else:
            conversations.forget(session, key)
            counts["dropped"] += 1
    return counts
