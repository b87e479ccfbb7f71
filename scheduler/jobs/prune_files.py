"""Drops files of long work whose day is over, and what was asked for three years ago."""

from __future__ import annotations

from datetime import datetime

from records import background, kept_files
from scheduler.means import Means

PURPOSE = "drops files that were handed in or exported after their day, and old long work"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """Drop what is old enough, some at once; how many."""
    files = 0
    while dropped := await means.database.run(kept_files.prune, now):
        files += dropped
    return {"files": files, "work": await means.database.run(background.prune, now)}
