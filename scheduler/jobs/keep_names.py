"""Makes the fingerprints by which a text to groups is found to name somebody."""

from __future__ import annotations

from datetime import datetime

from records import known_names
from scheduler.means import Means

PURPOSE = "makes the prints of names by which posts that name somebody are refused"
_TOGETHER = 500  # records opened in one transaction


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many names are known anew."""
    made = 0
    while done := await means.database.run(known_names.make, means.vault, _TOGETHER):
        made += done
    return {"made": made}
