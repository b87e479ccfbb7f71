"""Looks at what the tables hold: an embedded database searches them by guesswork until then."""

from __future__ import annotations

from datetime import datetime

from scheduler.means import Means

PURPOSE = "looks at what the tables of SQLite hold, so that it knows how to search them"


async def run(means: Means, _now: datetime) -> dict[str, int]:
    """Nothing is counted."""
    await means.database.analyse()
    return {}
