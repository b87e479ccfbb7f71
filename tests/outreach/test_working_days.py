"""Working days as the State Council's notices have them (国办发明电〔2025〕7号 for 2026)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from outreach.calendars import CHINA
from outreach.working_days import NotAnnounced, between, deadline, is_known, is_working_day


def _at(month: int, day: int, hour: int = 10) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 2, 13), True),
        (date(2026, 2, 14), True),  # a Saturday made up for the festival
        (date(2026, 2, 15), False),
        (date(2026, 2, 23), False),
        (date(2026, 2, 24), True),
        (date(2026, 2, 28), True),  # a Saturday again
        (date(2026, 5, 9), True),
        (date(2026, 10, 7), False),
        (date(2026, 10, 10), True),
        (date(2026, 11, 22), False),  # a plain Sunday
    ],
)
def test_a_day_is_as_the_notice_says(day: date, works: bool) -> None:
    assert is_working_day(day) is works


@pytest.mark.parametrize(
    ("start", "days", "last"),
    [
        (_at(11, 23), 7, date(2026, 12, 2)),
        (_at(11, 20, 23), 1, date(2026, 11, 23)),  # Friday evening to Monday
        (_at(2, 13), 1, date(2026, 2, 14)),
        (_at(2, 13), 2, date(2026, 2, 24)),  # over the festival
        (_at(9, 28), 7, date(2026, 10, 13)),
    ],
)
def test_a_limit_ends_on_its_last_working_day(start: datetime, days: int, last: date) -> None:
    assert deadline(start, days).day == last


def test_a_day_begins_at_midnight_in_china() -> None:
    late = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)  # Monday the 23rd, half past midnight there
    assert deadline(late, 1).day == date(2026, 11, 24)


def test_a_year_that_is_not_announced_is_said_and_not_guessed() -> None:
    limit = deadline(_at(12, 28), 7)
    assert limit.day is None
    assert "2027年放假安排还没公布" in limit.spoken
    assert not limit.is_over(date(2027, 3, 1))
    assert not is_known(2027)


def test_who_asks_for_an_unknown_day_is_told_which_year() -> None:
    with pytest.raises(NotAnnounced, match="2031"):
        is_working_day(date(2031, 1, 4))


def test_a_limit_is_over_the_day_after() -> None:
    limit = deadline(_at(11, 23), 7)
    assert not limit.is_over(date(2026, 12, 2))
    assert limit.is_over(date(2026, 12, 3))


@given(day=st.dates(date(2019, 1, 1), date(2026, 10, 1)), days=st.integers(1, 40))
def test_from_start_to_limit_lie_just_so_many_working_days(day: date, days: int) -> None:
    start = datetime.combine(day, time(15), CHINA)
    limit = deadline(start, days)
    assert limit.day is not None
    assert is_working_day(limit.day)
    assert between(start, datetime.combine(limit.day, time(9), CHINA)) == days
