"""The last day of a promise: shown, near, late, and never guessed."""

from __future__ import annotations

from datetime import datetime

import pytest

from outreach import clocks
from outreach.calendars import CHINA


def _at(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 10, 0, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("begun", "days", "now", "shown"),
    [
        (_at(11, 20), 7, _at(11, 20), "最晚12月1日"),  # a Friday
        (_at(9, 24), 3, _at(9, 24), "最晚9月30日"),  # 中秋 holds up
        (_at(9, 30), 1, _at(9, 30), "最晚10月8日"),  # 国庆, too
        (_at(11, 20), 1, _at(11, 23), "最晚11月23日"),
        (_at(11, 20), 1, _at(11, 24), "已超期1个工作日"),
        (_at(11, 19), 1, _at(11, 21), "11月20日已到期"),  # a Saturday: no working day late
    ],
)
def test_the_last_day_is_said_and_so_is_that_it_has_passed(
    begun: datetime, days: int, now: datetime, shown: str
) -> None:
    assert clocks.clock(begun, days).shown(now) == shown


def test_a_year_that_is_not_announced_is_said_and_never_late() -> None:
    clock = clocks.clock(_at(1, 4, 2099), 3)
    assert clock.shown(_at(6, 1, 2099)) == "3个工作日内（2099年放假安排还没公布）"
    assert not clock.is_late(_at(6, 1, 2099))
    assert clock.is_up(_at(6, 1, 2099))  # staff are nudged all the same


@pytest.mark.parametrize(
    ("now", "is_near"),
    [((11, 20), False), ((11, 27), False), ((11, 30), True), ((12, 1), True), ((12, 2), False)],
)
def test_the_last_two_working_days_are_near(now: tuple[int, int], is_near: bool) -> None:
    assert clocks.clock(_at(11, 20), 7).is_near(_at(*now)) is is_near


def test_what_was_promised_for_tomorrow_is_not_near_today() -> None:
    assert not clocks.clock(_at(11, 23), 1).is_near(_at(11, 23))
