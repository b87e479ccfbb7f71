"""Years and numbers that the fuzzer tried: beyond the calendar, and longer than any number."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from handlers.wishes import clauses
from knowledge.exchange.cells import cell_of
from outreach import almanac
from outreach.reports import periods
from registry import days

NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


@pytest.mark.parametrize(
    "said",
    [
        "9999-12-31",
        "9999年清明",
        "3000年除夕",
        "0001年清明",
        "2100年12月31日",
        "2099年12月31日后999天",
    ],
)
def test_a_year_beyond_the_lunar_calendar_is_said_to_be_wrong(said: str) -> None:
    with pytest.raises(almanac.AlmanacFault, match="年份不对"):
        almanac.moment(said, NOW)


def test_the_last_year_of_the_calendar_is_read() -> None:
    assert almanac.moment("2099年12月31日", NOW).at.date() == date(2099, 12, 31)


@pytest.mark.parametrize("text", ["9999", "9999-B6", "9999-12-31", "0001", "0001-01-01", "2200"])
def test_a_period_whose_neighbours_no_calendar_has_is_none(text: str) -> None:
    with pytest.raises(periods.PeriodFault, match="1900 to 2199"):
        periods.parse(text)


@pytest.mark.parametrize("text", ["9" * 400 + "年", "9" * 5_000 + "个月"])
def test_a_span_longer_than_any_life_is_none(text: str) -> None:
    assert days.months(text) is None


@pytest.mark.parametrize("count", ["99999999", "9" * 30])
@pytest.mark.parametrize("words", ["{}个月别发消息", "过{}天再发"])
def test_a_wish_for_longer_than_any_life_is_none(words: str, count: str) -> None:
    assert clauses.heard(words.format(count), NOW) is None


def test_a_cell_of_thousands_of_digits_is_no_day() -> None:
    assert days.day(cell_of("9" * 5_000)) is None
