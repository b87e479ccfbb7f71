"""`knowledge eval` on corpora as others write them: ids, areas, languages, lengths, doubles."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.evaluate import evaluate

Lines = list[dict[str, Any]]
SUBSIDY = "一次性创业补贴要准备哪些材料"


def entries(*questions: str) -> Lines:
    return [{"id": number, "question": text} for number, text in enumerate(questions)]


def found(lines: Lines, query: str, **more: Any) -> list[Any]:
    report = evaluate(lines, [{"id": 1, "query": query, "gold": [], **more}])
    return [id for id, _ in report.rows[0]["best"]]


@pytest.mark.parametrize("id", [7, "7", 7.5, True, None, ["a", 1], {"a": 1}])
def test_an_id_may_be_of_any_kind_and_comes_back_as_it_went_in(id: object) -> None:
    lines: Lines = [{"id": id, "question": SUBSIDY}, {"id": "other", "question": "园区在哪"}]
    report = evaluate(lines, [{"id": 1, "query": SUBSIDY, "gold": [id]}])
    assert report.rows[0]["best"][0][0] == id
    assert report.figures["recall_at_1"] == 1.0


def test_lines_of_one_id_are_wordings_of_one_entry() -> None:
    lines = [{"id": 1, "question": SUBSIDY}, {"id": 1, "question": "开小店政府给几个钱"}]
    assert evaluate(lines, []).figures["entries"] == 1
    assert found(lines, "开小店给几个钱") == [1]


@pytest.mark.parametrize("query", ["", "？！", "\0", "\ud800", "😀", " " * 5000])
def test_a_query_without_a_letter_finds_nothing(query: str) -> None:
    assert found(entries(SUBSIDY), query) == []


@pytest.mark.parametrize(
    ("query", "right"),
    [
        ("How to apply for loans", 0),
        ("WHERE is the centre", 1),
        ("iphone8 怎么登录 qq", 3),
        ("IPHONE7登录QQ", 2),
    ],
)
def test_foreign_words_and_numbers_count_as_wholes(query: str, right: int) -> None:
    asked = ("How do I apply for a loan?", "Where is the service centre?")
    lines = entries(*asked, "用 iPhone 7 登录 QQ", "用 iPhone 8 登录 QQ")
    assert found(lines, query)[0] == right


@pytest.mark.parametrize(
    ("area", "right"),
    [
        ("山东省菏泽市定陶区", 0),
        ("371703", 0),
        ("濮阳", 1),
        ("夷陵", 2),
        ("火星县", 3),
        ("开封", 4),
    ],
)
def test_an_area_has_its_own_entry_before_the_one_for_all(area: str, right: int) -> None:
    areas = ("定陶", "410900", "宜昌市", "火星县", "")
    lines = [{"id": n, "question": SUBSIDY, "area": a} for n, a in enumerate(areas)]
    best = found(lines, SUBSIDY, area=area)
    assert best[0] == right
    assert set(best) <= {right, 4}


def test_a_long_story_is_found_by_what_it_asks() -> None:
    story = (
        "我在广东东莞模具厂干了好多年，厂子不行了，今年春节回来就没再出去，家里两个娃要读书，" * 8
    )
    lines = entries(SUBSIDY, "广东东莞模具厂招工", "娃读书怎么转学")
    assert found(lines, f"{story}想开个小五金店，请问一次性创业补贴准备哪些材料？")[0] == 0


def test_what_only_the_answer_says_is_found_too() -> None:
    lines = [
        {"id": 1, "question": "解读一", "answer": "贷款由财政贴息。" * 60},
        {"id": 2, "question": "解读二", "answer": "租用场地的，前三年给予场地租金补贴。"},
    ]
    assert found(lines, "场地租金补贴")[0] == 2


def test_traditional_script_numerals_and_sounds_are_one() -> None:
    lines = entries("个体户最高能贷十五万吗", "合伙最高能贷五十万吗")
    for query in ("個體戶最高能貸15萬嗎", "个体户最高能贷15w嘛", "各体户最高能带十五万吗"):
        assert found(lines, query)[0] == 0


def test_a_stranger_is_not_answered_even_among_few() -> None:
    report = evaluate(entries(SUBSIDY, "园区在哪"), [{"id": 1, "query": "明天下雨吗", "gold": []}])
    assert report.figures["answered"] == 0.0


def test_recall_is_told_for_each_kind_that_queries_are_marked_with() -> None:
    asked = {"query": SUBSIDY, "gold": [0]}
    queries = [
        {"id": 1, **asked, "kind": "typo"},
        {"id": 2, **asked, "gold": [1], "kind": "voice"},
    ]
    figures = evaluate(entries(SUBSIDY, "园区在哪"), queries).figures
    assert (figures["recall_at_1 typo"], figures["recall_at_1 voice"]) == (1.0, 0.0)


def test_of_answers_five_percent_may_be_wrong() -> None:
    queries: Lines = [{"id": n, "query": SUBSIDY, "gold": [0]} for n in range(3)]
    queries += [{"id": 9, "query": "明天下雨吗", "gold": []}]
    figures = evaluate(entries(SUBSIDY, "园区在哪"), queries).figures
    assert figures["right_at_5_percent_wrong"] == 1.0
