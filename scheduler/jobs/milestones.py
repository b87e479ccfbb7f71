"""Plans what is said on the day on which a licence is as old as a policy asks."""

from __future__ import annotations

import asyncio
from datetime import datetime

from outreach import milestones
from scheduler.means import Means

PURPOSE = "plans who is told on the day on which their licence is as old as a policy asks"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many such days are to come, and how many are no more."""
    library = (await asyncio.to_thread(means.answerer)).library
    return await milestones.plan_all(means.database, means.vault, library, now)
