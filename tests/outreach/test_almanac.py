"""Moments as people say them, and festivals against two calendars that are not ours."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import cnlunar
import pytest
from lunar_python import Lunar

from outreach import almanac
from outreach.almanac import AlmanacFault, moment
from outreach.calendars import CHINA, FESTIVALS

_NOW = datetime(2026, 11, 22, 15, 0, tzinfo=CHINA)
_YEARS = range(2024, 2036)
_DAYS = [(12, 23), (1, 1), (1, 6), (1, 15), (5, 5), (8, 15), (12, 8)]
_SAID = {(12, 23): "腊月廿三", (1, 1): "春节", (1, 6): "初六", (1, 15): "元宵"} | {
    (5, 5): "端午",
    (8, 15): "中秋",
    (12, 8): "腊八",
}


def _in_cnlunar(day: date) -> cnlunar.Lunar:
    noon = datetime(day.year, day.month, day.day, 12)  # noqa: DTZ001 (the library knows no zones)
    return cnlunar.Lunar(noon)


def _eve_by_cnlunar(year: int) -> date:
    """The day before the first of the first month, found by asking about each day."""
    for day in (date(year, 1, 20) + timedelta(n) for n in range(40)):
        there = _in_cnlunar(day)
        if (there.lunarMonth, there.lunarDay) == (1, 1):
            return day - timedelta(1)
    raise AssertionError(year)


@pytest.mark.parametrize("year", _YEARS)
def test_the_eve_is_the_same_in_two_other_calendars(year: int) -> None:
    first = Lunar.fromYmd(year, 1, 1).getSolar()
    eve = date(first.getYear(), first.getMonth(), first.getDay()) - timedelta(1)
    assert almanac.eve(year) == eve == _eve_by_cnlunar(year)


@pytest.mark.parametrize(("month", "day"), _DAYS)
@pytest.mark.parametrize("year", _YEARS)
def test_lunar_days_are_those_of_two_other_calendars(year: int, month: int, day: int) -> None:
    there = Lunar.fromYmd(year, month, day).getSolar()
    expected = date(there.getYear(), there.getMonth(), there.getDay())
    before = datetime(expected.year, expected.month, expected.day, tzinfo=CHINA)
    found = moment(_SAID[month, day], before - timedelta(30)).at.date()
    again = _in_cnlunar(found)
    assert (found, again.lunarMonth, again.lunarDay) == (expected, month, day)


def test_quiet_days_of_the_festival_are_those_of_the_almanac() -> None:
    assert [almanac.eve(day.year) + timedelta(1) for day in FESTIVALS] == list(FESTIVALS)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("腊月廿三", "2027-01-30 09:00"),
        ("除夕前3天 9:30", "2027-02-02 09:30"),
        ("大年三十", "2027-02-05 09:00"),
        ("初六晚上7点半", "2027-02-11 19:30"),
        ("初十八点", "2027-02-15 08:00"),
        ("腊月二十三九点", "2027-01-30 09:00"),
        ("腊月廿三十点", "2027-01-30 10:00"),
        ("春节后五天", "2027-02-11 09:00"),
        ("明年春节", "2027-02-06 09:00"),
        ("八月十五", "2027-09-15 09:00"),
        ("农历12月23", "2027-01-30 09:00"),
        ("1月20", "2027-01-20 09:00"),
        ("２０２７年１月３日　９：００", "2027-01-03 09:00"),
        ("十二月八日", "2026-12-08 09:00"),
        ("2月29日", "2028-02-29 09:00"),
        ("清明", "2027-04-05 09:00"),
        ("国庆", "2027-10-01 09:00"),
        ("下周三", "2026-11-25 09:00"),
        ("今天下午4点", "2026-11-22 16:00"),
        ("3天后", "2026-11-25 09:00"),
        ("中秋第二天", "2027-09-16 09:00"),
    ],
)
def test_a_moment_is_understood_as_it_is_said(said: str, expected: str) -> None:
    assert f"{moment(said, _NOW).at:%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize(
    ("said", "hint"),
    [
        ("小年", "廿三"),
        ("腊月三十", "2027年2月5日"),
        ("2027年除夕", "两种说法"),
        ("2月30日", "没有"),
        ("25点", "时间"),
        ("除夕晚上", "几点"),
        ("昨天", "没看懂"),
        ("2026年1月20日", "过了"),
        ("今天下午2点", "过了"),
        ("", "没看懂"),
    ],
)
def test_what_means_no_moment_is_said_and_how_to_put_it(said: str, hint: str) -> None:
    with pytest.raises(AlmanacFault, match=hint):
        moment(said, _NOW)


def test_a_thirtieth_is_a_day_in_a_year_that_has_one() -> None:
    before = datetime(2029, 12, 1, tzinfo=CHINA)
    assert moment("腊月三十", before).at.date() == date(2030, 2, 2) == almanac.eve(2030)


def test_a_moment_is_said_back_in_both_calendars() -> None:
    assert moment("初六", _NOW).words == "2027年2月11日（农历正月初六）09:00"


def test_the_evening_may_be_each_persons_own() -> None:
    found = moment("腊月廿三每人晚上", _NOW)
    assert found.is_evening
    assert found.at.date() == date(2027, 1, 30)
