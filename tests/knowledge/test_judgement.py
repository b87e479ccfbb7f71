"""What must be shown: the right figure with its paper, an honest no, whose rule it is."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from knowledge.answer import Answerer, Decision
from knowledge.library import Library

LOAN = "创业担保贷款最高能贷多少"
FIGURE = re.compile(r"\d(?:\.\d+)?\s*(?:万|亿|元)")


def test_dingtao_answers_with_figure_paper_year_and_advice(
    answerer: Answerer, now: datetime
) -> None:
    answer = answerer.answer(LOAN, area="定陶", now=now)
    assert answer.decision is Decision.ANSWER
    for shown in ("10万元", "菏定政办发〔2017〕38号", "2017年", "打电话"):
        assert shown in answer.text


def test_xiangtan_says_that_its_papers_do_not_say(answerer: Answerer, now: datetime) -> None:
    answer = answerer.answer(LOAN, area="湘潭", now=now)
    assert answer.decision is Decision.NOT_STATED
    assert not FIGURE.search(answer.text)


def test_another_areas_rule_is_said_to_be_its_own(answerer: Answerer, now: datetime) -> None:
    answer = answerer.answer("定陶的创业担保贷款能贷多少", area="湘潭", now=now)
    assert answer.decision is Decision.OTHER_AREA
    assert answer.text.startswith("这是定陶的规定，不是湘潭的")
    assert "10万元" in answer.text


@pytest.mark.parametrize("asked", ["市级返乡创业园给多少钱", "市级园扶持是5万吗"])
def test_an_amount_left_out_of_the_paper_is_not_filled_in(
    asked: str, answerer: Answerer, now: datetime
) -> None:
    answer = answerer.answer(asked, area="宜昌", now=now)
    assert answer.decision is Decision.NOT_STATED
    assert not FIGURE.search(answer.text)


@pytest.mark.parametrize(
    ("before", "asked", "decision", "shown"),
    [
        (LOAN, "那公司呢", Decision.ANSWER, "300万元"),
        ("一次性创业补贴多少钱", "要啥材料", Decision.NOT_STATED, "一次性创业补贴要带什么材料"),
        ("定陶", "一次性创业补贴多少", Decision.ANSWER, "1.2万元"),
    ],
)
def test_a_follow_up_is_about_what_came_before(
    before: str, asked: str, decision: Decision, shown: str, answerer: Answerer, now: datetime
) -> None:
    answer = answerer.answer(asked, area="定陶", prev=[before], now=now)
    assert answer.decision is decision
    assert shown in answer.text


def test_the_area_of_an_earlier_question_is_remembered(answerer: Answerer, now: datetime) -> None:
    answer = answerer.answer("那公司呢", prev=["定陶创业担保贷款最高能贷多少"], now=now)
    assert "300万元" in answer.text


def test_two_questions_get_two_answers(answerer: Answerer, now: datetime) -> None:
    asked = "一次性创业补贴多少？创业担保贷款最高能贷多少？"
    answer = answerer.answer(asked, area="定陶", now=now)
    assert "1.2万元" in answer.text
    assert "300万元" in answer.text
    assert len(answer.entries) > 1


def test_without_an_area_the_area_is_asked_for(answerer: Answerer, now: datetime) -> None:
    answer = answerer.answer(LOAN, now=now)
    assert answer.decision is Decision.CLARIFY
    assert answer.missing_area
    assert not FIGURE.search(answer.text)


def test_a_city_with_papers_of_one_county_is_asked_back(answerer: Answerer, now: datetime) -> None:
    answer = answerer.answer(LOAN, area="菏泽", now=now)
    assert answer.decision is Decision.CLARIFY
    assert [choice.label for choice in answer.choices] == ["定陶"]
    again = answerer.answer(answer.choices[0].value, now=now)
    assert "10万元" in again.text


@pytest.mark.parametrize(
    "question",
    [
        "我是濮阳的，想去安阳滑县办厂，滑县个人创业贷款最多贷多少",
        "我户口濮阳，现在在成武县开店，成武那边创业补贴给多少",
    ],
)
def test_where_one_is_from_is_not_where_one_asks_about(
    question: str, answerer: Answerer, now: datetime
) -> None:
    answer = answerer.answer(question, area="濮阳", now=now)
    assert answer.decision is Decision.OTHER_AREA
    assert not FIGURE.search(answer.text)


def test_a_place_without_papers_gets_no_neighbours_figure(
    answerer: Answerer, now: datetime
) -> None:
    answer = answerer.answer(LOAN, area="曹县", now=now)
    assert answer.decision is Decision.OTHER_AREA
    assert "曹县" in answer.text
    assert not FIGURE.search(answer.text)


@pytest.mark.parametrize(
    ("said", "decision"),
    [
        ("你好", Decision.SMALLTALK),
        ("谢谢", Decision.SMALLTALK),
        ("今天天气咋样", Decision.OUT_OF_SCOPE),
        ("帮我买张火车票", Decision.OUT_OF_SCOPE),
        ("人工", Decision.HUMAN),
        ("我要找工作人员", Decision.HUMAN),
        ("有人让我先交500块保证金才给办贷款", Decision.HUMAN),
    ],
)
def test_talk_is_told_from_questions(
    said: str, decision: Decision, answerer: Answerer, now: datetime
) -> None:
    assert answerer.answer(said, area="定陶", now=now).decision is decision


def test_who_is_asked_for_money_first_is_warned(answerer: Answerer, now: datetime) -> None:
    answer = answerer.answer("骗子说先转账再放款", now=now)
    assert "骗局" in answer.text
    assert "96110" in answer.text


def test_an_intended_rise_is_told_as_an_intention(answerer: Answerer, now: datetime) -> None:
    answer = answerer.answer("创业贷款能贷多少", area="濮阳", now=now)
    assert "打算" in answer.text
    assert "15万元" in answer.text


def test_a_districts_whole_fund_is_not_told_as_ones_own(answerer: Answerer, now: datetime) -> None:
    answer = answerer.answer("专项扶持资金有多少", area="定陶", now=now)
    assert "总共200万元" in answer.text
    assert "不是给一个人的" in answer.text


@pytest.mark.parametrize(
    ("area", "day", "is_old"),
    [
        ("定陶", datetime(2019, 12, 21, tzinfo=UTC), False),
        ("定陶", datetime(2019, 12, 22, tzinfo=UTC), True),
        ("定陶", datetime(2026, 11, 21, tzinfo=UTC), True),
        ("濮阳", datetime(2026, 6, 20, tzinfo=UTC), False),
        ("濮阳", datetime(2026, 6, 21, tzinfo=UTC), True),
    ],
)
def test_only_a_paper_older_than_two_years_carries_the_advice(
    area: str, day: datetime, is_old: bool, answerer: Answerer
) -> None:
    answer = answerer.answer("创业贷款最高能贷多少", area=area, now=day)
    assert answer.decision is Decision.ANSWER
    assert ("办之前请打电话问一下" in answer.text) is is_old


def test_what_an_answer_rests_on_is_in_the_library(
    answerer: Answerer, library: Library, now: datetime
) -> None:
    answer = answerer.answer(LOAN, area="定陶", now=now)
    titles = {document.title for document in library.packs["371703"].documents.values()}
    assert {source.title for source in answer.sources} <= titles
    assert set(answer.entries) <= library.entries.keys()


def test_one_of_several_places_of_a_name_gets_no_figure_of_ours(
    answerer: Answerer, now: datetime
) -> None:
    answer = answerer.answer("鼓楼区创业补贴多少", area="定陶", now=now)
    assert answer.decision is Decision.OTHER_AREA
    assert not FIGURE.search(answer.text)
