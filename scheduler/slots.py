"""When a job's slots come, and what becomes of those that nobody ran in time."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol

from outreach.calendars import CHINA
from outreach.working_days import NotAnnounced, is_working_day

MONDAY = 0
_DAY = timedelta(days=1)
_RING = timedelta(seconds=20)
_LONGEST_WAIT = 370  # days between two slots of any calendar
_MOST = 400  # slots that are looked back at; what was missed before them is not counted
_FRIDAY = 4


class Schedule(Protocol):
    """The moments at which a job is to run."""

    @property
    def words(self) -> str: ...

    @property
    def ring(self) -> timedelta:
        """How often to look whether a slot has come."""

    def newest(self, now: datetime) -> datetime | None:
        """The last slot that has come by `now`; None where there never was one."""

    def following(self, slot: datetime) -> datetime | None:
        """The first slot after a moment."""


@dataclass(frozen=True, slots=True)
class Every:
    """A slot each so often, counted from the epoch."""

    period: timedelta

    @property
    def words(self) -> str:
        """As operators say it: every 5 minutes."""
        seconds = self.period.total_seconds()
        for unit, name in ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
            if not seconds % unit:
                count = int(seconds // unit)
                return f"every {name}" if count == 1 else f"every {count} {name}s"
        return f"every {seconds:g} seconds"

    @property
    def ring(self) -> timedelta:
        return min(self.period, _RING)

    def newest(self, now: datetime) -> datetime:
        seconds = int(self.period.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)

    def following(self, slot: datetime) -> datetime:
        return self.newest(slot) + self.period


@dataclass(frozen=True, slots=True)
class OnDays:
    """A slot at one time of the clock in China, on the days that count."""

    words: str
    at: time
    counts: Callable[[date], bool]

    @property
    def ring(self) -> timedelta:
        return _RING

    def newest(self, now: datetime) -> datetime | None:
        here = now.astimezone(CHINA)
        day = here.date() if here.time() >= self.at else here.date() - _DAY
        return self._first(day, -_DAY)

    def following(self, slot: datetime) -> datetime | None:
        here = slot.astimezone(CHINA)
        return self._first(here.date() if here.time() < self.at else here.date() + _DAY, _DAY)

    def _first(self, day: date, step: timedelta) -> datetime | None:
        days = (day + step * n for n in range(_LONGEST_WAIT))
        found = next((each for each in days if self.counts(each)), None)
        return datetime.combine(found, self.at, CHINA).astimezone(UTC) if found else None


def daily(at: time) -> OnDays:
    """Each day."""
    return OnDays(f"daily {at:%H:%M}", at, lambda day: True)


def weekly(weekday: int, at: time) -> OnDays:
    """One day of the week, Monday being 0."""
    name = date(2024, 1, 1 + weekday).strftime("%A")  # which began with a Monday
    return OnDays(f"{name}s {at:%H:%M}", at, lambda day: day.weekday() == weekday)


def monthly(number: int, at: time) -> OnDays:
    """One day of the month, up to the 28th, which every month has."""
    if not 1 <= number <= 28:
        raise ValueError("a day that every month has: 1 to 28")
    return OnDays(f"monthly on day {number} {at:%H:%M}", at, lambda day: day.day == number)


def working_days(at: time) -> OnDays:
    """Each day on which offices work; Monday to Friday of a year that is not announced yet."""
    return OnDays(f"working days {at:%H:%M}", at, _is_worked)


def _is_worked(day: date) -> bool:
    try:
        return is_working_day(day)
    except NotAnnounced:
        return day.weekday() <= _FRIDAY


@dataclass(frozen=True, slots=True)
class Late:
    """What becomes of slots that nobody ran in time: the newest or each is, up to `limit` late."""

    words: str
    limit: timedelta
    is_each: bool = False


def dropped(after: timedelta) -> Late:
    """What comes too late does harm: not run once it is later than this."""
    return Late(f"dropped after {_spoken(after)}", after)


def once(within: timedelta) -> Late:
    """One run, of the newest, makes up for all that were missed."""
    return Late(f"caught up once within {_spoken(within)}", within)


def each(within: timedelta) -> Late:
    """Every one that was missed is run, oldest first, as of its own moment."""
    return Late(f"each caught up within {_spoken(within)}", within, is_each=True)


@dataclass(frozen=True, slots=True)
class Missed:
    """A slot that will not be run, and why: "late", or "newer" where one run made up for it."""

    slot: datetime
    why: str


@dataclass(frozen=True, slots=True)
class Pending:
    """What is to be done about the slots that have come."""

    runs: tuple[datetime, ...] = ()
    missed: tuple[Missed, ...] = ()


def pending(
    schedule: Schedule,
    late: Late,
    *,
    last: datetime,
    failed: Collection[datetime] = (),
    now: datetime,
) -> Pending:
    """Of the slots after `last`, and of those before it that failed: which to run, which to drop.

    What is missed of slots that come every so often is not listed: the next makes up for it.
    """
    come = [slot for slot in failed if slot <= now] + _come(schedule, last, late, now)
    fresh = [slot for slot in sorted(set(come)) if now - slot <= late.limit]
    stale = [Missed(slot, "late") for slot in sorted(set(come)) if now - slot > late.limit]
    if late.is_each:
        return Pending(tuple(fresh), tuple(stale))
    newer = [Missed(slot, "newer") for slot in fresh[:-1]]
    return Pending(tuple(fresh[-1:]), (*stale, *newer))


def _come(schedule: Schedule, last: datetime, late: Late, now: datetime) -> list[datetime]:
    """The slots after `last` up to now; of very many, the last ones."""
    if isinstance(schedule, Every) and not late.is_each:
        newest = schedule.newest(now)
        return [newest] if newest > last else []
    found: list[datetime] = []
    slot = schedule.newest(now)
    while slot is not None and slot > last and len(found) < _MOST:
        found.append(slot)
        slot = schedule.newest(slot - timedelta(seconds=1))
    return found[::-1]


def _spoken(span: timedelta) -> str:
    words = Every(span).words.removeprefix("every ")
    return words if words[0].isdigit() else f"1 {words}"
