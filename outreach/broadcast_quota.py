"""How many broadcasts a customer or a group may get, and when stewards are asked again.

The platform counts by the calendar in China: by default as many a month as the month has days; an
administrator may choose 7 a week or 1 a day instead (pages 92135, 96997, 2025-11). Stewards' own
broadcasts count there as well and are unknown here: then the platform says that somebody is full,
and we believe it until the period ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum

from outreach.calendars import CHINA, is_quiet
from records import group_tasks
from records.database import Session
from records.group_tasks import Had

LIFE = timedelta(days=3)  # a task that nobody confirmed by then is cancelled

_FIRST_REMINDER = timedelta(hours=2)
_MORNING = time(9, 10)  # not at the full hour, when everybody sends
_MOST_REMINDERS, _REMINDERS_IN = 3, timedelta(hours=24)
_LOOKS = (
    (timedelta(minutes=10), timedelta(minutes=1)),  # as young → as often
    (timedelta(hours=2), timedelta(minutes=5)),
    (LIFE, timedelta(minutes=30)),
)


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to before `end`, in which at most `most` may arrive."""

    start: datetime
    end: datetime
    most: int


class Quota(Enum):
    """The rule that the administrator chose in the console."""

    MONTH = "month"
    WEEK = "week"
    DAY = "day"

    def period(self, now: datetime) -> Period:
        """The period that a moment lies in."""
        today = datetime.combine(now.astimezone(CHINA).date(), time(), CHINA)
        if self is Quota.DAY:
            return Period(today, today + timedelta(days=1), 1)
        if self is Quota.WEEK:
            monday = today - timedelta(days=today.weekday())
            return Period(monday, monday + timedelta(days=7), 7)
        first = today.replace(day=1)
        following = (first + timedelta(days=31)).replace(day=1)
        return Period(first, following, (following - first).days)


def over_quota(
    session: Session, quota: Quota, targets: Sequence[str], now: datetime
) -> frozenset[str]:
    """Those who might get too many if they got one more.

    What waits may be confirmed at any moment of its life, so it counts in each period of that.
    """
    over: set[str] = set()
    for period in dict.fromkeys((quota.period(now), quota.period(now + LIFE))):
        found = group_tasks.had(session, targets, period.start, period.end)
        over |= {target for target, had in found.items() if _is_enough(had, period.most)}
    return frozenset(over)


def awake(moment: datetime) -> datetime:
    """The moment itself, or the next morning when people may be written to."""
    while is_quiet(moment):
        here = moment.astimezone(CHINA)
        is_early = here.time() < _MORNING
        day = here.date() if is_early else here.date() + timedelta(days=1)
        moment = datetime.combine(day, _MORNING, CHINA)
    return moment


def next_reminder(created: datetime, reminded: Sequence[datetime]) -> datetime | None:
    """When the steward is asked again: after two hours, and on each morning of the task's life."""
    day = created.astimezone(CHINA).date()
    mornings = [awake(datetime.combine(day + timedelta(days=n), _MORNING, CHINA)) for n in (1, 2)]
    last = max([created, *reminded])
    slot = next(
        (slot for slot in (awake(created + _FIRST_REMINDER), *mornings) if slot > last), None
    )
    return None if slot is None or slot >= created + LIFE else slot


def may_remind(reminded: Sequence[datetime], now: datetime) -> bool:
    """Whether the platform would let us ask once more: three times in 24 hours."""
    recent = [moment for moment in reminded if moment > now - _REMINDERS_IN]
    return len(recent) < _MOST_REMINDERS


def next_look(created: datetime, now: datetime) -> datetime:
    """When the results are read again: often at first, at the end of its life at the latest."""
    age = now - created
    often = next((often for until, often in _LOOKS if age < until), _LOOKS[-1][1])
    return max(now + timedelta(seconds=1), min(now + often, created + LIFE))


def _is_enough(had: Had, most: int) -> bool:
    return had.is_full or had.sent + had.waiting >= most
