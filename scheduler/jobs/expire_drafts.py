"""Drops unfinished forms after thirty days (domain rule 3.3-12, P-16)."""

from __future__ import annotations

from datetime import datetime

from records import conversations
from records.database import Session

PURPOSE = "drops registration forms that were left unfinished for thirty days"


def run(session: Session, now: datetime) -> dict[str, int]:
    """Forget each expired draft with the state that holds it; how many."""
    rows = conversations.with_expired_drafts(session, now)
    for row in rows:
        conversations.forget(session, row.key)
    return {"dropped": len(rows)}
