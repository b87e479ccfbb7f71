"""What people say beside an answer, before it, and after something grave, is not lost on us."""

from __future__ import annotations

import pytest

from handlers.catalog import draft_until
from tests.handlers.support.talks import REGISTERED
from tests.handlers.support.walk import Walk


def _at(step: int) -> Walk:
    walk = Walk()
    walk.all(*REGISTERED[:step])
    return walk


def test_an_answer_and_a_question_in_one_breath_are_both_heard() -> None:
    walk = _at(4)
    walk.say("东莞，对了定陶小微企业最高能贷多少")
    assert walk.state.data["given"]["where_city"] == "东莞"
    assert "10万元" in walk.last.replies[0].text
    assert walk.last.replies[-1].kind == "form"


@pytest.mark.parametrize("said", ["啥是城镇户口", "这题怎么选", "啥意思"])
def test_asking_what_a_choice_means_is_no_choice(said: str) -> None:
    walk = _at(7)
    walk.say(said)
    assert "hukou" not in walk.state.data["given"]
    assert "户口本" in walk.said()


def test_a_home_that_was_told_is_not_asked_again() -> None:
    walk = Walk()
    walk.all("我是定陶的", "登记", "同意")
    assert "定陶区" in walk.said()
    assert walk.state.data["given"]["home_place"] == "371703"


def test_a_home_that_was_told_wrongly_can_be_told_again() -> None:
    walk = Walk()
    walk.all("我是定陶的", "登记", "同意", "返回")
    assert walk.state.step == "home_place"


@pytest.mark.parametrize("said", ["别管我", "老婆也跑了", "没意思"])
def test_who_spoke_of_dying_gets_no_small_talk(said: str) -> None:
    walk = Walk()
    walk.all("定陶贷款多少", "不想活了", said)
    assert "12356" in walk.said()


def test_who_spoke_of_dying_may_still_ask() -> None:
    walk = Walk()
    walk.all("不想活了", "定陶小微企业最高能贷多少？")
    assert "10万元" in walk.said()


def test_more_of_nothing_is_said_plainly() -> None:
    walk = Walk()
    walk.all("你好", "详细")
    assert "没有更细的了" in walk.said()


@pytest.mark.parametrize("said", ["我孩子15岁了", "我妹妹14岁也想学", "我儿子还在读初二"])
def test_the_age_of_one_s_child_is_not_one_s_own(said: str) -> None:
    walk = _at(5)
    walk.say(said)
    assert walk.state.data["given"]["home_place"] == "430381"


def test_who_lives_elsewhere_may_say_so_after_a_mistake() -> None:
    walk = Walk()
    walk.all("我是湘乡的", "搞错了我是定陶的")
    assert walk.state.memory["area"] == "371703"


def test_a_form_left_for_a_month_is_not_taken_up_again() -> None:
    walk = _at(8)
    walk.wait(days=31)
    walk.say("你好")
    assert draft_until(walk.state, walk.now) is None


@pytest.mark.parametrize("said", ["我老婆打我", "撑不下去了"])
def test_danger_at_home_is_heard(said: str) -> None:
    walk = Walk()
    walk.all("你好", said)
    assert "110" in walk.said()


def test_who_does_not_understand_thrice_keeps_the_form() -> None:
    walk = _at(7)
    walk.all("听不懂", "听不懂", "听不懂")
    assert draft_until(walk.state, walk.now) is not None
    assert walk.state.data["given"]["home_place"] == "430381"


def test_saying_register_twice_is_no_consent() -> None:
    walk = Walk()
    walk.all("登记", "登记")
    assert walk.state.step == "consent"
