"""Drafts the papers that are owed, counts roll-ups anew, and tells who owes them."""

from __future__ import annotations

from datetime import datetime

from outreach.reports import places
from outreach.reports.versions import schedule, telling
from outreach.reports.versions.schedule import Owed
from records.database import Session
from records.report_versions import Version
from scheduler.means import Means

PURPOSE = "drafts the papers whose period is over, counts open roll-ups anew, tells who owes them"
OF_NIGHT = "freezes the papers that were signed the day before"


async def run(means: Means, now: datetime) -> dict[str, int]:
    """How many were drafted, how many roll-ups looked at, how many are open; heads told."""
    named = await means.database.read(places.namer)

    def one(session: Session, owed: Owed) -> Version:
        return schedule.draft(session, means.vault, owed, named, now, rules=means.rules)

    due = await means.database.read(schedule.due, now)
    for owed in due:
        await means.database.run(one, owed)
    again = [one for one in await means.database.read(schedule.rolled_up) if one not in due]
    for owed in again:
        await means.database.run(one, owed)
    open_ones = await means.database.run(schedule.tell_all, means.vault, named, now)
    heads = await means.database.run(telling.heads, means.vault, now)
    return {
        "drafted": len(due),
        "counted_again": len(again),
        "open": open_ones,
        "heads": heads,
    }


async def freeze(means: Means, now: datetime) -> dict[str, int]:
    """How many were frozen."""
    return {"frozen": await means.database.run(schedule.freeze_signed, means.vault, now)}
