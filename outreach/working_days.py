"""Working days in China: weekends, holidays and make-up days as the State Council announces them.

The days come from the package `chinesecalendar`; each November the office announces the next
year. What is not announced is said to be unknown, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

import chinese_calendar

from outreach.calendars import CHINA

_DAY = timedelta(days=1)
_WEEKEND = 5
_REMEMBERED = 4096  # days: a report asks for the same ones again and again


class NotAnnounced(Exception):
    """The holidays of a year that was asked for are not known; the year."""

    def __init__(self, year: int) -> None:
        super().__init__(str(year))
        self.year = year


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a time limit; None where it lies in a year that is not announced yet."""

    days: int  # as promised
    day: date | None
    unknown_year: int = 0

    def is_over(self, today: date) -> bool:
        """Whether the last day has passed; never where it is not known."""
        return self.day is not None and today > self.day

    @property
    def spoken(self) -> str:
        """As the applicant reads it."""
        if self.day is None:
            return (
                f"{self.days}个工作日内（{self.unknown_year}年放假安排还没公布，公布了才算得准）"
            )
        return f"{self.days}个工作日内，最晚{self.day.month}月{self.day.day}日"


@lru_cache(_REMEMBERED)
def is_working_day(day: date) -> bool:
    """Whether offices work on this day; NotAnnounced for a year whose holidays are not known."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError as fault:
        raise NotAnnounced(day.year) from fault


def deadline(start: datetime, days: int) -> Deadline:
    """The end of so many working days; the day on which it begins does not count."""
    day, left = start.astimezone(CHINA).date(), days
    try:
        while left:
            day += _DAY
            left -= is_working_day(day)
    except NotAnnounced as fault:
        return Deadline(days, None, fault.year)
    return Deadline(days, day)


def likely_end(start: datetime, days: int) -> date:
    """The end of so many working days, by weekends alone where the year is not announced.

    For our own planning only: no applicant is told a day that is not known.
    """
    found = deadline(start, days).day
    day = start.astimezone(CHINA).date()
    while found is None:
        day += _DAY
        days -= is_likely_working(day)
        found = day if days <= 0 else None
    return found


def is_likely_working(day: date) -> bool:
    """Whether offices work on this day; by weekends alone where the year is not announced."""
    try:
        return is_working_day(day)
    except NotAnnounced:
        return day.weekday() < _WEEKEND


def between(start: datetime, end: datetime) -> int:
    """Working days after the day of `start`, that of `end` included (审批用时, domain 1.8)."""
    day, last, count = start.astimezone(CHINA).date(), end.astimezone(CHINA).date(), 0
    while day < last:
        day += _DAY
        count += is_working_day(day)
    return count


def is_known(year: int) -> bool:
    """Whether the holidays of a year are announced, and in the package."""
    try:
        chinese_calendar.is_workday(date(year, 1, 1))
    except NotImplementedError:
        return False
    return True
