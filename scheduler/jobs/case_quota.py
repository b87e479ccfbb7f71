"""Reminds the staff of counties that owe recommendations of this year, from July on."""

from __future__ import annotations

from datetime import datetime

from outreach.cases import quota
from scheduler.means import Means

PURPOSE = "reminds counties that have not yet recommended five cases this year"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many counties owe some."""
    return {"owing": await means.database.run(quota.remind, means.vault, now)}
