"""Rules of reading: opposites, years, sides, places and several questions in one message."""

from __future__ import annotations

from datetime import datetime

import numpy as np
import pytest

from knowledge.answer import Answerer, Decision
from knowledge.hearing import questions
from knowledge.opposites import completed_by, conflict, opposites
from knowledge.postings import terms_of
from knowledge.senses import Sense, filed
from knowledge.understand import periods


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("不要贴息的贷款", {"interest:不贴息"}),
        ("利息自己出的那种", {"interest:不贴息"}),
        ("有没有贴息", {"interest:贴息"}),
        ("贴不贴息", {"interest:贴息"}),
        ("别再给我发消息", set()),
        ("省级和市级", {"grade:省", "grade:市"}),
    ],
)
def test_a_side_of_a_pair_of_opposites_is_heard(said: str, meant: set[str]) -> None:
    assert opposites(said) == meant


@pytest.mark.parametrize(
    ("asked", "given", "differ"),
    [
        ({"grade:省"}, {"grade:市"}, True),
        ({"grade:省"}, {"grade:市", "grade:省"}, False),
        ({"grade:省"}, {"interest:贴息"}, False),
        (set(), {"grade:市"}, False),
    ],
)
def test_opposites_differ_only_within_their_group(
    asked: set[str], given: set[str], differ: bool
) -> None:
    assert conflict(asked, frozenset(given)) is differ


def test_a_follow_up_changes_only_the_side_it_names() -> None:
    before = frozenset({"grade:市", "interest:贴息"})
    assert completed_by(frozenset({"grade:省"}), before) == {"grade:省", "interest:贴息"}


@pytest.mark.parametrize(
    ("text", "found"), [("20000人", set()), ("2024年", {"2024年"}), ("2024的", {"2024年"})]
)
def test_an_amount_is_no_year(text: str, found: set[str]) -> None:
    assert periods(text) == found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("谁牵头、几个名额", 2),
        ("补贴给不给,娃上学管不管", 2),
        ("国家级、省级、市级园区奖多少", 1),
        ("我在外面干了几年,想开店能贷多少", 1),
    ],
)
def test_a_message_is_cut_where_something_is_asked(text: str, count: int) -> None:
    assert len(questions(text)) == count


def test_the_likeliest_label_is_one() -> None:
    sense = Sense(filed([("钱", "能贷多少钱"), ("钱", "补贴多少"), ("人", "找哪个部门")]))
    likely = sense.of(np.unique(terms_of("贷款多少")))
    assert likely["钱"] == 1.0
    assert likely["人"] < 1.0


@pytest.mark.parametrize(
    "said", ["服务站在哪条街", "2030年湘潭县的返乡创业目标是多少户", "服务站几点开门"]
)
def test_a_side_that_the_fact_lacks_is_not_stated(
    said: str, answerer: Answerer, now: datetime
) -> None:
    assert answerer.answer(said, area="湘潭", now=now).decision is Decision.NOT_STATED


def test_where_somebody_is_from_counts_more_than_where_he_is(
    answerer: Answerer, now: datetime
) -> None:
    answer = answerer.answer(
        "我在深圳打工，老家定陶的，一次性创业补贴最少给多少钱", area="深圳", now=now
    )
    assert answer.decision is Decision.ANSWER
    assert "1.2万元" in answer.text


def test_the_place_that_was_asked_for_completes_the_question(
    answerer: Answerer, now: datetime
) -> None:
    answer = answerer.answer("定陶", prev=["一次性创业补贴给多少钱"], now=now)
    assert "1.2万元" in answer.text


def test_no_fact_is_told_twice_in_one_message(answerer: Answerer, now: datetime) -> None:
    asked = "湘乡2023年目标多少户？湘乡三年目标多少户？"
    text = answerer.answer(asked, area="湘乡", now=now).text
    assert text.count("2023年返乡创业目标3800户") <= 1
