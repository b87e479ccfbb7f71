"""Groups what could not be answered by meaning, and closes what released entries now answer."""

from __future__ import annotations

import asyncio
from datetime import datetime

from outreach import gaps
from records import gaps as waiting
from records import policies
from scheduler.means import Means

PURPOSE = "groups unanswered questions by meaning, closes the gaps that released entries answer"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """One step of each; how many gaps were opened, joined and closed."""
    revision = await means.database.read(policies.revision)
    if not await means.database.read(waiting.has_work, revision):
        return {"opened": 0, "joined": 0, "closed": 0}
    await means.refresh()
    answerer = await asyncio.to_thread(means.answerer)
    queue = await means.database.read(gaps.queue, answerer)
    groups = await asyncio.to_thread(gaps.grouped, queue, answerer, now)
    counts = await means.database.run(gaps.keep, groups)
    untried = await means.database.read(gaps.untried, revision)
    tried = [await asyncio.to_thread(gaps.tried, gap, answerer, now) for gap in untried]
    return counts | await means.database.run(gaps.settle, tried, revision, now)
