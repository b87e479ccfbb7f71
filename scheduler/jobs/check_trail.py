"""Drops what the trail need not keep any more, and looks whether the rest is whole."""

from __future__ import annotations

import logging
from datetime import datetime

from records import audit_chain, audit_check
from scheduler.means import Means

PURPOSE = "checks that the audit trail is whole, drops what is older than three years"
log = logging.getLogger("guiyan.trail")


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many rows were dropped and looked at, and how many faults there are."""
    dropped = await means.database.run(audit_chain.prune, now)
    found = await audit_check.check(means.database, means.vault, now)
    if not found.is_whole:
        log.error("the trail is not whole: guiyan audit verify", extra={"faults": found.count})
    return {"dropped": dropped, "rows": found.rows, "faults": found.count}
