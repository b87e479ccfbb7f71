"""A slot comes by its rule; late ones are dropped, made up for once, or each."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.calendars import CHINA
from scheduler import slots
from scheduler.slots import Every, Late, Missed, Schedule, daily, monthly, pending, weekly

DAY = timedelta(days=1)
SEVEN = time(19, 0)
SATURDAY = datetime(2026, 11, 21, 12, 0, tzinfo=CHINA)
_RULES = (
    Every(timedelta(minutes=10)),
    daily(SEVEN),
    weekly(slots.MONDAY, SEVEN),
    monthly(1, time(6, 0)),
    slots.working_days(time(8, 40)),
)
_MOMENTS = st.integers(0, 6 * 366 * 86_400).map(
    lambda second: datetime(2024, 1, 1, tzinfo=CHINA) + timedelta(seconds=second)
)


def _day(month: int, day: int, hour: int = 19, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        (Every(timedelta(minutes=10)), _day(11, 21, 12), _day(11, 21, 12, 10)),
        (daily(SEVEN), _day(11, 20), _day(11, 21)),
        (daily(time(12, 0)), _day(11, 21, 12), _day(11, 22, 12)),
        (weekly(slots.MONDAY, SEVEN), _day(11, 16), _day(11, 23)),
        (monthly(1, SEVEN), _day(11, 1), _day(12, 1)),
        (slots.working_days(SEVEN), _day(11, 20), _day(11, 23)),
    ],
    ids=lambda value: getattr(value, "words", ""),
)
def test_slots_lie_where_the_rule_says(rule: Schedule, before: datetime, after: datetime) -> None:
    assert rule.newest(SATURDAY) == before
    assert rule.following(SATURDAY) == after


def test_offices_work_on_a_weekend_that_makes_up_for_a_holiday() -> None:
    sunday = datetime(2026, 2, 14, 12, 0, tzinfo=CHINA)
    assert slots.working_days(SEVEN).following(sunday) == _day(2, 14)


def test_days_of_a_year_that_is_not_announced_are_weekdays() -> None:
    saturday = datetime(2040, 1, 7, 12, 0, tzinfo=CHINA)
    assert slots.working_days(SEVEN).following(saturday) == saturday + 2 * DAY + timedelta(hours=7)


def test_a_day_that_not_every_month_has_is_refused() -> None:
    with pytest.raises(ValueError, match="every month"):
        monthly(31, SEVEN)


@pytest.mark.parametrize("rule", _RULES, ids=lambda rule: rule.words)
@given(now=_MOMENTS)
def test_no_slot_lies_between_the_newest_and_the_next(rule: Schedule, now: datetime) -> None:
    newest, following = rule.newest(now), rule.following(now)
    assert newest is not None
    assert following is not None
    assert newest <= now < following
    assert rule.following(newest) == following
    assert rule.newest(following - timedelta(seconds=1)) == newest


@pytest.mark.parametrize(
    ("late", "runs", "dropped"),
    [
        (slots.dropped(timedelta(minutes=30)), [], [18, 19, 20]),
        (slots.dropped(timedelta(hours=20)), [20], [18, 19]),
        (slots.once(3 * DAY), [20], [18, 19]),
        (slots.once(timedelta(hours=1)), [], [18, 19, 20]),
        (slots.each(30 * DAY), [18, 19, 20], []),
        (slots.each(2 * DAY), [19, 20], [18]),
    ],
    ids=lambda value: getattr(value, "words", ""),
)
def test_late_slots_are_dropped_or_made_up_for(
    late: Late, runs: list[int], dropped: list[int]
) -> None:
    found = pending(daily(SEVEN), late, last=_day(11, 17), now=SATURDAY)
    assert list(found.runs) == [_day(11, day) for day in runs]
    assert sorted(each.slot for each in found.missed) == [_day(11, day) for day in dropped]


def test_it_is_said_why_a_slot_was_dropped() -> None:
    found = pending(daily(SEVEN), slots.once(2 * DAY), last=_day(11, 17), now=SATURDAY)
    assert set(found.missed) == {Missed(_day(11, 18), "late"), Missed(_day(11, 19), "newer")}


def test_a_slot_that_failed_is_tried_again() -> None:
    failed = [_day(11, 20)]
    found = pending(daily(SEVEN), slots.once(DAY), last=_day(11, 20), failed=failed, now=SATURDAY)
    assert found.runs == (_day(11, 20),)


def test_of_what_comes_all_day_only_the_newest_is_run() -> None:
    ten = Every(timedelta(minutes=10))
    found = pending(ten, slots.once(DAY), last=SATURDAY - 9 * DAY, now=SATURDAY)
    assert (found.runs, found.missed) == ((SATURDAY,), ())


_LATE = st.sampled_from(
    [slots.dropped(timedelta(hours=1)), slots.once(3 * DAY), slots.each(9 * DAY)]
)


@pytest.mark.parametrize("rule", _RULES[1:], ids=lambda rule: rule.words)
@given(now=_MOMENTS, away=st.integers(0, 2000), late=_LATE)
def test_every_slot_that_has_come_is_run_or_dropped_and_none_twice(
    rule: Schedule, now: datetime, away: int, late: Late
) -> None:
    last = now - timedelta(hours=away)
    found = pending(rule, late, last=last, now=now)
    seen = sorted([*found.runs, *(each.slot for each in found.missed)])
    assert len(seen) == len(set(seen))
    assert all(rule.following(one) == other for one, other in pairwise(seen))
    assert (seen[0] == rule.following(last)) if seen else (rule.newest(now) or last) <= last
    assert all(now - slot <= late.limit for slot in found.runs)
