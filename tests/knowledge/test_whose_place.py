"""Another's place that is only told of does not become the asker's."""

from datetime import UTC, datetime

import pytest

from knowledge.answer import Answerer

NOW = datetime(2026, 11, 21, tzinfo=UTC)
DINGTAO = "371703"


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("邻居说濮阳能贷50万", "我开店能贷多少"),
        ("邻居说濮阳能贷50万", "创业补贴有没有"),
        ("我朋友在濮阳开店贷了15万", "我也想贷，能贷多少"),
        ("我媳妇老家是定陶的，她那边个体户能贷多少", "招人给补贴不"),
    ],
)
def test_one_whose_home_is_unknown_is_asked_for_it(
    answerer: Answerer, before: str, question: str
) -> None:
    assert answerer.answer(question, prev=[before], now=NOW).missing_area


@pytest.mark.parametrize("before", ["濮阳个人能贷多少", "邻居在濮阳，说那边个人贴息能贷15万"])
def test_what_goes_on_with_a_place_is_still_about_it(answerer: Answerer, before: str) -> None:
    assert "150万" in answerer.answer("合伙的呢", prev=[before], now=NOW).text


def test_a_place_stays_anothers_over_several_turns(answerer: Answerer) -> None:
    prev = ["邻居在濮阳，说那边个人贴息能贷15万", "合伙的呢"]
    assert answerer.answer("我要是开公司呢", prev=prev, now=NOW).missing_area


def test_a_home_told_later_holds(answerer: Answerer) -> None:
    prev = ["邻居说濮阳能贷50万", "我是定陶的"]
    assert "10万" in answerer.answer("个体户能贷多少", prev=prev, now=NOW).text


def test_where_a_relative_is_from_is_not_ones_own_home(answerer: Answerer) -> None:
    text = answerer.answer("我对象老家濮阳，我们这个体户贷多少", area=DINGTAO, now=NOW).text
    assert "10万" in text
    assert "15万" not in text
