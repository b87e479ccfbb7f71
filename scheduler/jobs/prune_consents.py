"""Drops proofs of consent three years after the consent has ended (domain P-16)."""

from __future__ import annotations

from datetime import datetime

from records import consents
from records.database import Session

PURPOSE = "drops proofs of consent three years after the consent has ended"


def run(session: Session, now: datetime) -> dict[str, int]:
    """Drop what is old enough; how many."""
    return {"dropped": consents.prune(session, now)}
