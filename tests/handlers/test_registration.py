"""The form: branches, checks, and what is stored."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from handlers.catalog import draft_until
from records import stops
from records.messages import InboundKind
from tests.handlers.support.talks import REGISTERED, registered
from tests.handlers.support.walk import Walk

HOME = REGISTERED[:3]


def _at_phone() -> Walk:
    walk = Walk()
    walk.all(*REGISTERED[:12], "老王")
    return walk


def test_nothing_is_stored_before_the_last_yes() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:-1])
    assert walk.profiles() == ()
    walk.say("对的")
    assert len(walk.profiles()) == 1


def test_everything_that_was_said_is_stored() -> None:
    answers = registered().profiles()[0].answers
    assert answers == {
        "home_place": "430381",
        "home_place_text": "湘潭湘乡市",
        "home_village": "泉塘镇花桥村",
        "where_now": "away",
        "where_city": "广东东莞",
        "where_area": "441900",
        "return_period": "after_festival",
        "away_half_year": "half_year",
        "hukou": "rural",
        "intent": "ready",
        "want_kind": ["shop", "farming"],
        "skills": ["cook"],
        "lacks": ["capital", "site"],
        "nickname": "老王",
        "phone": "13900001234",
        "contact_time": "evening",
    }


def test_who_never_left_is_not_asked_how_long() -> None:
    walk = Walk()
    walk.all(*HOME, "一直在老家")
    assert "第4题" in walk.said()


def test_going_back_forgets_what_no_longer_fits() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:8], "在干", "1", "1年", "办了", "改5", "想干")
    walk.all("9", "1", "1", "跳过", "跳过", "1", "1")
    answers = walk.profiles()[0].answers
    assert answers["intent"] == "ready"
    assert not {"biz_kind", "biz_months", "biz_licence"} & answers.keys()


@pytest.mark.parametrize(
    ("said", "stored"),
    [("5月底", "5月底"), ("明年清明", "明年清明"), ("腊月二十", "腊月二十")],
)
def test_a_date_in_own_words_is_kept(said: str, stored: str) -> None:
    walk = registered(talk=(*REGISTERED[:5], said, *REGISTERED[6:]))
    answers = walk.profiles()[0].answers
    assert (answers["return_period"], answers["return_period_text"]) == ("said", stored)


@pytest.mark.parametrize(
    ("said", "months"),
    [
        ("8个月", 8),
        ("一年半", 18),
        ("三年零两个月", 38),
        ("半年", 6),
        ("刚开", 0),
        ("两年多了", 24),
        ("2.5年", 30),
        ("十个月", 10),
    ],
)
def test_how_long_a_business_runs(said: str, months: int) -> None:
    walk = Walk()
    walk.all(*REGISTERED[:8], "在干", "1", said, "办了", "1", "1", "跳过", "跳过", "1", "1")
    assert walk.profiles()[0].answers["biz_months"] == months


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("1390000123", "您给的是10位"),
        ("139000012345", "您给的是12位"),
        ("12345678901", "您给的是11位"),
        ("13800138000", "公用号码"),
        ("以后再给", "没看到手机号"),
    ],
)
def test_a_wrong_number_is_explained(said: str, told: str) -> None:
    walk = _at_phone()
    walk.say(said)
    assert told in walk.said()


def test_a_number_is_confirmed_once() -> None:
    walk = _at_phone()
    walk.say("幺三九 零零零零 一二三四")
    assert "139 0000 1234，对吗" in walk.said()
    walk.say("不对")
    assert "手机号是多少" in walk.said()
    walk.all("13900001235", "13900001236", "对")
    assert walk.state.data["given"]["phone"] == "13900001236"


def test_a_shared_contact_needs_no_confirmation() -> None:
    walk = _at_phone()
    assert walk.last.replies[-1].wants_contact
    walk.say("13900001234", InboundKind.CONTACT)
    assert "啥时候联系您方便" in walk.said()


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("我姓王,叫王大明", "王大明"),
        ("叫我老王", "老王"),
        ("老\u200b王😀", "老王"),
        ("Li Ming", "li ming"),
    ],
)
def test_a_name_is_cleaned(said: str, name: str) -> None:
    walk = Walk()
    walk.all(*REGISTERED[:12], said)
    assert walk.state.data["given"]["nickname"] == name


@pytest.mark.parametrize("said", ["😀😀", "你好", "一二三四五六七八九十甲", "123"])
def test_what_is_no_name_is_not_taken_for_one(said: str) -> None:
    walk = Walk()
    walk.all(*REGISTERED[:12], said)
    assert walk.state.data["given"].get("nickname") is None


def test_who_does_not_return_is_left_in_peace_for_a_year() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:8], "暂时不回")
    assert "不催您" in walk.said()
    walk.all("跳过", "跳过", "1")
    target, year = [walk.account], timedelta(days=365)
    assert walk.store.run(lambda s: stops.stopped(s, target, walk.now + year / 2)) == set(target)
    assert walk.store.run(lambda s: stops.stopped(s, target, walk.now + year)) == set()


def test_skills_beyond_the_list_are_asked_for() -> None:
    walk = registered(talk=(*REGISTERED[:10], "9", "5", "修空调", *REGISTERED[11:]))
    answers = walk.profiles()[0].answers
    assert (answers["skills"], answers["skills_text"]) == (["other"], "修空调")


def test_skills_may_be_said_freely() -> None:
    walk = registered(talk=(*REGISTERED[:10], "做豆腐", *REGISTERED[11:]))
    assert walk.profiles()[0].answers["skills_text"] == "做豆腐"


def test_too_many_choices_are_refused_kindly() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:9], "1 2 3")
    assert "最多选2个" in walk.said()


def test_a_place_answers_where_one_is() -> None:
    walk = Walk()
    walk.all(*HOME, "我在东莞厚街")
    assert walk.state.data["given"]["where_now"] == "away"
    assert "啥时候回来" in walk.said()


@pytest.mark.parametrize("said", ["湖南", "湘潭", "湘乡、韶山", "不晓得"])
def test_the_county_must_be_certain(said: str) -> None:
    walk = Walk()
    walk.all("登记", "同意", said)
    assert "第1题" in walk.said()
    assert "home_place" not in walk.state.data["given"]


@pytest.mark.parametrize("hours", [2, 30, 24 * 20])
def test_a_plain_answer_counts_after_a_while(hours: int) -> None:
    walk = Walk()
    walk.all(*REGISTERED[:7])
    walk.wait(hours=hours)
    walk.say("农村")
    assert "第5题" in walk.said()


def test_a_question_days_later_is_answered_before_going_on() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:7])
    walk.wait(days=3)
    walk.say("贷款要啥条件")
    assert "依据" in walk.said()
    assert "接着填？" in walk.said()


@pytest.mark.parametrize(
    ("said", "told"), [("1", "第4题"), ("从头填", "第1题"), ("先不填", "先放着")]
)
def test_coming_back_offers_three_ways(said: str, told: str) -> None:
    walk = Walk()
    walk.all(*REGISTERED[:7])
    walk.wait(days=3)
    walk.all("在吗", said)
    assert told in walk.said()


def test_a_draft_lives_only_while_there_is_one(now: datetime) -> None:
    walk = Walk()
    in_a_month = now + timedelta(days=30)
    assert draft_until(walk.state, now) is None
    walk.all(*REGISTERED[:7])
    assert draft_until(walk.state, now) == in_a_month
    walk.all("先放着", "天气", "宜昌补贴多少钱")
    assert draft_until(walk.state, now) == in_a_month
    walk.all("登记", "1", *REGISTERED[7:])
    assert draft_until(walk.state, now) is None


def test_an_identity_number_is_declined_and_the_rest_is_heard() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:7], "农村,「身份证号已隐去」")
    assert "身份证号我们用不着" in walk.said()
    assert "第5题" in walk.said()


def test_registering_again_leads_to_what_is_held() -> None:
    walk = registered("登记")
    assert "我的信息" in walk.said()
    assert len(walk.profiles()) == 1


@pytest.mark.parametrize("said", ["不用发", "停", "别发了", "2"])
def test_a_no_to_pushes_is_an_answer(said: str) -> None:
    walk = registered(talk=(*REGISTERED[:15], said, "1"))
    assert not walk.profiles()[0].consents_to("push")


def test_something_wrong_on_the_summary_is_asked_for() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:16], "不对")
    assert "哪一条不对" in walk.said()
    walk.all("改8", "2", "1")
    assert walk.profiles()[0].answers["lacks"] == ["project"]


def _at_the_trades() -> Walk:
    walk = Walk()
    walk.all(*REGISTERED[:9])
    return walk


def test_one_of_several_may_be_tapped_after_another() -> None:
    walk = _at_the_trades()
    walk.tap("小店")
    assert "还能再点1个" in walk.said()
    walk.tap("种养")
    assert walk.state.data["given"]["want_kind"] == ["shop", "farming"]


@pytest.mark.parametrize("said", ["就这些", "够了", "跳过"])
def test_who_taps_one_may_leave_it_at_that(said: str) -> None:
    walk = _at_the_trades()
    walk.tap("小店")
    walk.say(said)
    assert walk.state.data["given"]["want_kind"] == ["shop"]


def test_what_goes_with_no_other_is_tapped_once() -> None:
    walk = _at_the_trades()
    walk.tap("没想好")
    assert walk.state.data["given"]["want_kind"] == ["undecided"]


def test_typed_numbers_are_complete_by_themselves() -> None:
    walk = _at_the_trades()
    walk.say("3")
    assert walk.state.data["given"]["want_kind"] == ["shop"]


def test_who_stops_half_way_through_a_correction_has_lost_nothing() -> None:
    walk = registered("我的信息")
    walk.all("改5", "想回来上班")
    assert "想在哪儿上班" in walk.said()
    walk.say("我的信息")
    answers = walk.profiles()[0].answers
    assert (answers["intent"], answers["phone"]) == ("job", "13900001234")
