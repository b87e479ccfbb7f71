"""Drops what was said in tickets that were closed half a year ago (domain P-16)."""

from __future__ import annotations

from datetime import datetime

from records import privacy_retention, tickets
from records.database import Session
from records.privacy_retention import Purpose
from records.vault import Vault
from scheduler.means import Means

PURPOSE = "drops the talk of requests that were closed half a year ago; the bare rows stay"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """Drop what is old enough; how many lines and subjects."""
    return await means.database.run(_drop, means.vault, now)


def _drop(session: Session, vault: Vault, now: datetime) -> dict[str, int]:
    dropped = tickets.forget_talks(session, vault, now)
    privacy_retention.note(session, Purpose.REQUESTS, dropped, at=now)
    return {"dropped": dropped}
