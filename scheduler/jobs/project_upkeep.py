"""Pauses projects that nobody verified in time, and warns before."""

from __future__ import annotations

from datetime import datetime

from outreach.projects.upkeep import look_after
from scheduler.means import Means

PURPOSE = "pauses projects that expired or were not verified for 180 days, and warns before"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """Look at all that is published; how many were paused, how many soon will be."""
    return await means.database.run(look_after, means.vault, now)
