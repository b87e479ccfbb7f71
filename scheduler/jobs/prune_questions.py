"""Drops questions to the editors that nobody took up within half a year (data minimisation)."""

from __future__ import annotations

from datetime import datetime

from records import gaps, questions
from records.database import Session

PURPOSE = "drops questions to the editors, and gaps nobody asks about, after half a year"


def run(session: Session, now: datetime) -> dict[str, int]:
    """Drop what is old enough; how many."""
    return {"dropped": questions.prune(session, now), "gaps": gaps.prune(session, now)}
