"""Entries that will soon end, or that somebody should look at again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from knowledge.entry import Entry

WARNED_DAYS = 30  # before the day


class Reason(StrEnum):
    """What the day is."""

    ENDS = "ends"  # not served after it
    REVIEW = "review"


@dataclass(frozen=True, slots=True)
class Due:
    """An entry and the day that its owner is to be warned of."""

    day: date
    reason: Reason
    entry: Entry


def due(entries: Iterable[Entry], today: date, days: int = WARNED_DAYS) -> list[Due]:
    """What is served and ends, or is to be reviewed, by so many days from today; soonest first."""
    last = today + timedelta(days=days)
    found = []
    for entry in entries:
        if entry.valid_until and entry.valid_until < today:
            continue  # it has ended already
        for day, reason in ((entry.valid_until, Reason.ENDS), (entry.review_by, Reason.REVIEW)):
            if day and day <= last:
                found.append(Due(day, reason, entry))
    return sorted(found, key=lambda each: (each.day, each.entry.id))
