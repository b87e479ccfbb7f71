"""Erases lines that nobody mended in time, and bare names of old door lists (domain P-16)."""

from __future__ import annotations

from datetime import datetime

from records import line_drafts, privacy_retention, sweeps
from records.database import Session
from records.privacy_retention import Purpose

PURPOSE = "erases cadres' lines left unmended for thirty days, and bare names of old door lists"


def run(session: Session, now: datetime) -> dict[str, int]:
    """Erase what is overdue; how many of each."""
    counts = {
        "lines": line_drafts.expire(session, now),
        "doors": sweeps.forget_names(session, now),
    }
    privacy_retention.note(session, Purpose.LINES, sum(counts.values()), at=now)
    return counts
