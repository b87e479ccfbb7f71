"""Reminds staff of requests whose time is nearly up, and takes late ones one level up."""

from __future__ import annotations

from datetime import datetime

from handlers.tickets import escalation
from scheduler.means import Means

PURPOSE = "reminds staff of requests that are due, takes late ones up: village, town, county"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many were reminded of, went up, are late at the county, or found nobody below."""
    return await means.database.run(escalation.look_after, means.vault, now)
