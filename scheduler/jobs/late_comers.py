"""Takes in who fits a running campaign only since it was frozen."""

from __future__ import annotations

import asyncio
from datetime import datetime

from outreach.campaigns import late
from outreach.segments import Office
from scheduler.means import Means

PURPOSE = "adds to campaigns that take late-comers whoever fits only since the freeze"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many people were added."""
    places = (await asyncio.to_thread(means.answerer)).library.areas
    added = await late.take_in_all(means.database, Office(places, ""), means.lines, now)
    return {"added": added}
