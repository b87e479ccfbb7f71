"""«还差什么» after a finished check, before any, and about something else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from handlers.catalog import draft_until
from handlers.self_check import recall
from handlers.self_check.checking import Checking
from records.messages import InboundKind
from tests.handlers.support.walk import Walk
from tests.support.shipped import shipped

YICHANG, DINGTAO = "420500", "371703"
CHECK = ("一次性创业补贴我够条件不", "公司", "没有", "2025年11月23日", "签了", "交了")
SHORT = "到11月23日满12个月"


def _walk(*texts: str, area: str = DINGTAO) -> Walk:
    now = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
    walk = Walk(answerer=shipped(), area=area, now=now, is_new=False)
    walk.all(*texts)
    return walk


@pytest.mark.parametrize(
    "words",
    [
        *("还差什么", "还差啥", "差在哪", "我还缺什么条件", "那我什么时候够", "为什么不够"),
        *("我到底差哪一条？", "啥时候才能够条件呀", "哪里不符合", "一次性创业补贴还差什么"),
        *("那我还差多久", "咋还不够呢", "卡在哪儿了", "缺啥"),
    ],
)
def test_what_a_finished_check_found_short_is_said_again(words: str) -> None:
    walk = _walk(*CHECK, words)
    assert SHORT in walk.said()
    assert "材料" not in walk.said()


def test_it_is_said_as_often_as_asked() -> None:
    assert SHORT in _walk(*CHECK, "还差什么", "差在哪", "为什么不够").said()


def test_it_is_counted_anew_at_the_time_of_asking() -> None:
    walk = _walk(*CHECK)
    walk.now = datetime(2026, 11, 22, 15, 50, tzinfo=UTC)
    walk.state = recall.keeping(walk.state, _kept(walk), walk.now)
    walk.wait(minutes=20)
    assert "看起来够条件" in walk.say("还差什么")[0].text


def test_another_question_in_between_does_not_end_it() -> None:
    assert SHORT in _walk(*CHECK, "归谁管", "还差什么").said()


def test_each_matter_of_the_check_is_said_again() -> None:
    first = _walk("一次性创业补贴和创业岗位开发补贴我够条件不", *CHECK[1:5], "2个", "交了")
    before = first.said()
    first.say("还差什么")
    assert SHORT in first.said()
    assert [m in first.said() for m in ("一次性创业补贴", "岗位")] == [
        m in before for m in ("一次性创业补贴", "岗位")
    ]


def test_another_county_s_check_keeps_its_label() -> None:
    walk = _walk("宜昌的一次性创业补贴我够条件不", "没有", "2026年5月23日", "1个人", "差在哪")
    assert "宜昌" in walk.said().splitlines()[0]
    assert "还差1个人" in walk.said()


@pytest.mark.parametrize("words", ["还差什么", "那我什么时候够", "我还缺什么条件"])
def test_before_any_check_one_is_started_for_what_is_talked_of(words: str) -> None:
    walk = _walk("一次性创业补贴给多少钱", words)
    assert walk.state.flow == "self_check"
    assert tuple(walk.state.data["matters"]) == ("一次性创业补贴",)


def test_in_the_middle_of_a_check_it_says_what_is_open() -> None:
    walk = _walk(*CHECK[:4], "还差什么")
    assert SHORT in walk.said()
    assert "签劳动合同" in walk.said()


@pytest.mark.parametrize("words", ["宜昌的还差什么", "创业担保贷款还差什么"])
def test_another_place_or_matter_begins_a_check_of_its_own(words: str) -> None:
    walk = _walk(*CHECK, words)
    assert walk.state.flow == "self_check"
    assert SHORT not in walk.said()


@pytest.mark.parametrize("words", ["还差什么材料", "我们村还缺什么人才", "还缺多少钱"])
def test_what_lacks_other_things_is_no_such_question(words: str) -> None:
    assert SHORT not in _walk(*CHECK, words).said()


def test_without_any_matter_nothing_is_started() -> None:
    assert _walk("还差什么").state.flow != "self_check"


def test_the_answers_are_dropped_when_the_time_is_over() -> None:
    walk = _walk(*CHECK)
    walk.wait(minutes=31)
    assert SHORT not in walk.say("还差什么")[0].text
    assert "checked" not in walk.state.memory


@pytest.mark.parametrize(
    "words", ["换个人", "换人了", "换了个人问", "结束", "再见", "退出", "/start", "帮我哥登记"]
)
def test_the_answers_are_forgotten_when_the_sitting_ends_or_another_begins(words: str) -> None:
    walk = _walk(*CHECK, words)
    assert "checked" not in walk.state.memory
    walk.say("还差什么")
    assert SHORT not in walk.said()


def test_the_start_button_forgets_them_too() -> None:
    walk = _walk(*CHECK)
    walk.say("", kind=InboundKind.START)
    assert "checked" not in walk.state.memory


def test_who_takes_the_phone_over_is_told_so_in_the_middle_of_a_check() -> None:
    walk = _walk(*CHECK[:4], "换个人")
    assert "不记着了" in walk.last.replies[0].text
    assert walk.state.flow == ""


def test_they_are_gone_from_the_store_within_the_hour() -> None:
    walk = _walk(*CHECK)
    assert draft_until(walk.state, walk.now) == walk.now + recall.KEPT
    assert draft_until(recall.dropped(walk.state), walk.now) is None


def test_the_words_of_the_person_are_not_kept() -> None:
    assert _walk(*CHECK).state.memory["checked"]["text"] == ""


def _kept(walk: Walk) -> Checking:
    return Checking.of(walk.state.memory["checked"])
