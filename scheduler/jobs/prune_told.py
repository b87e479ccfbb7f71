"""Drops what people were told more than a year ago (data minimisation)."""

from __future__ import annotations

from datetime import datetime

from records import told
from records.database import Session

PURPOSE = "drops what people were told, kept to put it right, after a year"


def run(session: Session, now: datetime) -> dict[str, int]:
    """Drop what is old enough; how many."""
    return {"dropped": told.prune(session, now)}
