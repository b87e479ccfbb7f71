"""What people and staff write about cases."""

from __future__ import annotations

from datetime import date

import pytest

from handlers.cases.words import (
    Examples,
    Line,
    May,
    Serve,
    Verb,
    Who,
    figure_of,
    line_of,
    months_of,
    wish_of,
)
from outreach.cases.publishing import Leave
from records.cases import Figure, Tier

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "text",
    [
        "别讲我的故事",
        "别讲我的故事了。",
        "不要讲我的故事",
        "以后别跟别人讲我的事",
        "不要再宣传我的事迹了",
        "不许用我的例子",
        "别把我的事讲出去",
        "我的故事别讲了",
        "我的事不要跟别人说",
        "把我的故事撤了",
        "撤回我的故事",
        "不同意讲我的故事",
        "不想讲我的故事了",
        "别再讲我了",
        "別講我的故事",
    ],
)
def test_one_word_takes_a_story_back(text: str) -> None:
    assert wish_of(text) == May(Leave.NO)


@pytest.mark.parametrize(
    "text",
    [
        "不想说我的事",
        "别说了",
        "别推荐了",
        "我的事办得怎么样了",
        "别给我发了",
        "不用名字行不行呢",
        "典型案例一年要评多少名",
        "有没有贷款",
        "谁能帮我办",
        "例子",
        "有人吗",
        "创业",
    ],
)
def test_other_words_take_nothing_back(text: str) -> None:
    assert not isinstance(wish_of(text), May | Serve)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("能讲我的故事 案例3", May(Leave.NAMED, 3)),
        ("可以讲我的故事", May(Leave.NAMED)),
        ("不用名字讲我的故事 案例3", May(Leave.NAMELESS, 3)),
        ("不用名字可以", May(Leave.NAMELESS)),
        ("愿意当大使", Serve(says_yes=True)),
        ("不当大使", Serve(says_yes=False)),
        ("不想当宣传大使了", Serve(says_yes=False)),
        ("典型", Examples()),
        ("身边的例子", Examples()),
        ("有没有人干成", Examples()),
        ("有没有人干成的", Examples()),
        ("我们县有没有人干成了", Examples()),
        ("有成功的例子吗", Examples()),
        ("我们县有没有典型", Examples()),
        ("给我讲讲身边的故事", Examples()),
        ("我想听听返乡创业的典型案例", Examples()),
        ("附近谁干成了", Examples()),
        ("看看身边的典型", Examples()),
        ("案例3", Examples(3)),
        ("看案例 3", Examples(3)),
    ],
)
def test_what_people_want_of_cases(text: str, wish: object) -> None:
    assert wish_of(text) == wish


@pytest.mark.parametrize(
    "text", ["我的故事", "看" * 30, "有没有人", "有人", "谁", "做", "谁办", "有谁", "哪些人办"]
)
def test_a_scrap_is_no_question_for_examples(text: str) -> None:
    assert wish_of(text) is None


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("案例", Line(Verb.LOOK)),
        ("看案例3", Line(Verb.LOOK, 3)),
        ("案例3", Line(Verb.LOOK, 3)),
        ("案例 卡片", Line(Verb.CARD)),
        ("案例 3 卡片", Line(Verb.CARD, 3)),
        ("案例3典型 带动12人", Line(Verb.MOVE, 3, "带动12人", Tier.TYPICAL)),
        ("案例 3 线索：数字有疑问", Line(Verb.MOVE, 3, "数字有疑问", Tier.LEAD)),
        ("同意案例3", Line(Verb.AGREE, 3)),
        ("案例 3 同意。", Line(Verb.AGREE, 3)),
        (
            "案例 3 故事 第一年赔了。\n第二年好了。",
            Line(Verb.STORY, 3, "第一年赔了。\n第二年好了。"),
        ),
        ("案例 3 大使 两年", Line(Verb.SERVE, 3, "两年")),
        ("新案例 3号", Line(Verb.NEW, who=Who(dossier=3))),
        (
            "新案例 老周 9999 2023年返乡 大棚",
            Line(Verb.NEW, text="大棚", who=Who(name="老周", last="9999"), year=2023),
        ),
        ("新案例 13700009999 大棚", Line(Verb.NEW, text="大棚", who=Who(phone="13700009999"))),
        ("新案例", Line(Verb.NEW)),
        ("案例 3 随便写写", None),
        ("讲讲案例怎么写", None),
    ],
)
def test_a_line_of_staff(text: str, line: Line | None) -> None:
    assert line_of(text) == line


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("带动12人 2026年10月", Figure("带动12人", date(2026, 10, 31))),
        ("带动12人 2026年11月", Figure("带动12人", TODAY)),
        ("年卖30万元，2025-12-31", Figure("年卖30万元", date(2025, 12, 31))),
        ("带动12人（2026年10月8日）", Figure("带动12人", date(2026, 10, 8))),
        ("带动12人", None),
        ("带动12人 2026年13月", None),
        ("带动12人 2026年2月30日", None),
        ("带动12人 2027年1月", None),
    ],
)
def test_a_figure_has_its_day(text: str, figure: Figure | None) -> None:
    assert figure_of(text, TODAY) == figure


@pytest.mark.parametrize(("text", "months"), [("", 12), ("半年", 6), ("18个月", 18), ("百年", 0)])
def test_a_term_in_words(text: str, months: int) -> None:
    assert months_of(text) == months
