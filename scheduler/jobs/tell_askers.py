"""Tells the askers of a closed gap the answer, by day, each of them once."""

from __future__ import annotations

import asyncio
from datetime import datetime

from outreach import answered
from outreach.calendars import is_quiet
from records import gaps
from scheduler.means import Means

PURPOSE = "tells people the answer to what could not be answered when they asked"
_TOGETHER = 100  # askers in one transaction, so that nobody's turn waits for all of them


async def run(means: Means, now: datetime) -> dict[str, int]:
    """Tell everybody who may be told now; how many were, and how many are not to be."""
    counts = {"told": 0, "left_out": 0}
    last = 0
    while not is_quiet(now):
        askers = await means.database.read(gaps.askers, _TOGETHER, last)
        if not askers:
            break
        last = askers[-1].question
        await means.refresh()
        answerer = await asyncio.to_thread(means.answerer)
        replies = await asyncio.to_thread(answered.replies, askers, answerer, now)
        done = await means.database.run(answered.tell, means.vault, replies, now, means.lines)
        counts = {name: counts.get(name, 0) + done.get(name, 0) for name in counts | done}
    return counts
