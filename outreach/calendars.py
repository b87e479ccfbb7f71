"""When people may be written to unasked: not at night, not on the eve of the festival (M-10)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
EVENING, MORNING = time(20, 30), time(8, 30)  # quiet from the one to the other
_EVE = time(18, 0)  # of 除夕; quiet from then to the end of 初一

# The first day of the lunar year, as the almanac has it (GB/T 33661-2017).
FESTIVALS = (
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2029, 2, 13),
    date(2030, 2, 3),
    date(2031, 1, 23),
    date(2032, 2, 11),
    date(2033, 1, 31),
    date(2034, 2, 19),
    date(2035, 2, 8),
    date(2036, 1, 28),
)


def is_quiet(now: datetime) -> bool:
    """Whether nobody is written to unasked at this moment."""
    here = now.astimezone(CHINA)
    if not MORNING <= here.time() < EVENING:
        return True
    is_eve = here.date() + timedelta(days=1) in FESTIVALS and here.time() >= _EVE
    return is_eve or here.date() in FESTIVALS


def after_quiet(now: datetime) -> datetime:
    """The first moment from `now` on at which somebody may be written to unasked."""
    at = now
    while is_quiet(at):
        here = at.astimezone(CHINA)
        day = here.date() if here.time() < MORNING else here.date() + timedelta(days=1)
        at = datetime.combine(day, MORNING, CHINA)
    return at


def day_of(now: datetime) -> datetime:
    """The midnight in China that the day of a moment began with."""
    return datetime.combine(now.astimezone(CHINA).date(), time(), CHINA).astimezone(UTC)


def spoken(day: datetime) -> str:
    """A day as people say it: 11月3日."""
    here = day.astimezone(CHINA)
    return f"{here.month}月{here.day}日"


def spoken_day(day: date) -> str:
    """A date as people say it: 11月3日."""
    return f"{day.month}月{day.day}日"
