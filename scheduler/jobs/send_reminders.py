"""Says what is due to people and staff on a day, and drops what is due no more."""

from __future__ import annotations

from datetime import datetime

from handlers import drafts
from outreach import reminders
from scheduler.means import Means

PURPOSE = "reminds people and staff of dates: deadlines, appointments, call-backs, courses"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """Queue what may be said now; how many, and how many were too late or not welcome."""
    finished = await means.database.run(drafts.cancel_finished, means.vault, now)
    counts = await reminders.send_due(means.database, means.vault, now, means.lines)
    return {**counts, "finished": finished}
