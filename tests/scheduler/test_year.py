"""Some weeks of the year that `make year` lives through, on another seed each."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from outreach.calendars import CHINA
from tests.year.account import Left, Planned, balance
from tests.year.people import Human
from tests.year.year import START, Size, Year

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_NOON = START.astimezone(CHINA).replace(hour=12)
_BUSY = {"reached": 0.3, "strays": 0.3, "planned": 0.1, "words": 0.1, "kills": 0.8}


@pytest.mark.parametrize("seed", [1, 2])
async def test_no_rule_is_broken_over_restarts_and_outages(tmp_path: Path, seed: int) -> None:
    size = Size(people=24, days=10, seed=seed, campaigns=0.5, outages=0.1, **_BUSY)
    report = await Year(size, tmp_path).run()
    assert report.faults == []
    assert len(report.facts["left"]) > 2  # type: ignore[arg-type]  # of several senders


def _left(days: float, key: str = "fix/1", account: str = "fake:1") -> Left:
    return Left(_NOON + days * _DAY, account, key, is_bulk=True)


@pytest.mark.parametrize(
    ("left", "breach"),
    [
        ([_left(0), _left(0.1)], "2 times on"),
        ([_left(0), _left(0, account="fake:1b")], "2 times on"),
        ([_left(n) for n in (0, 2, 4, 6)], "4 times in 7 days"),
        ([_left(n * 3.5) for n in range(9)], "9 times in 30 days"),
        ([_left(0.4)], "quiet hours"),
        ([_left(75)], "quiet hours"),  # 初一
        ([_left(0.3)], "in the hours of"),
        ([_left(12.9)], "after saying stop"),
        ([_left(0, "elig/1"), _left(13, "project/1")], "within 13 days"),
        ([_left(n, "elig/1") for n in (0, 14, 40)], "two that were ignored"),
        ([_left(0, "elig/1", "fake:2")], "nobody on fake:2 agreed"),
        ([_left(2, "remind/year/1/x")], "not said in its time"),
        ([_left(1, "remind/year/2/x")], "after its reason had gone"),
        ([_left(n, "remind/year/3/x") for n in (0, 2)], "was said 2 times"),
    ],
)
def test_the_account_sees_each_breach(left: list[Left], breach: str) -> None:
    people = [
        Human("one", ("fake:1", "fake:1b"), "day", True, stops=[(_NOON + 12.5 * _DAY, None)]),
        Human("two", ("fake:2",), "", False),
    ]
    planned = {
        "year/1": Planned(_NOON, _NOON + _DAY),
        "year/2": Planned(_NOON, _NOON + 9 * _DAY, _NOON + _HOUR),
    }
    assert any(breach in fault for fault in balance(people, left, planned))
