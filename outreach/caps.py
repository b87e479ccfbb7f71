"""How often and when people are written to unasked: the rules of the one gate (domain M-10)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from outreach.calendars import CHINA, EVENING, MORNING, day_of, is_quiet
from outreach.reach import connected
from records.caps import Known, Past, Rules, Verdict, is_part_of

MOST = ((1, 1), (7, 3), (30, 8))  # in so many days, so many messages
FORTNIGHT = 14  # days in which there is one recommendation, as the question of consent says
IGNORED = 2  # recommendations without a word: then none until they write
RECOMMENDS = ("elig/", "project/")  # how the keys of recommendations begin

_DAY = timedelta(days=1)
_FREE_BY = 32  # days after which no cap counts any more
_HOURS = {  # when somebody is written to, as they said at registration
    "day": (MORNING, time(18, 0)),
    "evening": (time(18, 0), EVENING),
    "night_shift": (time(14, 0), EVENING),  # has slept, and has not left for work
}


def is_batch(key: str) -> bool:
    """Whether a message recommends something."""
    return key.startswith(RECOMMENDS)


def judge(key: str, known: Known, now: datetime) -> Verdict:
    """Whether a message of this key may go to somebody now, later or never."""
    others = [one for one in known.past if not is_part_of(key, one.key)]
    if is_batch(key) and is_ignored(others, known.heard):
        return Verdict(stop="ignored")
    day = next(
        (n for n in range(_FREE_BY) if not _is_full(key, others, day_of(now) + n * _DAY)), _FREE_BY
    )
    at = opens(now if not day else day_of(now) + day * _DAY, known.hours)
    return Verdict() if at == now else Verdict(wait=at)


def is_ignored(past: list[Past], heard: datetime | None) -> bool:
    """Whether the last recommendations were met with silence."""
    batches = sorted({(one.at, one.key) for one in past if one.is_batch})[-IGNORED:]
    return len(batches) == IGNORED and (heard is None or heard < batches[0][0])


def opens(now: datetime, hours: frozenset[str] = frozenset()) -> datetime:
    """The first moment from `now` on at which they may be written to, in their own hours."""
    own = next(iter(hours)) if len(hours) == 1 else ""
    begin, end = _HOURS.get(own, (MORNING, EVENING))
    at = now.astimezone(CHINA)
    while not begin <= at.time() < end or is_quiet(at):
        day = at.date() if at.time() < begin else at.date() + _DAY
        at = datetime.combine(day, begin, CHINA)
    return now if at == now else at


def _is_full(key: str, past: list[Past], day: datetime) -> bool:
    """Whether one more on this day would be too many."""
    days = {one.day for one in past}
    if any(sum(day - each < span * _DAY for each in days) >= most for span, most in MOST):
        return True
    return is_batch(key) and any(one.is_batch and day - one.day < FORTNIGHT * _DAY for one in past)


RULES = Rules(judge, is_batch, day_of, connected)
