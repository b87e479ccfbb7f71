"""Audiences in the words of offices: each is understood as meant, or refused in its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import Session

from handlers.places import country
from matching.audience.faults import AudienceFault
from matching.audience.parsing import Places, parse
from outreach.segments import Office, places_of
from tests.handlers.support.walk import fresh_engine

_TODAY = date(2026, 11, 22)
_SAID = Path(__file__).with_name("audiences_said.txt").read_text("utf-8").splitlines()[1:]


@pytest.fixture(scope="module")
def places() -> Iterator[Places]:
    with Session(fresh_engine()) as session:
        yield places_of(session, Office(country(), "371703"))


@pytest.mark.parametrize("line", _SAID)
def test_what_is_typed_is_said_back_and_means_the_same(line: str, places: Places) -> None:
    typed, spoken = line.split(" => ")
    found = parse(typed, places, _TODAY)
    assert found.spoken == spoken
    assert parse(spoken, places, _TODAY).condition == found.condition


@pytest.mark.parametrize(
    ("typed", "where", "said", "hint"),
    [
        ("打算回来的", 1, "打算回来", "说了哪天回来"),
        ("要回来了", 1, "要回来了", "说了哪天回来"),
        ("要去广州打工的", 1, "要去广州打工", "现在在"),
        ("除了会电工还会焊工的", 6, "还会焊工", "两样都要"),
        ("今年返乡的", 1, "今年返乡", "哪天回来的没有登记"),
        ("10月没联系过的", 1, "10月没联系过", "最后一次联系"),
        ("国庆以后登记的", 1, "国庆以后登记", "公历"),
        ("好久没联系的", 1, "好久没联系", "写清多久"),
        ("专员没联系过的", 1, "专员没联系过", "没走访过"),
        ("去年返乡的", 1, "去年返乡", "打算…回来"),
        ("30岁以下的", 1, "30岁以下", "年龄"),
        ("女的", 1, "女", "男女"),
        ("领过补贴的", 1, "领过补贴", "标签"),
        ("开业一年以上的", 1, "开业一年以上", "执照满6个月"),
        ("11-20登记的", 1, "11-20登记", "11月20日"),
        ("最近登记的", 1, "最近登记", "写清多久"),
        ("联系不上的", 1, "联系不上", "3个月没联系"),
        ("执照快满6个月的", 1, "执照快满6个月", "办照日期"),
        ("想创业、缺本钱", 4, "、", "且"),
        ("缺钱项目", 3, "项目", "缺…"),
        ("在深圳进厂的", 4, "进厂", "现在在…"),
        ("差5万块钱的", 2, "5万块钱", "本钱"),
        ("愿意收消息的 上个月没联系的", 8, "上个月没联系", "最后一次联系"),
        ("早上登记的", 1, "早上登记", "上个月登记"),
        ("随机100人", 1, "随机100人", "选几个"),
        ("定陶 想创业 一百人", 8, "一百人", "选几个"),
        ("会电工 且（想创业 或 想上班", 16, "", "右括号"),
        ("定陶想创業的", 3, "想创業", "想创业"),
        ("想作电商", 2, "作电商", "种养"),
        ("三个月没联系过、缺本钱的", 8, "、", "且"),
        ("上个月", 1, "上个月", "什么事的日子"),
        ("2026年2月30日登记的", 1, "2026年2月30日登记", "没有这一天"),
        ("13月登记的", 1, "13月登记", "没有这一天"),
        ("会缝纫的妇女", 5, "妇女", "男女"),
        ("定陶的返乡老乡", 4, "返乡老乡", "已回老家"),
    ],
)
def test_what_is_not_understood_is_refused_in_its_place(
    typed: str, where: int, said: str, hint: str, places: Places
) -> None:
    with pytest.raises(AudienceFault, match=hint) as fault:
        parse(typed, places, _TODAY)
    assert (fault.value.where, fault.value.said) == (where, said)
