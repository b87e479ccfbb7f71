"""Drops questions to the editors that nobody took up within half a year (data minimisation)."""

from __future__ import annotations

from datetime import datetime

from records import gaps, privacy_retention, questions
from records.database import Session
from records.privacy_retention import Purpose

PURPOSE = "drops questions to the editors, and gaps nobody asks about, after half a year"


def run(session: Session, now: datetime) -> dict[str, int]:
    """Drop what is old enough; how many."""
    counts = {"dropped": questions.prune(session, now), "gaps": gaps.prune(session, now)}
    privacy_retention.note(session, Purpose.QUESTIONS, sum(counts.values()), at=now)
    return counts
