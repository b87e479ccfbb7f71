"""Drops proofs of consent, and who left, three years after the end (domain P-16).

What was shared for some days ends with them.
"""

from __future__ import annotations

from datetime import datetime

from records import consents, leavers, privacy_retention, sharing
from records.database import Session
from records.privacy_retention import Purpose

PURPOSE = "drops proofs of consent, and the marks of who left, three years after the end"


def run(session: Session, now: datetime) -> dict[str, int]:
    """Drop what is old enough; how many."""
    counts = {
        "dropped": consents.prune(session, now),
        "leavers": leavers.prune(session, now),
        "shares": sharing.prune(session, now),
    }
    privacy_retention.note(session, Purpose.PROOFS, sum(counts.values()), at=now)
    return {**counts, "shares_ended": sharing.end_due(session, now)}
