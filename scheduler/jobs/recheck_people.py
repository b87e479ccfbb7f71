"""Holds everyone registered against entries that went live, and tells those whom they fit."""

from __future__ import annotations

import asyncio
from datetime import datetime

from outreach.recheck import recheck
from scheduler.means import Means

PURPOSE = "tells people of a policy gone live whose conditions they meet"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """Check what was released since the last run; how many entries, how many were told."""
    answerer = await asyncio.to_thread(means.answerer)
    return await recheck(means.database, means.vault, answerer.library, now, means.lines)
