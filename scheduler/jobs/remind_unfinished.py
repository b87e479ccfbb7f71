"""Plans the reminders of unfinished forms: after a day, and before they are dropped."""

from __future__ import annotations

from datetime import datetime

from handlers import drafts
from scheduler.means import Means

PURPOSE = "plans a reminder of a form left for a day, and another before it is dropped"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """Plan what is not planned yet; how many."""
    return await means.database.run(drafts.remind, means.vault, now)
