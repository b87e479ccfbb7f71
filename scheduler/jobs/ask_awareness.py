"""Asks some people each week what they know of policies: two questions, once a year."""

from __future__ import annotations

import asyncio
from datetime import datetime

from handlers.tickets import knowing
from scheduler.means import Means

PURPOSE = "asks who agreed to be written to what they know of policies, once a year"
_EACH_WEEK = 100


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many were asked."""
    answerer = await asyncio.to_thread(means.answerer)
    known = knowing.subjects(answerer.library.entries.values(), now)
    database, vault = means.database, means.vault
    return {"asked": await database.run(knowing.ask_some, vault, known, now, _EACH_WEEK)}
