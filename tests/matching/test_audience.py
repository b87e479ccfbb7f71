"""Audiences as they are typed: what they mean, how they read back, where they are wrong."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.audience.faults import AudienceFault
from matching.audience.page import page
from matching.audience.parsing import parse
from matching.audience.saying import said
from matching.audience.unkept import EVERYBODY
from matching.audience.values import All, Either, Field, Has, Not, Someone
from matching.audience.words import OPPOSITES, PHRASES, VERBS
from tests.matching.audiences import NOW, a_condition, a_someone, places

_ROOT = Path(__file__).parents[2]
_TODAY = NOW.date()


def _spoken(typed: str) -> str:
    return parse(typed, places, _TODAY).spoken


@pytest.mark.parametrize(
    ("typed", "spoken"),
    [
        ("老家在定陶 且 在外地 且 想做种养、电商", "老家在定陶 且 在外地 且 想做种养、电商直播"),
        ("定陶 想创业 缺本钱", "老家在定陶 且 想创业 且 缺本钱"),
        ("湘乡人，会电工或焊工，不缺场地", "老家在湘乡 且 会电工、焊工 且 没说缺场地"),
        ("定陶，想创业或想上班", "老家在定陶 且 （想创业 或 想回来上班）"),
        ("想创业且缺本钱或想上班", "（想创业 且 缺本钱） 或 想回来上班"),
        ("（想做电商 或 想做民宿）且现在在广州打工", "想做电商直播、乡村旅游民宿 且 现在在广州"),
        ("90天没联系 没有专员", "2026年8月24日起没联系过 且 没有专员"),
        ("除了重点乡贤", "不是重点乡贤"),
        ("课 3学员", None),
        (
            "课3学员；执照满6个月；标签直播学员",
            "报课3 且 2026年5月22日及以前办执照 且 标签直播学员",
        ),
        ("所有人", "所有人"),
        ("会　电工 、焊工", "会电工、焊工"),
        ("定陶在外地想创业的", "老家在定陶 且 在外地 且 想创业"),
        ("会电工的湘乡人", "会电工 且 老家在湘乡"),
        ("在广州打工的定陶人", "现在在广州 且 老家在定陶"),
        ("定陶或者湘乡", "老家在定陶、湘乡"),
        ("一个月没联系的", "2026年10月22日起没联系过"),
        ("从来没联系过的", "没联系过"),
        ("今年新登记的", "2026年登记"),
        ("没本钱、场地的", "缺本钱、场地"),
        ("公司和合作社", "公司 或 合作社"),
        ("电工和焊工", "会电工、焊工"),
        ("除了湘乡的都要", "老家不在湘乡"),
        ("没专员的", "没有专员"),
        ("想学电商的", "想学电商"),
        ("定陶（在外）", "老家在定陶 且 在外地"),
        ("张湾镇", "老家在张湾镇"),
        ("会电工 且 焊工", "会电工 且 会焊工"),
    ],
)
def test_an_audience_reads_back_as_it_was_understood(typed: str, spoken: str | None) -> None:
    if spoken is None:
        with pytest.raises(AudienceFault):
            _spoken(typed)
        return
    assert _spoken(typed) == spoken
    assert parse(spoken, places, _TODAY).condition == parse(typed, places, _TODAY).condition


@pytest.mark.parametrize(
    ("typed", "where", "hint"),
    [
        ("", 1, "还没写"),
        ("会飞", 2, "电工"),
        ("想创也", 1, "想创业"),
        ("定陶 且", 5, "可以写"),
        ("（定陶", 4, "右括号"),
        ("定陶）", 3, "多了一个右括号"),
        ("老家在鼓楼", 4, "好几个"),
        ("老家在亚特兰", 4, "没有这个地方"),
        ("想做电商 或 想做", 10, "种养"),
        ("（" * 30 + "定陶" + "）" * 30, 22, "太深"),
        ("不" * 2000, 22, "太深"),
        ("除了" * 900, 43, "太深"),
        ("定陶 40岁以下", 4, "年龄没有登记"),
        ("残疾人", 1, "敏感"),
        ("在定陶打工的", 2, "只记到市"),
        ("想创业、缺本钱", 4, "且"),
        ("定陶 " * 1000, 2000, "短一些"),
    ],
)
def test_a_fault_says_where_and_what_may_stand_there(typed: str, where: int, hint: str) -> None:
    with pytest.raises(AudienceFault, match=hint) as fault:
        parse(typed, places, _TODAY)
    assert fault.value.where == where


def test_the_place_of_a_fault_is_marked_under_the_text() -> None:
    with pytest.raises(AudienceFault) as fault:
        parse("3天内来过 且 会飞", places, _TODAY)
    text, mark, _ = fault.value.marked.split("\n")
    assert text == "3天内来过 且 会飞"
    assert mark == " 　　　　 　 　^"


def test_every_word_of_the_language_is_understood_and_reads_back() -> None:
    words = [
        *PHRASES,
        *OPPOSITES,
        *EVERYBODY,
        *(f"{head}{word}" for v in VERBS for head in v.spelt for word in v.takes),
    ]
    for word in words:
        condition = parse(word, places, _TODAY).condition
        assert parse(said(condition), places, _TODAY).condition == condition, word


@pytest.mark.parametrize("seed", range(20))
def test_any_audience_reads_back_to_the_same_people(seed: int) -> None:
    rng = Random(seed)
    people = [a_someone(rng) for _ in range(40)]
    for _ in range(50):
        condition = a_condition(rng)
        again = parse(said(condition), places, _TODAY).condition
        assert [again.holds(p) for p in people] == [condition.holds(p) for p in people]
        assert parse(said(again), places, _TODAY).condition == again, said(condition)


@given(st.text(alphabet="老家在定陶且或不会电工，、（）缺钱3天内联系过 想做", max_size=30))
def test_nothing_that_is_typed_breaks_the_reader(typed: str) -> None:
    try:
        found = parse(typed, places, _TODAY)
    except AudienceFault as fault:
        where = fault.where
    else:
        where = 1
        assert parse(found.spoken, places, _TODAY).condition == found.condition
    assert 1 <= where <= len(typed) + 1


def test_the_page_of_the_language_says_what_it_understands() -> None:
    told = (_ROOT / "docs/reference/audience.md").read_text("utf-8")
    assert told == page(), "python -m matching.audience.page > docs/reference/audience.md"


def test_who_told_nothing_fits_no_condition_but_its_opposite() -> None:
    stranger = Someone()
    lacks = Has(Field.LACK, frozenset({"capital"}), "缺本钱")
    assert not lacks.holds(stranger)
    assert Not(lacks).holds(stranger)
    assert All(()).holds(stranger)
    assert not Either(()).holds(stranger)
