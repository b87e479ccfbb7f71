"""«为什么» and «详细» after an answer: where it is written, and all that is written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from knowledge.answer import Answerer, Decision
from knowledge.deeper import Depth, depth_of

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
LOAN = "个体户贷款最高多少"


def asked(answerer: Answerer, *said: str, area: str | None = "定陶") -> str:
    """The answer to the last of some messages."""
    return answerer.answer(said[-1], area=area, prev=said[:-1], now=NOW).text


@pytest.mark.parametrize(
    "said",
    [
        "为什么",
        "为啥呀？",
        "凭什么这么说",
        "凭啥这样讲",
        "依据呢",
        "有什么依据",
        "真的假的",
        "真的吗",
        "哪个文件说的",
        "文件上咋写的",
        "原文怎么写的",
        "谁规定的",
        "你咋知道的",
        "靠谱吗",
        "骗人的吧",
        "出处呢",
        "有文件吗",
        "到底有没有依据",
        "哪来的",
        "為什麼",
    ],
)
def test_these_ask_why(said: str) -> None:
    assert depth_of(said) is Depth.WHY


@pytest.mark.parametrize(
    "said",
    [
        "详细",
        "说详细点",
        "说得再详细些",
        "能不能说具体点",
        "细说一下",
        "再细点说",
        "展开说说",
        "詳細點",
    ],
)
def test_these_ask_for_detail(said: str) -> None:
    assert depth_of(said) is Depth.DETAIL


@pytest.mark.parametrize(
    "said",
    [
        "为什么要返乡",
        "贷款依据哪个文件",
        "详细地址在哪",
        "具体多少钱",
        "谁负责",
        "真的能贷十万吗",
        "准备啥材料",
        "",
        "？",
    ],
)
def test_these_are_questions_of_their_own(said: str) -> None:
    assert depth_of(said) is None


@pytest.mark.parametrize(
    ("question", "area", "told"),
    [
        (
            LOAN,
            "定陶",
            ("工作推进方案》", "38号", "2017年12月21日", "三（三）", "“最高10万元”", "不是打算"),
        ),
        ("合伙贷款能贷多少", "濮阳", ("56号", "2024年6月20日", "提高至150万元”", "还没定下来")),
        (
            "雁归宜昌项目给多少钱",
            "宜昌",
            ("任务清单》", "没印日期", "第7行", "“每个给予5万元资金扶持”"),
        ),
        ("国家规定个人贷款最高多少", "信阳", ("2026年1月27日", "以当地文件为准", "核对原文")),
    ],
)
def test_why_names_paper_clause_wording_and_force(
    question: str, area: str, told: tuple[str, ...], answerer: Answerer
) -> None:
    text = asked(answerer, question, "为什么", area=area)
    assert all(words in text for words in told), text


def test_why_of_an_old_paper_says_to_call_first(answerer: Answerer) -> None:
    text = asked(answerer, LOAN, "依据呢")
    assert "这是2017年的文件，办之前请打电话问一下：区人社局" in text
    assert "电话待补" in text


def test_why_of_two_answers_quotes_both(answerer: Answerer) -> None:
    text = asked(answerer, "个体户贷款最高多少？岗位补贴一个多少？", "凭什么这么说")
    assert "“最高10万元”" in text
    assert "“每个岗位2000元”" in text


def test_why_of_another_area_s_rule_is_marked_too(answerer: Answerer) -> None:
    said = ("定陶个体户贷款最高多少", "为什么")
    answer = answerer.answer(said[-1], area="湘潭县", prev=said[:-1], now=NOW)
    assert answer.decision is Decision.OTHER_AREA
    assert answer.text.startswith("这是定陶的规定，不是湘潭县的：")


def test_why_of_a_silence_names_the_paper_that_was_read(answerer: Answerer) -> None:
    text = asked(answerer, "贷款利息多少", "真的假的")
    assert "从头到尾查过，没写" in text
    assert "38号" in text


def test_detail_tells_what_is_written_and_in_one_line_what_is_not(answerer: Answerer) -> None:
    text = asked(answerer, "一次性补贴给多少", "详细")
    assert "条件：首次领取营业执照" in text
    assert "文件没写：要带什么材料、去哪办。" in text
    assert "区人社局，电话待补" in text


def test_detail_of_a_figure_lists_no_papers_to_bring(answerer: Answerer) -> None:
    text = asked(answerer, "湘潭县2023年目标多少户", "详细", area="湘潭县")
    assert "材料" not in text


def test_both_can_be_asked_in_turn_and_again(answerer: Answerer) -> None:
    once = asked(answerer, LOAN, "为什么")
    assert asked(answerer, LOAN, "为什么", "详细", "为什么") == once


def test_a_follow_up_still_leans_on_the_answer_before_why(answerer: Answerer) -> None:
    assert "300万元" in asked(answerer, LOAN, "为什么", "那小微企业呢")


def test_without_an_answer_before_why_is_no_answer(answerer: Answerer) -> None:
    answer = answerer.answer("为什么", area="定陶", now=NOW)
    assert "写在《" not in answer.text


def test_several_old_papers_share_one_line(answerer: Answerer) -> None:
    question = "定陶个体户贷款最高多少？湘潭县2023年目标多少户？"
    assert "这是2017年、2023年的文件" in asked(answerer, question, area=None)


def test_the_paper_s_own_words_are_told_plainly(answerer: Answerer) -> None:
    text = asked(answerer, "合伙贷款能贷多少", area="濮阳")
    assert "贴息，就是利息政府帮出一部分。" in text
    assert "就是利息" not in asked(answerer, "2023年目标多少户", area="湘潭县")


def test_the_conditions_follow_the_answer_before_the_source(answerer: Answerer) -> None:
    lines = asked(answerer, "一次性补贴给多少").splitlines()
    assert [n for n, line in enumerate(lines) if line.startswith("条件：")] == [1]
    assert lines[-1].startswith("依据：")
