"""The day on which somebody says that they come home, read from their own words."""

from __future__ import annotations

from datetime import datetime

import pytest

from outreach.calendars import CHINA
from outreach.returning import day_of
from registry.returning import settled
from tests.handlers.support.talks import REGISTERED, registered

NOW = datetime(2026, 11, 22, 16, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("腊月二十", "2027-01-27"),
        ("大概腊月廿六左右回来", "2027-02-02"),
        ("1月20号", "2027-01-20"),
        ("除夕前两天回", "2027-02-03"),
        ("明年清明", "2027-04-05"),
        ("2027年1月20日", "2027-01-20"),
    ],
)
def test_a_day_is_read(said: str, day: str) -> None:
    found = day_of(said, NOW)
    assert found is not None
    assert found.isoformat() == day


@pytest.mark.parametrize("said", ["5月底", "2027年1月", "年底", "腊月二十前", "过完年"])
def test_about_when_is_no_day(said: str) -> None:
    assert day_of(said, NOW) is None


@pytest.mark.parametrize(
    ("words", "is_away", "code"),
    [
        ("2027年1月20日", True, "2027-01-20"),
        ("2027年2月30日", True, None),
        ("2027年1月", True, None),
        ("腊月二十", True, "2027-01-27"),
        ("2027年1月20日", False, None),
        ("", True, None),
    ],
)
def test_a_list_names_it_to_the_day(words: str, is_away: bool, code: str | None) -> None:
    before = {"return_on": "2027-01-27"}
    found = settled(before, {"return_period_text": words}, is_away=is_away)
    assert found.get("return_on") == code


def test_it_is_kept_with_the_words_and_goes_with_them() -> None:
    walk = registered(talk=(*REGISTERED[:5], "腊月二十", *REGISTERED[6:]))
    assert "return_on" in walk.profiles()[0].answers
    walk.all("修改2", "1", "3")
    assert "return_on" not in walk.profiles()[0].answers
