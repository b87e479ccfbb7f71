"""What people wish of our messages, in their own words, and what holds then."""

from __future__ import annotations

from datetime import datetime

import pytest

from handlers.wishes.clauses import heard
from outreach.calendars import CHINA
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import Walk

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=CHINA)


def _read(text: str) -> dict[str, str]:
    found = heard(text, NOW)
    assert found is not None
    return {str(w.name): w.until.strftime("%m-%d") if w.until else w.value for w in found.wanted}


@pytest.mark.parametrize(
    ("said", "wished"),
    [
        ("少发点", {"rate": "1/3"}),
        ("能不能少给我发点消息", {"rate": "1/3"}),
        ("你们发得太多了", {"rate": "1/3"}),
        ("别老给我发消息", {"rate": "1/3"}),
        ("一个月一次", {"rate": "1/1"}),
        ("每月最多一条就行", {"rate": "1/1"}),
        ("每周最多两条", {"rate": "2/8"}),
        ("我上夜班", {"hours": "14:00-20:30"}),
        ("我上夜班，白天睡觉别发", {"hours": "18:00-20:30"}),
        ("晚上八点以后别发了", {"hours": "08:30-20:00"}),
        ("8点以后别发", {"hours": "08:30-20:00"}),
        ("早上9点以前别吵我", {"hours": "09:00-20:30"}),
        ("中午再发", {"hours": "11:30-13:30"}),
        ("中午12点到2点别发", {"hours": "08:30-12:00,14:00-20:30"}),
        ("下午两点到五点再发", {"hours": "14:00-17:00"}),
        ("下班后再发", {"hours": "18:00-20:30"}),
        ("周末别发", {"days": "12345"}),
        ("只在周末发", {"days": "67"}),
        ("星期天不要给我发", {"days": "123456"}),
        ("别发培训", {"topic:training": ""}),
        ("不要给我发招工信息", {"topic:jobs": ""}),
        ("招工的消息我不想收", {"topic:jobs": ""}),
        ("培训和活动别发了", {"topic:training": "", "topic:events": ""}),
        ("这个月别发培训", {"topic:training": "12-01"}),
        ("这个月别发了", {"pause": "12-01"}),
        ("三天内别发", {"pause": "11-25"}),
        ("过完年再发", {"pause": "02-13"}),
        ("初八以后再发", {"pause": "02-13"}),
        ("12月5号以后再发", {"pause": "12-05"}),
        ("少发点，周末别发，培训别发", {"rate": "1/3", "days": "12345", "topic:training": ""}),
    ],
)
def test_plain_words_are_understood(said: str, wished: dict[str, str]) -> None:
    assert _read(said) == wished


@pytest.mark.parametrize(
    "said",
    [
        *("停", "别发了", "培训什么时候开", "我想学技术", "项目", "别发火", "工资少发了两百"),
        *("晚上8点", "中午", "补贴不发了", "补贴怎么还不发", "项目停了", "贷款取消了", "有培训吗"),
        *("少发点，再说我要贷款", "过完年再说", "不想回去了", "发培训通知给我", "太多了"),
        *("工作不要收钱", "厂里不给发工资", "晚上不上班"),
    ],
)
def test_other_words_are_no_wish(said: str) -> None:
    assert heard(said, NOW) is None


@pytest.mark.parametrize("said", ["我上夜班", "晚上发", "不要培训", "一个月一次"])
def test_what_may_answer_a_form_does_so(said: str) -> None:
    found = heard(said, NOW)
    assert found is not None
    assert not found.is_clear


def test_only_one_topic_is_all_others_refused() -> None:
    found = heard("只发招工", NOW)
    assert found is not None
    assert {w.name for w in found.wanted}.isdisjoint({"topic:jobs", "topic:own"})
    assert len(found.wanted) == 7


def test_the_answer_says_what_holds_and_how_to_undo() -> None:
    walk = Walk(is_new=False)
    walk.say("少发点，别发培训")
    assert "每周最多1条、每月最多3条" in walk.said()
    assert "不发培训" in walk.said()
    assert "照常发" in walk.said()
    assert len(walk.said()) <= 90


def test_a_form_goes_on_after_a_wish() -> None:
    walk = Walk(is_new=False)
    walk.say("登记")
    walk.say("1")
    before = walk.state.step
    walk.say("晚上8点以后别发")
    assert walk.state.step == before
    assert "8点半到20点" in walk.said()


def test_when_not_to_send_goes_beside_when_to() -> None:
    walk = Walk(is_new=False)
    walk.all("我上夜班", "晚上8点以后别发")
    assert "只在14点到20点发" in walk.said()


def test_going_on_ends_a_pause() -> None:
    walk = Walk(is_new=False)
    walk.all("过完年再发", "接着发")
    assert "照平常发" in walk.said()


def test_my_pushes_are_shown_and_taken_back_by_number() -> None:
    walk = Walk(is_new=False)
    walk.all("少发点", "别发培训", "我的推送")
    assert "1 每周最多1条" in walk.last.replies[-1].options[0].label
    walk.say("1")
    assert "每周最多1条" not in walk.said()
    assert "不发培训" in walk.said()


def test_what_is_held_of_me_shows_what_i_wish() -> None:
    walk = registered()
    walk.all("别发培训", "导出")
    assert "不发培训" in walk.said()


def test_a_wish_is_heard_while_staff_is_in_the_talk() -> None:
    walk = Walk(is_new=False)
    walk.all("人工", "别发培训")
    assert "不发培训" in walk.said()


@pytest.mark.parametrize(
    ("first", "then", "holds"),
    [
        ("除了项目别的都别发", "这个月别发培训", "只发项目"),
        ("别发培训", "这个月别发培训", "不发培训"),
        ("过完年再发", "这个月别发了", "2月13日前不发"),
        ("一个月一次", "少发点", "一个月最多1条"),
        ("这个月别发培训", "别发培训", "不发培训"),
        ("过完年再发", "12月5号以后再发", "12月5日前不发"),
    ],
)
def test_who_says_what_not_to_send_never_gets_more(first: str, then: str, holds: str) -> None:
    walk = Walk(is_new=False)
    walk.all(first, then)
    assert f"现在：{holds}。" in walk.said()


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("13月5号以后再发", "13月5号"),
        ("2月30号再发", "2月30号"),
        ("正月三十五以后再发", "正月35"),
        ("等14月1号再给我发消息", "14月1号"),
    ],
)
def test_a_day_that_there_is_not_is_asked_about(said: str, day: str) -> None:
    walk = Walk(is_new=False)
    walk.say(said)
    assert f"没有“{day}”这一天，先没改" in walk.said()
    walk.say("我的推送")
    assert "没有特别要求" in walk.said()
