"""Seals what the trail has gained, so that nobody can change it unseen."""

from __future__ import annotations

from datetime import datetime

from records import audit_chain
from scheduler.means import Means

PURPOSE = "seals the rows that the audit trail has gained"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many rows are sealed anew."""
    return {"sealed": await audit_chain.seal(means.database, means.vault, now)}
