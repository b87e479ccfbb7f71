"""A fact is no answer to an aspect of a question that it does not speak of."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from knowledge.answer import Answer, Answerer, Decision
from knowledge.aspects import LONGEST, asked_aspects, stated
from knowledge.library import Library
from knowledge.text import normalise

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)


def _answer(answerer: Answerer, area: str, question: str) -> Answer:
    code = answerer.library.areas.resolve(area)
    assert code is not None
    return answerer.answer(question, area=code.code, now=NOW)


def _asked(question: str) -> set[str]:
    return {aspect.name for aspect in asked_aspects(normalise(question))}


@pytest.mark.parametrize(
    ("question", "aspect"),
    [
        ("有没有年龄限制", "age"),
        ("五十五以上的还给不给", "age"),
        ("两口子能各领一份吗", "couple"),
        ("分几次给", "instalments"),
        ("一把给还是分年给", "instalments"),
        ("一任是几年", "length"),
        ("发工资不", "salary"),
        ("来一次收多少费", "fee"),
        ("转学要带哪几样证明", "papers"),
        ("哪几样材料可以先欠着", "missing_papers"),
        ("用的什么教材", "teachers"),
        ("明年还有没有", "future"),
        ("摆夜市的认不认", "stalls"),
        ("打分标准是什么", "scoring"),
        ("打到哪个账户", "account"),
        ("要缴社保不", "insured"),
        ("要扣个税吗", "taxed"),
        ("雇自己闺女算不算", "kin"),
        ("领过了还能再领一次吗", "again"),
        ("关门了要退回去吗", "given_back"),
        ("那13家是哪几家", "listed"),
        ("建成了没有", "result"),
        ("开网店的能领吗", "online"),
        ("管不管饭", "board"),
    ],
)
def test_an_aspect_is_heard(question: str, aspect: str) -> None:
    assert aspect in _asked(question)


@pytest.mark.parametrize(
    "question", ["个体户最高能贷多少", "什么时候开会", "归哪个局管", "最多给多少"]
)
def test_a_plain_question_asks_for_no_aspect(question: str) -> None:
    assert not _asked(question)


def test_a_remark_does_not_ask() -> None:
    assert "age" not in _asked("我今年五十八岁,开小店能贷多少")


def test_who_is_hired_is_heard_in_a_remark_too() -> None:
    assert "kin" in _asked("雇自己闺女,岗位补贴给不给")


def test_who_asks_for_the_office_asks_no_more() -> None:
    text = normalise("社保接续归哪个局管")
    assert "insured" not in {aspect.name for aspect in asked_aspects(text, {"部门"})}


def test_a_story_without_pauses_is_no_question() -> None:
    story = "我在外面给人家干了很多年现在年纪大了想回来" + "开个小店" * 3 + "能贷多少钱"
    assert len(story) > LONGEST
    assert not _asked(story)


def test_what_an_entry_leaves_open_it_does_not_state(library: Library) -> None:
    entry = library.entries["dingtao-startup-subsidy-licence"]
    assert "注销" in entry.detail
    assert "注销" not in stated(entry)
    assert "首次" in stated(entry)


@pytest.mark.parametrize(
    ("area", "question", "named"),
    [
        ("定陶", "领创业补贴有没有年龄限制", "有没有年龄限制"),
        ("定陶", "创业补贴打公司账上还是打个人卡里", "哪个账户"),
        ("定陶", "园区奖补分几次到账", "分几次给"),
        ("濮阳", "贷15万有户口要求没", "户口"),
        ("濮阳", "市级园区奖补的钱要交税不", "交税"),
        ("濮阳", "省级示范园区是哪11家", "示范园区"),
        ("宜昌", "雁归宜昌项目5万打给谁的卡里", "哪个账户"),
        ("湘潭", "县级服务站建成了没有", "服务站"),
        ("X市", "专员收不收费", "收不收钱"),
    ],
)
def test_an_aspect_left_open_is_named(
    area: str, question: str, named: str, answerer: Answerer
) -> None:
    answer = _answer(answerer, area, question)
    assert answer.decision is Decision.NOT_STATED
    assert named in answer.text


@pytest.mark.parametrize(
    ("area", "question", "told"),
    [
        ("定陶", "领创业补贴要不要缴社保", "社会保险"),
        ("定陶", "创业补贴是一次性给还是按月给", "一次性"),
        ("濮阳", "园区奖补是一次性的吗", "一次性"),
        ("濮阳", "示范县都有谁", "台前县"),
        ("宜昌", "实训基地要不要钱", "零成本"),
        ("宜昌", "老板自己算不算带动的人", "自己"),
        ("湘潭", "开理发店算不算返乡创业", "理发店"),
        ("X市", "场地要不要钱", "免费"),
    ],
)
def test_an_aspect_that_is_told_is_answered(
    area: str, question: str, told: str, answerer: Answerer
) -> None:
    answer = _answer(answerer, area, question)
    assert answer.decision is Decision.ANSWER
    assert told in answer.text


def test_a_remark_that_something_is_not_written_is_told_with_what_is(answerer: Answerer) -> None:
    answer = _answer(answerer, "濮阳", "15万已经实行了没有")
    assert answer.decision is Decision.NOT_STATED
    assert "打算提高到15万元" in answer.text
    assert "真提没提没写" in answer.text


@pytest.mark.parametrize("question", ["2025年新增了多少返乡创业的", "2021年返乡创业新增多少人"])
def test_of_a_year_that_no_paper_names_nothing_is_counted(
    question: str, answerer: Answerer
) -> None:
    answer = _answer(answerer, "濮阳", question)
    assert answer.decision is Decision.NOT_STATED
    assert "3902" not in answer.text


def test_another_countys_row_is_no_answer(answerer: Answerer) -> None:
    answer = _answer(answerer, "濮阳", "南乐县恳谈会签约了几家企业")
    assert answer.decision is Decision.NOT_STATED
