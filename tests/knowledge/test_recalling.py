"""Going back in a talk: to the first matter, the one before, the second, the loan spoken of."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from knowledge.answer import Answer, Answerer
from knowledge.recalling import KEPT, followed, recalled
from knowledge.reply import Topic

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
TALK = ("岗位补贴一个多少", "个体户贷款最高多少", "返乡创业大会哪天开")


def asked(answerer: Answerer, area: str, *said: str) -> Answer:
    *prev, question = said
    return answerer.answer(question, area=area, prev=prev, now=NOW)


@pytest.mark.parametrize(
    ("back", "told"),
    [
        ("回到最开始那个", "2000元"),
        ("最早问的那个要什么条件", "1年"),
        ("第1个问题再说一下", "2000元"),
        ("刚才说的那个贷款", "10万元"),
        ("刚才说的那个贷款，公司最多多少", "300万元"),
        ("前面问的那个", "10万元"),
        ("前面那个，公司呢", "300万元"),
        ("上一个问题", "10万元"),
        ("刚才问的第二个，公司多少", "300万元"),
        ("之前说的补贴谁管", "人社局"),
        ("刚才说的那个补贴要什么条件", "每个岗位2000元"),
        ("刚才那个在几月", "12月"),
    ],
)
def test_what_was_talked_of_is_found_again(back: str, told: str, answerer: Answerer) -> None:
    assert told in asked(answerer, "定陶", *TALK, back).text


def test_after_going_back_the_talk_goes_on_from_there(answerer: Answerer) -> None:
    told = asked(answerer, "定陶", *TALK, "回到最开始那个", "要什么条件")
    assert told.topic is not None
    assert told.topic.matter == "岗位开发补贴"


def test_the_first_matter_is_known_after_long_talk_for_another_county(
    answerer: Answerer,
) -> None:
    said = ("湘乡外出务工多少人", "湘乡2023年示范园区几个", "路演三年几个", "谁管", "电话多少")
    assert "155000人" in asked(answerer, "湘潭", *said, "回到最开始那个，换成湘潭县").text


def test_a_matter_keeps_its_number_when_gone_back_to(answerer: Answerer) -> None:
    said = ("三年返乡创业目标全市多少", "示范项目呢", "前面那个，韶山呢", "第一个问题，湘乡呢")
    assert "9500户" in asked(answerer, "湘潭", *said).text


def test_of_an_answer_that_told_two_things_the_second_is_meant(answerer: Answerer) -> None:
    said = ("个体户贷款和小微企业贷款，两样都讲讲", "上面第二个最高多少")
    assert "300万元" in asked(answerer, "定陶", *said).text


@pytest.mark.parametrize(
    "said",
    [
        *(
            "之前要办好什么",
            "2月底之前要完成什么",
            "刚才回来能贷多少",
            "开始什么时候",
            "刚开张的呢",
        ),
        *("上个月的呢", "第1年能领多少", "上1批认定了几个", "回家开店给钱不"),
    ],
)
def test_words_of_time_point_to_no_talk(said: str, answerer: Answerer) -> None:
    library = answerer.library
    topic = Topic("430300", "返乡创业目标", "数量")
    assert recalled(said, topic, library.entries, library.wording) is None


def test_the_first_and_the_last_matters_are_kept() -> None:
    topic = None
    for number in range(12):
        topic = followed(topic, Topic("371703", f"事{number}", "额度"))
    assert topic is not None
    kept = [past.matter for past in topic.earlier]
    assert len(kept) == KEPT
    assert (kept[0], kept[-1]) == ("事0", "事10")


def test_a_topic_with_its_past_survives_being_kept() -> None:
    topic = followed(Topic("371703", "贷款", "额度", "个人"), Topic("371703", "补贴", "条件"))
    assert Topic.from_dict(topic.as_dict()) == topic
