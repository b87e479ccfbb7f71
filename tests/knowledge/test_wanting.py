"""A fact that has but the name of the matter, and nothing else that was asked, is no answer."""

from __future__ import annotations

from datetime import datetime

import pytest

from knowledge.answer import Answerer, Decision


@pytest.mark.parametrize(
    ("area", "question"),
    [
        ("湘潭", "座谈会有翻译没"),
        ("濮阳", "百名专家房子能抵押吗"),
        ("濮阳", "考察行能放货不"),
        ("定陶", "微信群能不能提前支取"),
    ],
)
def test_what_stands_nowhere_in_the_fact_is_not_stated(
    area: str, question: str, answerer: Answerer, now: datetime
) -> None:
    assert answerer.answer(question, area=area, now=now).decision is Decision.NOT_STATED


@pytest.mark.parametrize(
    ("area", "question"),
    [
        ("湘潭", "听说座谈会是真的吗，干什么的"),
        ("定陶", "返乡创业大会到底有多少人"),
        ("定陶", "我在昆明，那边有没有定陶的服务站"),
        ("宜昌", "实训基地要不要钱"),
    ],
)
def test_common_words_keep_no_fact_from_being_told(
    area: str, question: str, answerer: Answerer, now: datetime
) -> None:
    assert answerer.answer(question, area=area, now=now).decision is Decision.ANSWER


def test_a_silence_names_the_thing_asked_about_and_no_other_matter(
    answerer: Answerer, now: datetime
) -> None:
    answer = answerer.answer("办托育机构政府给多少钱", area="定陶", now=now)
    assert answer.decision is Decision.NOT_STATED
    assert "托育机构" in answer.text
    assert "园区" not in answer.text
