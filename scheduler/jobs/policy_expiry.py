"""Warns, once for each entry and day, of entries that end or are to be reviewed soon."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

from knowledge.expiry import Due, due
from records import policies
from scheduler.means import Means

PURPOSE = "warns of entries that end or are to be reviewed within thirty days"

log = logging.getLogger("guiyan.entries")


async def run(means: Means, now: datetime) -> dict[str, int]:
    """Log each that was not warned of before; how many are due, and how many were new."""
    answerer = await asyncio.to_thread(means.answerer)
    found = due(answerer.library.entries.values(), now.date())
    warnings = {_warning(each): each for each in found}
    new = await means.database.run(policies.warn_once, list(warnings), now)
    for warning in new:
        each = warnings[warning]
        facts = {"entry": each.entry.id, "what": each.reason.value, "day": str(each.day)}
        log.warning("entry due", extra=facts)  # who answers for it: `guiyan knowledge due`
    return {"due": len(found), "warned": len(new)}


def _warning(each: Due) -> tuple[str, str]:
    return each.entry.id, f"{each.reason.value}_{each.day}"
