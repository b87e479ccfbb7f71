"""Drops messages that were settled, or held in vain, more than a year ago (data minimisation)."""

from __future__ import annotations

from datetime import datetime

from records import outbox
from records.database import Session

PURPOSE = "drops messages that left, or waited in vain for somebody to write, after a year"


def run(session: Session, now: datetime) -> dict[str, int]:
    """Drop what is old enough; how many."""
    return {"dropped": outbox.prune(session, now)}
