"""Tells people of a project that fits them, once in two weeks at most."""

from __future__ import annotations

import asyncio
from datetime import datetime

from outreach.projects.pushing import push
from scheduler.means import Means

PURPOSE = "tells people of a project that fits them, with why, once in two weeks at most"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """Decide for everybody, queue one card each; how many were looked at, how many told."""
    answerer = await asyncio.to_thread(means.answerer)
    return await push(means.database, means.vault, answerer.library.areas, now, means.lines)
