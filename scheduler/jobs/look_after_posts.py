"""Follows posts to groups: what left, was confirmed or deleted; tells who wrote them."""

from __future__ import annotations

from datetime import datetime

from outreach.posting import standing
from records import group_posts
from scheduler.means import Means

PURPOSE = "follows posts to groups until each group has it or not, and tells who wrote them"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many posts were looked at; each in a transaction of its own."""
    numbers = await means.database.read(group_posts.unsettled)
    for number in numbers:
        await means.database.run(standing.settle, means.vault, number, means.broadcasts, now)
    return {"looked_at": len(numbers)}
