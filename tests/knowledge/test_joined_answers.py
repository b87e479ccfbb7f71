"""Several questions in one message: each answered, and each rule said to be whose it is."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from knowledge.answer import Answerer

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("question", "home", "theirs", "label"),
    [
        ("宜昌的雁归宜昌项目给多少钱？我们这贷款最多贷几年？", "定陶", "5万元", "不是定陶的"),
        ("定陶个体户贷款最高多少？宜昌雁归宜昌项目给多少钱？", "定陶", "5万元", "不是定陶的"),
        ("雁归宜昌项目给多少钱？我们贷款利率多少？", "濮阳", "5万元", "不是濮阳的"),
    ],
)
def test_another_area_s_figure_stands_below_its_label(
    question: str, home: str, theirs: str, label: str, answerer: Answerer
) -> None:
    lines = answerer.answer(question, area=home, now=NOW).text.splitlines()
    told = next(n for n, line in enumerate(lines) if theirs in line)
    assert any(label in line for line in lines[:told])


def test_what_holds_at_home_stands_above_every_label(answerer: Answerer) -> None:
    question = "雁归宜昌项目给多少钱？定陶个体户贷款最高多少？"
    lines = answerer.answer(question, area="定陶", now=NOW).text.splitlines()
    label = next(n for n, line in enumerate(lines) if "不是定陶的" in line)
    assert any("10万元" in line for line in lines[:label])
