"""Moves waiting lists of courses up, and plans what follows from courses that lists brought."""

from __future__ import annotations

from datetime import datetime

from outreach.courses import attending, booking
from scheduler.means import Means

PURPOSE = "offers free seats of courses to who waits; tells who asked for the topic of a new one"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many courses were looked at anew, seats offered, offers over."""
    settled = await means.database.run(attending.settle_all, means.vault, now)
    moved = await means.database.run(booking.move_all, means.vault, now)
    return {"settled": settled, "offered": moved.offered, "lapsed": moved.lapsed}
