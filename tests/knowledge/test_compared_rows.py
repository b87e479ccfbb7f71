"""Rows of a table compared: the most, the fewest, two together or apart."""

from datetime import UTC, datetime

import pytest

from knowledge.answer import Answer, Answerer
from knowledge.reply import Decision

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def asked(answerer: Answerer, question: str, area: str = "湘潭") -> Answer:
    home = answerer.library.areas.resolve(area)
    return answerer.answer(question, area=home.code if home else None, now=NOW)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("哪个县外出打工的最少", "高新区外出务工300人"),
        ("打工人数排第三的是哪个", "韶山市外出务工17500人"),
        ("2023年目标户数倒数第二的是哪儿", "经开区2023年返乡创业目标20户"),
        ("双创园区哪个区最多", "最多的是湘潭县、湘乡市"),
        ("典型案例最少的是哪里", "最少的是高新区、经开区"),
    ],
)
def test_the_row_at_an_end_of_a_table_is_told(
    question: str, told: str, answerer: Answerer
) -> None:
    assert told in asked(answerer, question).text


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("湘潭县和湘乡市加起来外出务工多少人", "两处合计345000人"),
        ("雨湖区和岳塘区三年一共扶持几户", "两处合计810户"),
        ("韶山比岳塘多几个示范项目", "韶山市比岳塘区多6个"),
    ],
)
def test_two_rows_are_taken_together_or_apart(
    question: str, told: str, answerer: Answerer
) -> None:
    answer = asked(answerer, question)
    assert told in answer.text
    assert len(answer.entries) == 2


def test_the_asker_s_own_county_may_be_one_of_two(answerer: Answerer) -> None:
    assert "湘乡市比湘潭县多1750户" in asked(answerer, "我们县跟湘乡差多少户", "湘潭县").text


def test_what_no_table_holds_is_not_compared(answerer: Answerer) -> None:
    told = asked(answerer, "哪个县恳谈会签的企业最多", "濮阳")
    assert told.decision is Decision.NOT_STATED
