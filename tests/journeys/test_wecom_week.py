"""A small week of 微信客服; `make wecom-week` lives through one of two thousand people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.wecom_week.people import Kind, kind_of, week
from tests.wecom_week.week import Report, Size, Week


@pytest.fixture
async def report(tmp_path: Path) -> Report:
    return await Week(Size(people=25, days=2, seed=3, areas="定陶"), tmp_path).run()


async def test_the_books_of_a_week_balance(report: Report) -> None:
    assert report.account.faults == []
    assert report.facts["overdrawn"] == 0
    assert report.facts["starts"] == 3
    assert report.account.states["merged"] > 0
    assert len(str(report.facts["injected"])) > 20


def test_every_sort_of_person_takes_part() -> None:
    assert {kind_of(number) for number in range(100)} == set(Kind)


def test_a_week_is_the_same_for_the_same_seed() -> None:
    assert week(30, 5) == week(30, 5) != week(30, 6)
