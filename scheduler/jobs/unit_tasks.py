"""Plans the reminders of units' tasks that are due within a week."""

from __future__ import annotations

from datetime import datetime

from outreach.unit_tasks import plan_reminders
from scheduler.means import Means

PURPOSE = "reminds units' staff 7, 3 and 1 days before a task of theirs is due"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many tasks are due within a week."""
    return {"due": await means.database.run(plan_reminders, means.vault, now)}
