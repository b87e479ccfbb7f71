"""Two areas in one question: each answered from its own papers."""

from datetime import UTC, datetime

import pytest

from knowledge.answer import Answerer, Decision

NOW = datetime(2026, 11, 21, tzinfo=UTC)
DINGTAO, PUYANG, XIANGTAN = "371703", "410900", "430300"


@pytest.mark.parametrize("home", [None, DINGTAO, PUYANG])
@pytest.mark.parametrize(
    "question",
    [
        "定陶和濮阳的个人贷款哪个多",
        "濮阳的个人贷款比定陶多多少",
        "个体户贷款定陶高还是濮阳高",
        "濮阳、定陶的个人贷款分别是多少",
        "在濮阳开店和在定陶开店哪个划算，个人贷款多些",
    ],
)
def test_each_of_two_areas_is_told_with_its_paper(
    answerer: Answerer, question: str, home: str | None
) -> None:
    answer = answerer.answer(question, area=home, now=NOW)
    assert {"菏定政办发〔2017〕38号", "濮人社办〔2024〕56号"} == {s.number for s in answer.sources}
    assert "10万" in answer.text
    assert "15万" in answer.text
    assert "光看数字，濮阳的高" in answer.text


@pytest.mark.parametrize(
    "question", ["我们这跟濮阳比，个体户贷款谁高", "是不是濮阳那边个人贷得比咱们多"]
)
def test_ours_is_the_home(answerer: Answerer, question: str) -> None:
    answer = answerer.answer(question, area=DINGTAO, now=NOW)
    assert "定陶：" in answer.text
    assert "这是濮阳的规定，不是定陶的" in answer.text


def test_one_areas_silence_is_told_beside_the_others_figure(answerer: Answerer) -> None:
    text = answerer.answer("湘潭和定陶哪边补得多", now=NOW).text
    assert "湘潭：文件没" in text
    assert "1.2万" in text


def test_an_area_without_papers_is_said_to_have_none(answerer: Answerer) -> None:
    text = answerer.answer("曹县和定陶哪个贷得多", area=DINGTAO, now=NOW).text
    assert "没有曹县的文件" in text
    assert "10万" in text


def test_a_third_areas_figures_are_left_out(answerer: Answerer) -> None:
    text = answerer.answer("定陶和濮阳个体户贷款哪个多", now=NOW).text
    assert "外地参考" not in text
    assert "全国口径" not in text


def test_a_comparison_does_not_move_the_talk(answerer: Answerer) -> None:
    prev = ["濮阳和定陶哪个贷款多"]
    answer = answerer.answer("那公司呢", area=DINGTAO, prev=prev, now=NOW)
    assert answer.decision is Decision.ANSWER
    assert answer.topic
    assert answer.topic.area == DINGTAO


def test_after_a_comparison_nobodys_home_is_guessed(answerer: Answerer) -> None:
    assert answerer.answer("利息呢", prev=["定陶和濮阳哪个贷款多"], now=NOW).missing_area


@pytest.mark.parametrize(
    "question",
    ["濮阳那边个人贴息贷款15万，我们湘潭是多少", "我在定陶打工，湘潭有创业补贴没得"],
)
def test_a_remark_on_another_place_compares_nothing(answerer: Answerer, question: str) -> None:
    answer = answerer.answer(question, area=XIANGTAN, now=NOW)
    assert answer.decision is Decision.NOT_STATED
