"""Common words keep their spelling; what is no word may be misspelled."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from knowledge.answer import Answerer
from knowledge.hearing import questions
from knowledge.words import everyday, segmented

_NOW = datetime(2026, 11, 21, tzinfo=UTC)


def _open(text: str) -> str:
    return "".join(c for i, c in enumerate(text) if i not in everyday(text))


@pytest.mark.parametrize(
    "text", ["我在制衣厂踩了缝纫机", "七八个姐妹都签了合同", "我寻思不能", "昨天坐了十几个钟头车"]
)
def test_what_everybody_writes_so_is_left_alone(text: str, answerer: Answerer) -> None:
    heard = answerer.answer(text, area="定陶", now=_NOW)
    assert "宜昌" not in heard.text


def test_a_text_is_cut_into_the_likeliest_words() -> None:
    assert segmented("七八个姐妹都签合同") == ["七八个", "姐妹", "都", "签", "合同"]


@pytest.mark.parametrize(("text", "doubtful"), [("个体户带款", "带款"), ("岗位不贴", "不贴")])
def test_what_is_no_word_may_be_a_slip(text: str, doubtful: str) -> None:
    assert _open(text) == doubtful


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("贴息的贷款个人能贷多少合伙能贷多少小微企业能贷多少", 3),
        ("1.公司开几年能领补贴2.社保要不要交3.招一个人给多少钱", 3),
        ("补贴几天批下来", 1),
        ("服务中心在哪条路", 1),
    ],
)
def test_questions_in_one_breath_are_told_apart(text: str, count: int) -> None:
    assert len(questions(text)) == count


@pytest.mark.parametrize(
    ("story", "area", "told"),
    [
        ("原来在杭州跑货的,想回来收橘子,村里说网上卖货有专门的局牵头,是哪个局", "宜昌", "商务局"),
        (
            "厂里去年添了五个人,合同一签两年,会计说有补贴,我寻思不能吧,一个人给多少",
            "定陶",
            "2000元",
        ),
    ],
)
def test_a_long_story_is_answered_by_what_it_asks(
    story: str, area: str, told: str, answerer: Answerer
) -> None:
    assert told in answerer.answer(story, area=area, now=_NOW).text


def test_a_very_long_story_asks_at_its_end(answerer: Answerer) -> None:
    story = "我在外头干了二十年,老婆孩子都在老家,前阵子厂里放假,我就寻思着回来," * 20
    answer = answerer.answer(f"{story}个体户代款最多能代多少", area="定陶", now=_NOW)
    assert "10万元" in answer.text
