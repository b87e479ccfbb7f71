"""Wishes as workers say them, with reasons and greetings; and questions that are none."""

from __future__ import annotations

from datetime import datetime

import pytest

from handlers import commands
from handlers.commands import Command
from handlers.wishes.clauses import heard
from handlers.wishes.effects import OpenPush
from outreach.calendars import CHINA
from tests.handlers.support.walk import Walk

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("said", "hours"),
    [
        ("俺白天睡觉晚上干活，别白天吵我", "18:00-20:30"),
        ("早上别发，太早了", "10:00-20:30"),
        ("天黑以后甭发", "08:30-18:00"),
        ("我在厂里不能看手机，中午吃饭的时候发", "11:30-13:30"),
        ("下班前别烦我，我六点下班", "18:00-20:30"),
        ("下班前别发，我8点下班", "20:00-20:30"),
        ("我7点半下班，下班后再发", "19:30-20:30"),
        ("倒班的，这礼拜夜班", "14:00-20:30"),
        ("中午白再烦我，睡午觉", "08:30-11:30,13:30-20:30"),
        ("清早甭发", "10:00-20:30"),
        ("一大早别发，吵死了", "10:00-20:30"),
        ("后晌别给俺发", "08:30-13:00,18:00-20:30"),
        ("晌午头莫发", "08:30-11:30,13:30-20:30"),
        ("天黑前别找我", "18:00-20:30"),
        ("午饭的时候再发", "11:30-13:30"),
        ("睡午觉的时候别发", "08:30-12:00,14:00-20:30"),
        ("半夜别发", "08:30-20:30"),
        ("早上白给我发，在睡觉", "10:00-20:30"),
        ("早上别吵我，孩子在睡觉", "10:00-20:30"),
        ("晚上别发，影响休息", "08:30-18:00"),
        ("上班不让看手机，下班后再发", "18:00-20:30"),
    ],
)
def test_parts_of_the_day_are_understood(said: str, hours: str) -> None:
    assert _values(said) == {"hours": hours}


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("星期一到星期五别发", "67"),
        ("别在周一到周五发", "67"),
        ("星期二到星期四别发", "1567"),
        ("礼拜六到礼拜一别烦我", "2345"),
        ("周一和周三别发", "24567"),
        ("周二到周五再发", "2345"),
        ("老乡，周末别发，谢谢", "12345"),
    ],
)
def test_days_of_the_week_are_understood(said: str, days: str) -> None:
    assert _values(said) == {"days": days}


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("初六以前别找我", "02-11"),
        ("过年前别发", "02-06"),
        ("正月十五以前别发", "02-20"),
        ("腊月二十三以前别发", "01-30"),
        ("国庆以前别找俺", "10-01"),
        ("12月5号之前甭发", "12-05"),
        ("腊月初八以前别打扰我", "01-15"),
    ],
)
def test_nothing_before_a_day(said: str, until: str) -> None:
    found = heard(said, NOW)
    assert found is not None
    assert [f"{w.until:%m-%d}" for w in found.wanted if w.until] == [until]


@pytest.mark.parametrize(
    ("said", "topic"),
    [
        ("除了招工的，旁的甭给我发", "jobs"),
        ("活动的通知还要，其他都不要", "events"),
        ("只要招工的，其他都不要", "jobs"),
        ("招工的可以给我发，别的甭发", "jobs"),
        ("除了培训，其它的别发", "training"),
        ("其他的别发，就要政策的", "policy"),
    ],
)
def test_what_is_kept_refuses_the_rest(said: str, topic: str) -> None:
    found = heard(said, NOW)
    assert found is not None
    assert found.dropped == (f"topic:{topic}",)
    assert len(found.wanted) == 7


@pytest.mark.parametrize(
    ("said", "wished"),
    [
        ("你们的消息一礼拜给我来一条就够了", {"rate": "1/3"}),
        ("每个礼拜给俺来一条就中", {"rate": "1/3"}),
        ("你们的通知一个月来一次就够", {"rate": "1/1"}),
        ("真烦人，少发点", {"rate": "1/3"}),
        ("我要少收点，但是有好项目还是告诉我", {"rate": "1/3"}),
        ("少发点，招工的还是要", {"rate": "1/3"}),
        ("不要给我发那个培训的了，项目的可以", {"topic:training": ""}),
        ("别发活动，有好项目再告诉我", {"topic:events": ""}),
        ("培训白要给我发", {"topic:training": ""}),
        ("短信每周最多两条，看不过来", {"rate": "2/8"}),
        ("莫给俺发培训", {"topic:training": ""}),
        ("别给我发那些典型故事", {"topic:stories": ""}),
        ("老乡，招工的信儿多发点", {}),
    ],
)
def test_how_much_and_what_of_is_understood(said: str, wished: dict[str, str]) -> None:
    assert _values(said) == wished


@pytest.mark.parametrize("said", ["烦死了别发了", "烦死了，别发了", "太烦人了甭给俺发了"])
def test_who_is_annoyed_and_wants_nothing_says_stop(said: str) -> None:
    assert commands.of(said) is Command.STOP
    walk = Walk(is_new=False)
    walk.all(said, "我的推送")
    assert "您说过“停”" in walk.said()


@pytest.mark.parametrize(
    "said",
    [
        "早上几点上班",
        "你们中午休息吗",
        "周一到周五都上班吗",
        "星期六能去办吗",
        "我六点下班，还能办吗",
        "我白天上班，晚上有空",
        "在厂里不能看手机",
        "我晚上干活",
        "老乡，你好",
        "太晚了",
        "烦死了",
        "我在厂里上班，想回家开店",
        "除了贷款还有啥补贴",
        "除了定陶别的地方能办吗",
        "只要身份证吗",
        "只要有项目我就回去",
        "招工的工资怎么发",
        "项目的可以",
        "有好项目告诉我",
        "有啥项目推荐推荐",
        "年前别的地方有招聘会不",
        "过年前能办下来不",
        "初六以前能办吗",
        "初六以后上班吗",
        "工资老是别人先发",
        "厂里说12月以前不发工资",
        "补贴不发了",
        "别人找我合伙",
        "有人找我借钱",
        "怎么联系我的专员",
        "营业执照一个月能办下来不",
        "一个礼拜来一次就够吗",
        "我一个月挣五千就够了",
        "多发点补贴",
        "老板不给我发工资",
        "白要我的钱",
        "中午吃饭的时候店里人多",
        "活动几点开始，其他都不要紧",
        "其他都不要，我想贷款开店",
        "我们这里招工的都是女的",
    ],
)
def test_a_question_is_no_wish(said: str) -> None:
    assert heard(said, NOW) is None


@pytest.mark.parametrize(("said", "line"), [("第1个", 1), ("第二件", 2), ("3", 3)])
def test_a_number_sent_right_after_opens_a_line_of_the_list(said: str, line: int) -> None:
    walk = Walk(is_new=False)
    walk.all("别的几件", said)
    assert OpenPush(0, line) in walk.last.effects


def test_later_a_number_opens_nothing() -> None:
    walk = Walk(is_new=False)
    walk.all("别的几件", "第1个", "第1个")
    assert not walk.last.effects


def _values(said: str) -> dict[str, str]:
    found = heard(said, NOW)
    assert found is not None
    return {str(one.name): one.value for one in found.wanted}
