"""Fraud, danger and failure: what sets them off, what does not."""

from __future__ import annotations

import pytest

from handlers.alarms import is_alarm
from records import stops
from tests.handlers.support.talks import REGISTERED, registered
from tests.handlers.support.walk import Walk


@pytest.mark.parametrize(
    "said",
    [
        "有人收500块帮我办补贴",
        "中介说交钱就能帮我办下贷款",
        "他让我先转两千块保证金才给办贷款",
        "客服要我的验证码",
        "对方让我报银行卡密码",
        "我被骗了",
        "自称人社局的说要收手续费办补贴",
    ],
)
def test_a_scam_is_warned_of(said: str) -> None:
    walk = Walk(is_new=False)
    walk.say(said)
    assert "110" in walk.said()
    assert "96110" in walk.said()


@pytest.mark.parametrize(
    "said", ["不想活了", "活着没意思", "我想跳楼", "救命", "着火了", "他们不让我走"]
)
def test_danger_comes_first(said: str) -> None:
    walk = Walk(is_new=False)
    walk.say(said)
    assert "110" in walk.said()


@pytest.mark.parametrize(
    "said",
    [
        "办补贴要收费吗",
        "登记收钱不",
        "补贴给多少钱",
        "贷款要交利息吗",
        "我想办贷款",
        "给我发点政策",
        "他们都办了",
        "公司办贷款要啥",
        "你们是不是骗子",
        "这不会是骗人的吧",
    ],
)
def test_ordinary_questions_raise_no_alarm(said: str) -> None:
    assert not is_alarm(said)


def test_an_alarm_interrupts_a_form_and_the_form_goes_on() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:7], "有人收500块帮我办补贴")
    assert "骗子" in walk.said()
    assert "第4题" in walk.said()


@pytest.mark.parametrize("said", ["店亏了,关门了", "倒闭了", "干不下去了", "生意黄了", "我不干了"])
def test_j12_failure_is_met_kindly_and_pushes_stop(said: str) -> None:
    walk = registered(said)
    assert "1个工作日" in walk.said()
    assert not [word for word in ("一定", "保证", "贷款") if word in walk.said()]
    target = [walk.account]
    assert walk.store.run(lambda s: stops.stopped(s, target, walk.now)) == set(target)


@pytest.mark.parametrize("said", ["创业失败了有啥补贴", "亏了能不能贷款", "倒闭了社保咋办"])
def test_j12_questions_about_failure_are_questions(said: str) -> None:
    walk = registered(said)
    assert "先歇口气" not in walk.said()
