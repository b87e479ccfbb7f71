"""Erases people whom somebody else entered and who never agreed (domain P-29)."""

from __future__ import annotations

from datetime import datetime

from records import erasure, privacy_retention
from records.database import Session
from records.privacy_retention import Purpose

PURPOSE = "erases proxy entries that the person has not confirmed within thirty days"


def run(session: Session, now: datetime) -> dict[str, int]:
    """Erase what is overdue; how many."""
    erased = erasure.erase_unconfirmed(session, now)
    privacy_retention.note(session, Purpose.PENDING, erased, at=now)
    return {"erased": erased}
