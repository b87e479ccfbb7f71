"""What is told before it is asked for, and what a form takes for no answer."""

from __future__ import annotations

import pytest

from records.people import Status
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import Walk


def at_the_home() -> Walk:
    walk = Walk()
    walk.all("登记", "同意")
    return walk


@pytest.mark.parametrize(
    ("said", "held"),
    [
        ("我叫王强今年三十五在东莞做鞋子", {"nickname": "王强", "where_city": "东莞"}),
        ("叫我老王就行，老家湘乡的", {"nickname": "老王", "home_place": "430381"}),
        ("老家湘乡的，在东莞打工", {"home_place": "430381", "where_now": "away"}),
        ("湖南湘乡，在广东东莞打工", {"home_place": "430381", "where_now": "away"}),
        ("我是湘乡人，农村户口", {"home_place": "430381", "hukou": "rural"}),
    ],
)
def test_several_answers_in_one_breath_are_all_kept(said: str, held: dict[str, str]) -> None:
    walk = at_the_home()
    walk.say(said)
    given = walk.state.data["given"]
    assert {name: given.get(name) for name in held} == held


@pytest.mark.parametrize("said", ["我叫他来", "叫我干啥", "在家做饭", "35", "😀", "1" * 100])
def test_what_tells_nothing_is_not_kept(said: str) -> None:
    walk = at_the_home()
    walk.say(said)
    assert walk.state.data["given"] == {}


@pytest.mark.parametrize("said", ["35", "13900001234", "三万多块", "「卡号已隐去」"])
def test_a_number_is_no_village(said: str) -> None:
    walk = at_the_home()
    walk.all("湘乡", said)
    assert "home_village" not in walk.state.data["given"]


@pytest.mark.parametrize("said", ["随便", "不晓得", "都行"])
def test_who_does_not_care_goes_on(said: str) -> None:
    walk = at_the_home()
    walk.all("湘乡", said)
    assert walk.state.data["given"]["home_village"] is None


@pytest.mark.parametrize(
    ("said", "code"), [("八个月", "half_year"), ("三个月", "less"), ("好几年", "half_year")]
)
def test_a_span_of_time_is_one_of_the_choices(said: str, code: str) -> None:
    walk = at_the_home()
    walk.all("湘乡泉塘", "2", "东莞", "跳过", said)
    assert walk.state.data["given"]["away_half_year"] == code


@pytest.mark.parametrize("said", ["35", "王强", "99999999"])
def test_what_asks_nothing_never_gets_the_last_answer_again(said: str) -> None:
    walk = at_the_home()
    walk.all("湘乡泉塘", "定陶小微企业能贷多少？", said)
    assert "万元" not in walk.said()


@pytest.mark.parametrize("said", ["「卡号已隐去」", "我的卡号 「卡号已隐去」"])
def test_the_number_of_a_bank_card_is_not_needed(said: str) -> None:
    walk = at_the_home()
    walk.all("湘乡", said)
    assert "银行卡号" in walk.said()
    assert "6222" not in str(walk.state.data)


@pytest.mark.parametrize("said", ["我在湘乡做豆腐", "我在湘乡开了个店"])
def test_who_works_in_a_county_may_be_at_home_there(said: str) -> None:
    walk = at_the_home()
    walk.say(said)
    assert "where_now" not in walk.state.data["given"]


def test_a_number_in_the_same_breath_goes_into_no_village() -> None:
    walk = at_the_home()
    walk.say("湘乡市泉塘镇花桥村，我叫李强电话13900001234在深圳打工")
    assert walk.state.step == "phone_check"
    assert walk.state.data["given"]["home_village"] == "泉塘镇花桥村"


def test_a_question_before_the_home_is_known_is_answered_after_it() -> None:
    walk = at_the_home()
    walk.say("小微企业能贷多少？")
    assert "先说老家" in walk.said()
    walk.say("定陶半堤镇")
    assert "10万元" in walk.said()
    assert walk.state.step == "where_now"


@pytest.mark.parametrize("said", ["为啥要问这个", "问这个干啥", "要我电话干什么"])
def test_why_something_is_asked_is_told(said: str) -> None:
    walk = at_the_home()
    walk.say(said)
    assert "按老家找政策" in walk.said()


def test_a_shop_that_closed_is_heard_in_the_middle_of_a_form() -> None:
    walk = at_the_home()
    walk.all("湘乡泉塘", "我的店关了")
    assert "1个工作日" in walk.said()
    assert walk.state.data["parked"]


def test_leaving_a_correction_keeps_the_registration() -> None:
    walk = registered("改4", "退出")
    assert "都还在" in walk.said()
    assert [profile.status for profile in walk.profiles()] == [Status.CONFIRMED]


def test_pages_of_options_are_not_one_prompt_again() -> None:
    walk = at_the_home()
    walk.all("湘乡泉塘", "3", "1", "2", "1", "9", "9", "9")
    assert "卡住" not in walk.said()


@pytest.mark.parametrize("said", ["不用", "没手机", "不想留", "不给"])
def test_nobody_has_to_leave_a_number(said: str) -> None:
    walk = at_the_home()
    walk.all("湘乡泉塘", "3", "1", "5", "跳过", said)
    assert walk.state.step == "confirm"


def test_a_city_is_narrowed_to_the_county_said_next() -> None:
    walk = at_the_home()
    walk.all("山东", "菏泽", "定陶区")
    assert walk.state.data["given"]["home_place"] == "371703"
    assert walk.state.step == "home_village"


def test_a_place_too_wide_is_asked_on_even_when_stuck() -> None:
    walk = at_the_home()
    walk.all("王强啊", "李四啊", "山东")
    assert "山东的哪个县" in walk.said()


def test_who_moved_is_answered_for_the_new_place() -> None:
    walk = Walk()
    walk.all("定陶小微企业能贷多少", "我搬到湘乡了")
    assert "湘乡" in walk.said()
    assert walk.state.memory["area"] == "430381"


def test_what_a_draft_holds_is_shown() -> None:
    walk = at_the_home()
    walk.all("湘乡泉塘", "3", "我的信息")
    assert "泉塘" in walk.said()
    assert "还没登记完" in walk.said()
