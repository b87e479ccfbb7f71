"""Drops files of long work whose day is over, and what was asked for three years ago.

What an import changed is known as long as it can be taken back by its work.
"""

from __future__ import annotations

from datetime import datetime

from records import background, import_touches, kept_files
from records.database import Session
from scheduler.means import Means

PURPOSE = "drops files that were handed in or exported after their day, and old long work"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """Drop what is old enough, some at once; how many."""
    files = 0
    while dropped := await means.database.run(kept_files.prune, now):
        files += dropped
    return {"files": files, **await means.database.run(_old, now)}


def _old(session: Session, now: datetime) -> dict[str, int]:
    touched = import_touches.prune(session, now)
    return {"work": background.prune(session, now), "touched": touched}
