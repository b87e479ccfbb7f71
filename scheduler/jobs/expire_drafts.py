"""Drops unfinished forms after thirty days (domain 3.3-12, P-16), a check's answers sooner."""

from __future__ import annotations

from datetime import datetime

from handlers import drafts
from records import privacy_retention
from records.database import Session
from records.privacy_retention import Purpose
from records.vault import Vault
from scheduler.means import Means

PURPOSE = "drops forms left unfinished for thirty days, and a finished self-check's answers"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """Drop what is overdue; how many forms, how many checks."""
    return await means.database.run(_sweep, means.vault, now)


def _sweep(session: Session, vault: Vault, now: datetime) -> dict[str, int]:
    counts = drafts.sweep(session, vault, now)
    privacy_retention.note(session, Purpose.DRAFTS, sum(counts.values()), at=now)
    return counts
