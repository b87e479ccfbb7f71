"""Makes the codes of where people are now that are missing: of records from before them."""

from __future__ import annotations

from datetime import datetime

from registry import whereabouts
from scheduler.means import Means

PURPOSE = "notes the city or province where people said that they are, where none is noted yet"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many records were looked at."""
    step = whereabouts.settle_more
    looked_at, after = await means.database.run(step, means.vault, "")
    while after:
        more, after = await means.database.run(step, means.vault, after)
        looked_at += more
    return {"looked_at": looked_at}
