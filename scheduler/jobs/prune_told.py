"""Drops what people were told more than a year ago (data minimisation)."""

from __future__ import annotations

from datetime import datetime

from records import privacy_retention, told
from records.database import Session
from records.privacy_retention import Purpose

PURPOSE = "drops what people were told, kept to put it right, after a year"


def run(session: Session, now: datetime) -> dict[str, int]:
    """Drop what is old enough; how many."""
    dropped = told.prune(session, now)
    privacy_retention.note(session, Purpose.TOLD, dropped, at=now)
    return {"dropped": dropped}
