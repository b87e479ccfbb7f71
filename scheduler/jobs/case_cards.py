"""Tells who keeps the card of a story that may not be told any more, for whatever reason."""

from __future__ import annotations

from datetime import datetime

from outreach.cases import recalling
from scheduler.means import Means

PURPOSE = "tells staff to take down cards of stories that may not be told any more"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many cards were called back."""
    return {"called_back": await means.database.run(recalling.call_back, means.vault, now)}
