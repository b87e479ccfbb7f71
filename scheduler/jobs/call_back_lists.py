"""Tells each helper in the morning how many are to be called today."""

from __future__ import annotations

from datetime import datetime

from outreach.helping import calling
from scheduler.means import Means

PURPOSE = "tells helpers in the morning whom they are to call today"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many helpers were told."""
    return {"told": await means.database.run(calling.tell_of_today, means.vault, now)}
