"""Drops codes, tries and links whose time is over, and makes fingerprints that are missing."""

from __future__ import annotations

from datetime import datetime

from records import account_links, people
from scheduler.means import Means

PURPOSE = "drops link codes and failed tries that are over; prepares older records for linking"
_TOGETHER = 500  # records opened in one transaction, so that nobody's turn waits for all of them


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many were dropped, and how many records can now be found by number and name."""
    dropped = await means.database.run(account_links.prune, now)
    printed = 0
    while done := await means.database.run(people.print_proofs, means.vault, _TOGETHER):
        printed += done
    return {"dropped": dropped, "printed": printed}
