"""Consent: asked first, given by an explicit act, as easily taken back (P-01, P-02, P-26)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from handlers import consent
from handlers.dialogue import State
from records import consents
from records.consents import CORE, PUSH, Said
from records.messages import InboundKind
from tests.handlers.support.talks import registered, two_people
from tests.handlers.support.walk import OFFICE, START, Walk

DAY = timedelta(days=1)


def test_the_notice_comes_before_the_first_question() -> None:
    walk = Walk()
    walk.say("登记")
    assert "第1题" not in walk.said()
    for word in (OFFICE.name, "专人", "老家", "留1年", "能删", OFFICE.phone):
        assert word in walk.said()


def test_the_notice_has_six_short_lines() -> None:
    first, second = consent.notice(OFFICE)
    assert len(f"{first}\n{second}".splitlines()) <= 6


@pytest.mark.parametrize("said", ["不同意", "不", "2", "随便说说", "先看政策", "返回"])
def test_nothing_but_a_yes_is_a_yes(said: str) -> None:
    walk = Walk()
    walk.all("登记", said)
    assert "第1题" not in walk.said()


def test_the_version_of_the_notice_is_stored_with_the_yes() -> None:
    said = registered().profiles()[0].said
    assert {(s.kind, s.given, s.version) for s in said} == {
        (CORE, True, consent.version()),
        (PUSH, True, consent.version()),
    }


def test_it_can_be_read_to_the_person() -> None:
    walk = Walk()
    walk.all("登记", "念给我听")
    assert walk.last.replies[0].kind == "spoken"
    assert walk.last.replies[-1].options


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("定陶开店能贷多少钱", InboundKind.TEXT),
        ("帮助", InboundKind.TEXT),
        ("你是谁", InboundKind.TEXT),
        ("停", InboundKind.TEXT),
        ("看新的", InboundKind.OPTION),
        ("啊这个那个随便说说", InboundKind.TEXT),
        ("我身份证「身份证号已隐去」", InboundKind.TEXT),
        ("", InboundKind.VOICE),
        ("371703", InboundKind.START),
    ],
)
def test_asked_again_it_is_never_half_a_notice(said: str, kind: InboundKind) -> None:
    walk = Walk()
    walk.say("登记")
    walk.say(said, kind)
    assert "同意登记吗" in walk.said()
    assert "登记前要您同意" in walk.said() or OFFICE.name in walk.last.replies[0].text


def test_after_a_self_check_it_is_asked_for_in_one_whole_message() -> None:
    walk = Walk()
    walk.all("登记", "我够不够条件领补贴", "定陶", "返回")
    assert walk.last.replies[-1].text.startswith("登记前要您同意")


def test_a_no_is_remembered() -> None:
    walk = Walk()
    walk.all("登记", "不同意", "定陶开店能贷多少")
    assert not [o for o in walk.last.replies[-1].options if o.label == "登记"]


def test_withdrawing_takes_one_word_and_stops_everything() -> None:
    walk = registered("退出")
    profile = walk.profiles()[0]
    assert profile.status == "withdrawn"
    assert profile.said == ()


def test_of_two_people_one_is_named_to_withdraw() -> None:
    walk = two_people()
    walk.all("退出", "小芳")
    assert [p.status.value for p in walk.profiles()] == ["confirmed", "withdrawn"]


def test_who_withdrew_can_come_back() -> None:
    walk = registered("退出")
    walk.all("登记", "同意", "湘乡", "跳过", "3", "1", "5", "老王", "13900001234", "对", "1", "1")
    assert [(p.status.value, p.answers["intent"]) for p in walk.profiles()] == [
        ("confirmed", "not_returning")
    ]


@pytest.mark.parametrize(
    ("ago", "may"),
    [([], True), ([179], False), ([181], True), ([181, 300], False), ([181, 400], True)],
)
def test_a_refusal_rests_half_a_year_and_twice_a_year_at_most(ago: list[int], may: bool) -> None:
    assert consent.may_ask([START - days * DAY for days in ago], START) is may


def test_refusals_are_counted_from_the_talk_and_the_record() -> None:
    state = consent.refused(State(), CORE, START)
    said = (Said(CORE, False, START - DAY), Said(CORE, True, START), Said(PUSH, False, START))
    expected: list[datetime] = [START, START - DAY]
    assert consent.refusals(state, CORE, said) == expected


def test_a_newer_answer_ends_the_older_one() -> None:
    walk = registered("停", "恢复推送")
    profile = walk.profiles()[0]
    assert profile.consents_to(PUSH)
    assert len([s for s in profile.said if s.kind == PUSH]) == 1


def test_proofs_are_kept_for_three_years() -> None:
    walk = registered("退出")
    after = walk.now + 3 * 365 * DAY
    assert walk.store.run(lambda s: consents.prune(s, after - DAY)) == 0
    assert walk.store.run(lambda s: consents.prune(s, after + DAY)) == 2


@pytest.mark.parametrize("tapped", ["创业政策咨询", "创业项目展示", "创业培训报名"])
def test_a_tap_on_the_menu_leads_there_while_consent_waits(tapped: str) -> None:
    walk = Walk()
    walk.all("你好", "登记")
    walk.say(tapped, InboundKind.OPTION)
    assert "没听明白" not in walk.said()
    assert "同意登记吗" not in walk.said()


def test_a_tap_on_registering_while_consent_waits_asks_for_it_as_a_whole() -> None:
    walk = Walk()
    walk.all("你好", "登记")
    walk.say("创业意愿登记", InboundKind.OPTION)
    assert "谁来记" in walk.said()
    assert "同意登记吗" in walk.said()


def test_who_answers_for_personal_data_stands_in_the_notice() -> None:
    named = replace(OFFICE, contact="李主任 0530-1111111")
    assert "找我们：李主任 0530-1111111" in consent.notice(named)[1]
    assert f"找我们：{OFFICE.phone}" in consent.notice(OFFICE)[1]
