"""Counts the month that is over for each area, and tells who owes its report."""

from __future__ import annotations

import asyncio
from datetime import datetime

from outreach.reports import counting, drafting
from records.database import Session
from scheduler.means import Means

PURPOSE = "counts the figures of last month for each area, and tells its staff that they are there"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many areas were counted, and how many of the staff are told."""
    places = (await asyncio.to_thread(means.answerer)).library.areas
    month, told = drafting.last_month(now), 0

    def named(code: str) -> str:
        area = places.area(code)
        return area.name if area else code

    def one(session: Session, area: str) -> int:
        found = drafting.draft(session, area, month, now)
        return drafting.tell(session, means.vault, found, named, now)

    areas = await means.database.read(counting.areas)
    for area in areas:
        told += await means.database.run(one, area)
    return {"areas": len(areas), "told": told}
