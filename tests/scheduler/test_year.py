"""Some weeks of the year that `make year` lives through, on another seed each."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from outreach.calendars import CHINA
from tests.year.account import Left, Planned, balance
from tests.year.people import Human
from tests.year.year import START, Size, Year

_DAY, _HOUR = timedelta(days=1), timedelta(hours=1)
_NOON = START.astimezone(CHINA).replace(hour=12)
_BUSY = Size(people=24, days=10, campaigns=0.5, reached=0.3, strays=0.3, planned=0.1, words=0.1)
_BROKEN = replace(_BUSY, outages=0.1, kills=0.8)
_TALKED = replace(_BROKEN, people=20, campaigns=1.0, words=1.0)


# Who is killed closes no connection.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("seed", [1, 2])
async def test_no_rule_is_broken_over_restarts_and_outages(database_url: str, seed: int) -> None:
    report = await Year(replace(_BROKEN, seed=seed), database_url).run()
    assert report.faults == []
    assert len(report.facts["left"]) > 2  # type: ignore[arg-type]  # of several senders


@pytest.mark.parametrize(
    "spoilt",
    [
        {"DELETE FROM push_stop": "after saying stop", "DELETE FROM push_day": "times on"},
        {
            "UPDATE reminder SET due = '2026-01-01 00:00:00'": "not said in its time",
            "UPDATE person SET codes = '{}'": "in the hours of",
            "DELETE FROM audit WHERE act = 'probe.ran'": "probe_each ran",
            "UPDATE outbox SET settled_at = '2026-01-01 00:00:00'": "still kept",
            "UPDATE job_run SET state = 'failed', fault = 'Odd' WHERE job = 'prune_told'": "Odd",
        },
        {
            "UPDATE job_run SET started_at = '2030-01-01 00:00:00'": "too late",
            "DELETE FROM job_run WHERE slot LIKE '2026-11-27%'": "lost a slot",
            "UPDATE reminder SET due = '2030-01-01', until = '2026-01-01'": "wait beyond",
        },
    ],
)
async def test_a_year_that_is_spoilt_is_found_out(tmp_path: Path, spoilt: dict[str, str]) -> None:
    report = await Year(
        replace(_TALKED, spoilt=tuple(spoilt)), f"sqlite:///{tmp_path}/year.db"
    ).run()
    missed = [b for b in spoilt.values() if not any(b in fault for fault in report.faults)]
    assert missed == []


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
