"""Asks those in the library of cases whose business is alive whether their story may be told."""

from __future__ import annotations

from datetime import datetime

from outreach.cases import asking
from scheduler.means import Means

PURPOSE = "asks whose business is alive, once, whether their story may be told"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many were asked."""
    return {"asked": await means.database.run(asking.ask_some, means.vault, now)}
