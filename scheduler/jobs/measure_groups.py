"""Asks the channels once a day how their groups are called and how many are in them."""

from __future__ import annotations

from datetime import datetime

from outreach.groups import crowds
from scheduler.means import Means

PURPOSE = (
    "asks Telegram how each group is called and how many are in it; notes those that are gone"
)


async def run(means: Means, now: datetime) -> dict[str, int]:
    """Every group that the bot is in."""
    return await crowds.measure_all(means.database, means.vault, means.crowd, now)
