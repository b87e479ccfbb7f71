"""Gives a commissioner to whoever waits for one: nobody had room, or a list brought them in."""

from __future__ import annotations

from datetime import datetime

from outreach.helping import assigning
from scheduler.means import Means

PURPOSE = "gives a commissioner to who registered when nobody had room"
_AT_ONCE = 200


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many got one."""
    given = await means.database.run(assigning.give_the_rest, means.vault, now, _AT_ONCE)
    return {"assigned": given}
