"""What people say of themselves without a question: met with what we can do, never handed over."""

from __future__ import annotations

import pytest

from handlers.forms.form import REGISTRATION, shipped_forms
from handlers.forms.reading import loosely
from handlers.places import country
from knowledge.answer import Answerer
from records.messages import InboundKind
from tests.handlers.support.fixed_answers import shipped_answerer
from tests.handlers.support.walk import Walk


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    return shipped_answerer()


@pytest.mark.parametrize(
    "said",
    [
        "我想干养殖",
        "我想干木工",
        "俺打算回来开个饭店",
        "准备回老家养猪",
        "我是干活砌墙的",
        "我想回定陶开个小吃店",
        "打算回定陶区开个饭店",
    ],
)
def test_a_wish_is_met_with_registering_and_policies(said: str, answerer: Answerer) -> None:
    walk = Walk(answerer=answerer, is_new=False, area="371703")
    walk.say(said)
    assert "登记" in walk.said()
    assert walk.ticket() == ""
    assert "请人给您回电话" not in walk.said()


@pytest.mark.parametrize("said", ["山东省菏泽市定陶区人民路1号", "菏泽市定陶区冉堌镇王庄村"])
def test_a_spot_on_the_map_is_where_home_is(said: str, answerer: Answerer) -> None:
    walk = Walk(answerer=answerer, is_new=False)
    walk.say(said)
    assert walk.state.memory["area"] == "371703"


@pytest.mark.parametrize("said", ["我想开个店能贷多少", "我想干养殖有补贴吗", "我想办贷款"])
def test_a_question_stays_one(said: str, answerer: Answerer) -> None:
    walk = Walk(answerer=answerer, is_new=False, area="371703")
    walk.say(said)
    assert "找路子" not in walk.said()


def test_a_child_is_sent_home_kindly_at_any_time(answerer: Answerer) -> None:
    walk = Walk(answerer=answerer, is_new=False)
    walk.say("我今年15")
    assert "没满16岁" in walk.said()


def test_a_deletion_is_confirmed_also_in_despair(answerer: Answerer) -> None:
    walk = Walk(answerer=answerer, is_new=False)
    walk.all("不想活了", "删除", "删除", "确认删除")
    assert "12356" not in walk.said()


def test_a_village_is_enough_where_the_county_is_known(answerer: Answerer) -> None:
    walk = Walk(answerer=answerer, is_new=False, area="371703")
    walk.all("登记", "同意")
    assert "定陶" in walk.said()


def test_consent_is_asked_for_as_a_whole_after_a_talk_with_staff(answerer: Answerer) -> None:
    walk = Walk(answerer=answerer, is_new=False)
    walk.all("登记", "人工", "返回")
    assert "谁来记" in walk.said()
    assert "同意登记吗" in walk.said()


def test_who_does_not_understand_the_consent_is_offered_a_person(answerer: Answerer) -> None:
    walk = Walk(answerer=answerer, is_new=False)
    walk.all("登记", "听不懂", "听不懂")
    assert "请人给您回电话" in walk.said()


@pytest.mark.parametrize("said", ["搞错了我是濮阳的", "不对，我老家是濮阳", "我是濮阳的"])
def test_a_corrected_place_becomes_home(said: str, answerer: Answerer) -> None:
    walk = Walk(answerer=answerer, is_new=False, area="420500")
    walk.all("补贴多少", said)
    assert walk.state.memory["area"] == "410900"


def test_one_character_over_and_over_is_no_question(answerer: Answerer) -> None:
    walk = Walk(answerer=answerer, is_new=False, area="371703")
    walk.say("长" * 3000)
    assert "站长会议" not in walk.said()
    assert walk.last.replies[0].options[0].label == "登记"


def test_a_station_s_code_may_stand_with_its_name(answerer: Answerer) -> None:
    walk = Walk(answerer=answerer)
    walk.say("371703-张湾镇服务站", InboundKind.START)
    assert walk.state.memory["area"] == "371703"


@pytest.mark.parametrize("said", ["5万", "11", "3000块"])
def test_a_figure_is_no_trade(said: str) -> None:
    skills = shipped_forms()[REGISTRATION].question("skills")
    assert skills is not None
    read = loosely(skills, said, country())
    assert read is None or read.problem
