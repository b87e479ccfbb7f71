"""A scanned code says where somebody is from, and changes nothing behind their back."""

from __future__ import annotations

from records.messages import InboundKind
from tests.handlers.support.walk import Walk

DINGTAO, XIANGXIANG = "371703", "430381"


def _scans(walk: Walk, code: str, *, is_known: bool = True) -> None:
    walk.say(code, InboundKind.START, **({"again": "1"} if is_known else {}))


def test_who_has_no_home_yet_is_taken_to_be_from_there() -> None:
    walk = Walk()
    walk.say("你好")
    _scans(walk, f"{DINGTAO}-张湾镇服务站")
    assert walk.last.replies == ()
    assert "最高10万元" in "".join(reply.text for reply in walk.say("开店能贷多少钱"))


def test_another_place_is_mentioned_once_and_changes_nothing() -> None:
    walk = Walk()
    walk.all("你好", "老家在湘乡")
    _scans(walk, DINGTAO)
    walk.say("今天几号")
    assert "您扫的是定陶的码，我还是按湘乡" in walk.said()
    assert walk.state.memory["area"] == XIANGXIANG
    walk.say("今天几号")
    assert "您扫的" not in walk.said()


def test_it_is_changed_when_they_say_so() -> None:
    walk = Walk()
    walk.all("你好", "老家在湘乡")
    _scans(walk, DINGTAO)
    walk.all("今天几号", "老家在定陶区")
    assert walk.state.memory["area"] == DINGTAO


def test_a_greeting_by_a_code_does_not_change_a_home_either() -> None:
    walk = Walk()
    walk.all("你好", "老家在湘乡")
    _scans(walk, DINGTAO, is_known=False)
    assert "您扫的是定陶的码" in walk.said()
    assert walk.state.memory["area"] == XIANGXIANG


def test_the_code_of_the_home_itself_is_not_mentioned() -> None:
    walk = Walk()
    walk.all("你好", "老家在定陶区")
    _scans(walk, DINGTAO)
    walk.say("今天几号")
    assert "您扫的" not in walk.said()


def test_who_only_came_by_a_code_is_told_who_we_are_when_they_write() -> None:
    walk = Walk()
    _scans(walk, DINGTAO)
    walk.say("今天几号")
    assert "返乡创业小助手" in walk.said()
