"""The figures of `knowledge eval` on a corpus so small that they are known beforehand."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.evaluate import NO_EMPTY_GOLD, NO_GOLD, Report, evaluate, named, strangers

ENTRIES: list[dict[str, Any]] = [
    {"id": "loan", "question": "创业担保贷款最高能贷多少", "answer": "见文件"},
    {"id": "rent", "question": "门面房租金补贴怎么申请", "answer": "见文件"},
    {"id": "course", "question": "电商培训班什么时候开课", "answer": "见文件"},
    {"id": "park", "question": "返乡创业园在哪个地方", "answer": "见文件", "area": "甲县"},
]
QUERIES: list[dict[str, Any]] = [
    {"id": 1, "query": "创业担保贷款最高能贷多少钱", "gold": ["loan"]},
    {"id": 2, "query": "门面房的租金补贴咋申请", "gold": ["rent"]},
    {"id": 3, "query": "电商培训班啥时候开课", "gold": ["course"]},
    {"id": 4, "query": "明天下雪吗", "gold": []},
]


@pytest.fixture(scope="module")
def report() -> Report:
    return evaluate(ENTRIES, QUERIES)


def test_what_is_asked_plainly_is_found_first(report: Report) -> None:
    assert report.figures["recall_at_1"] == 1.0
    assert report.figures["recall_at_5"] == 1.0
    assert report.figures["mrr"] == 1.0


def test_a_query_without_an_answer_scores_below_all_others(report: Report) -> None:
    assert report.figures["abstention_auc"] == 1.0


def test_everything_is_counted(report: Report) -> None:
    assert report.figures["entries"] == len(ENTRIES)
    assert report.figures["queries"] == len(QUERIES)
    assert [row["id"] for row in report.rows] == [1, 2, 3, 4]


def test_the_best_come_first_with_their_probability(report: Report) -> None:
    for row in report.rows:
        scores = [score for _, score in row["best"]]
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)


def test_a_wrong_gold_counts_against_recall() -> None:
    asked = [QUERIES[0], {**QUERIES[1], "gold": ["course"]}]
    assert evaluate(ENTRIES, asked).figures["recall_at_1"] == 0.5


@pytest.mark.parametrize(
    ("queries", "why"), [([], NO_GOLD), ([QUERIES[3]], NO_GOLD), ([QUERIES[0]], NO_EMPTY_GOLD)]
)
def test_a_figure_that_cannot_be_taken_is_none_and_says_why(
    queries: list[dict[str, Any]], why: str
) -> None:
    report = evaluate(ENTRIES, queries)
    assert report.figures["abstention_auc"] is None
    assert (report.figures["recall_at_1"] is None) == (why == NO_GOLD)
    assert f"abstention_auc            - ({why})" in report.as_text()


def test_gold_that_is_no_entry_is_counted_and_the_first_of_it_named() -> None:
    gold = ["loan", *(f"nowhere-{n}" for n in range(7)), "nowhere-0"]
    missing = strangers(ENTRIES, [{**QUERIES[0], "gold": gold}])
    firsts = ", ".join(f"nowhere-{n}" for n in range(5))
    assert named(missing) == f"7 ({firsts}, …)"
    figures = evaluate(ENTRIES, [{**QUERIES[0], "gold": gold}]).figures
    assert figures["gold_in_no_entry"] == 7


def test_a_query_of_another_area_does_not_find_the_entry() -> None:
    query = {"id": 5, "query": "返乡创业园在哪个地方", "gold": []}
    home, away = evaluate(ENTRIES, [{**query, "area": "甲县"}, {**query, "area": "乙县"}]).rows
    assert home["best"][0][0] == "park"
    assert "park" not in [found for found, _ in away["best"]]


def test_the_report_has_one_figure_a_line(report: Report) -> None:
    assert len(report.as_text().splitlines()) == len(report.figures)
