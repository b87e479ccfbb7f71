"""Helpers and their people write to each other through us: kept, refused at night, stopped."""

from __future__ import annotations

from datetime import timedelta

import pytest

from handlers.helping.relay_words import Answer, Contact, Message, ShowPhone, message_of, wish_of
from outreach.caps import free_at, take_day
from records import audit, people, relays
from records.assignments import Help
from records.relays import By
from records.staff_accounts import StaffRole
from tests.handlers.support.linked import rows
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import Store, Walk, sent_to

HENS = "给1号 明天下午来看看鸡舍"


def _helper(store: Store, name: str, role: StaffRole) -> Walk:
    helper = Walk(store=store, chat=f"of {name}", is_new=False)
    helper.serve(name, role=role)
    return helper


def _talk() -> tuple[Walk, Walk, Walk]:
    """Somebody with a commissioner and a mentor, who were not told of the number yet."""
    store = Store()
    commissioner = _helper(store, "小刘", StaffRole.COMMISSIONER)
    mentor = _helper(store, "陈姐", StaffRole.MENTOR)
    person = registered("导师", "1", "0", store=store)
    commissioner.now = mentor.now = person.now
    return person, commissioner, mentor


def _later(walk: Walk, other: Walk) -> Walk:
    walk.now = other.now + timedelta(minutes=1)
    return walk


def _lines(person: Walk) -> list[tuple[By, str]]:
    [who] = person.profiles()
    vault = person.store.vault
    found = person.store.run(lambda s: relays.of_person(s, vault, who.id, 9))
    return [(line.by, line.text) for line in reversed(found)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("给3号 明天来", Message(3, "", "明天来")),
        ("留言3号 明天来", Message(3, "", "明天来")),
        ("留言 3号：明天来", Message(3, "", "明天来")),
        ("给3号留言明天来", Message(3, "", "明天来")),
        ("回3号 好", Message(3, "", "好")),
        ("给老王留言 明天来", Message(0, "老王", "明天来")),
        ("给3号", Message(3, "", "")),
        ("给3000块", None),
        ("回访 3号 开业", None),
    ],
)
def test_a_helpers_words_are_read_however_they_are_written(
    text: str, message: Message | None
) -> None:
    assert message_of(text) == message


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("回导师 我在家", Answer(Help.MENTOR, "", "我在家")),
        ("回复专员：好", Answer(Help.COMMISSIONER, "", "好")),
        ("回陈姐 好", Answer(None, "陈姐", "好")),
        ("给导师留言 几点来", Answer(Help.MENTOR, "", "几点来")),
        ("手机号给陈姐看", ShowPhone(None, "陈姐", True)),
        ("不给导师看手机号", ShowPhone(Help.MENTOR, "", False)),
        ("收回手机号", ShowPhone(Help.MENTOR, "", False)),
        ("别让导师给我留言", Contact(Help.MENTOR, "", True)),
        ("导师", None),
        ("回家创业", None),
    ],
)
def test_a_persons_words_are_read_however_they_are_written(text: str, wish: object) -> None:
    assert wish_of(text, ["陈姐"]) == wish


@pytest.mark.parametrize("who", [1, 2])
def test_a_helpers_words_arrive_under_the_helpers_name_and_are_kept(who: int) -> None:
    talk = _talk()
    assert "转给1号老王了" in talk[who].say(HENS)[0].text
    name = ("专员小刘", "导师陈姐")[who - 1]
    assert any(f"{name}给您留言：\n明天下午来" in t for t in sent_to(talk[0].store, "42"))
    assert _lines(talk[0]) == [(By.HELPER, "明天下午来看看鸡舍")]
    [one] = talk[0].profiles()
    acts = [row.act for row in talk[0].store.run(lambda s: audit.of(s, one.id))]
    assert acts[-1] == "relay.sent"


@pytest.mark.parametrize(
    "text", ["好的", "明天下午我在家，鸡舍还没盖好", "回导师 好", "回陈姐 行"]
)
def test_who_answers_reaches_the_helper(text: str) -> None:
    person, _, mentor = _talk()
    mentor.say(HENS)
    assert "转给陈姐了" in _later(person, mentor).say(text)[0].text
    assert any("1号老王给您回话" in told for told in sent_to(person.store, mentor.chat))
    assert [by for by, _ in _lines(person)] == [By.HELPER, By.PERSON]


def test_what_may_be_meant_for_us_is_asked_back() -> None:
    person, _, mentor = _talk()
    mentor.say(HENS)
    assert "说给谁" in _later(person, mentor).say("养鸡能贷多少款？")[0].text
    assert len(_lines(person)) == 1
    assert "陈姐" in person.say("1")[0].text
    assert _lines(person)[-1] == (By.PERSON, "养鸡能贷多少款？")


def test_what_was_meant_for_us_is_answered() -> None:
    person, _, mentor = _talk()
    mentor.say(HENS)
    _later(person, mentor).all("养鸡能贷多少款？", "2")
    assert len(_lines(person)) == 1
    assert "陈姐" not in person.said()


def test_of_two_who_wrote_one_is_chosen() -> None:
    person, commissioner, mentor = _talk()
    mentor.say(HENS)
    commissioner.now = mentor.now + timedelta(days=1)
    commissioner.say("给1号 材料齐了没")
    replies = _later(person, commissioner).say("齐了")
    assert [o.label for o in replies[0].options][:2] == ["1 转给小刘", "2 转给陈姐"]


def _capped(helper: Walk, **later: float) -> bool:
    """Whether words of a helper are too many, so long after the walk's last turn."""
    helper.now += timedelta(**later)
    told = helper.say("给1号 材料齐了没")[0].text
    assert ("没转" in told) != ("转给1号" in told)
    return "消息够多了" in told


def test_a_second_helper_of_the_day_is_told_when_to_write() -> None:
    person, commissioner, mentor = _talk()
    mentor.say(HENS)
    _later(commissioner, mentor)
    assert _capped(commissioner)
    assert "11月22日08:30以后再发" in commissioner.said()
    assert len(_lines(person)) == 1
    assert not _capped(commissioner, days=1)


def test_words_that_follow_at_once_are_parts_of_one_message() -> None:
    _, _, mentor = _talk()
    mentor.say(HENS)
    assert not _capped(mentor, minutes=9)
    assert _capped(mentor, hours=1)


def test_who_wrote_to_the_helper_waits_for_the_answer() -> None:
    person, commissioner, mentor = _talk()
    mentor.say(HENS)
    _later(person, mentor).say("回专员 我的材料看了没")
    assert not _capped(_later(commissioner, person))
    assert not _capped(commissioner, hours=3)


def test_a_push_takes_the_day_from_a_helper_and_a_helper_from_a_push() -> None:
    person, _, mentor = _talk()
    now, key = person.now, f"{person.channel}:{person.chat}"
    person.store.run(lambda s: take_day(s, key, "gap/1", now))
    assert _capped(mentor)
    assert not _capped(mentor, days=1)
    assert person.store.run(lambda s: free_at(s, key, "gap/2", mentor.now)) > mentor.now


def test_who_wants_less_is_written_less_by_helpers_too() -> None:
    person, _, mentor = _talk()
    person.say("少发点")
    mentor.say(HENS)
    assert [_capped(mentor, days=days) for days in (1, 1, 5)] == [True, True, False]


def test_a_number_answers_no_helper() -> None:
    person, _, mentor = _talk()
    mentor.say(HENS)
    _later(person, mentor).say("3")
    assert len(_lines(person)) == 1


def test_at_night_nothing_is_passed_on() -> None:
    person, _, mentor = _talk()
    mentor.wait(hours=12)
    assert "现在休息，没转" in mentor.say(HENS)[0].text
    assert _lines(person) == []


@pytest.mark.parametrize("words", ["别让导师给我留言", "停"])
def test_who_said_stop_is_not_written_to_until_they_write(words: str) -> None:
    person, _, mentor = _talk()
    person.say(words)
    assert "不要再发消息" in _later(mentor, person).say(HENS)[0].text
    person.say("可以让导师给我留言")
    _later(person, mentor).say("回导师 明天来吧")
    assert "转给1号" in _later(mentor, person).say(HENS)[0].text


def test_a_failed_business_leaves_nobody_alone() -> None:
    person, commissioner, _ = _talk()
    person.say("我的店亏了，不干了")
    assert "转给1号" in _later(commissioner, person).say("给1号 别急，我明天来")[0].text


def test_a_mentors_number_goes_only_to_who_agreed() -> None:
    person, commissioner, mentor = _talk()
    assert "没同意" in mentor.say("给1号 打我电话13700001111")[0].text
    person.say("手机号给陈姐看")
    assert "转给1号" in _later(mentor, person).say("给1号 打我电话13700001111")[0].text
    commissioner.now = mentor.now + timedelta(days=1)
    assert "转给1号" in commissioner.say("给1号 打13700001112")[0].text


def test_a_persons_number_is_left_out_until_they_agree() -> None:
    person, _, mentor = _talk()
    replies = person.say("回导师 打我电话13900001234")
    assert "13900001234" not in str(_lines(person))
    assert [o.label for o in replies[-1].options][:2] == ["1 可以看我的手机号", "2 只在这里留言"]
    person.say("1")
    assert "13900001234" in _later(mentor, person).say("看1号")[0].text


def test_a_number_that_was_shown_is_hidden_again() -> None:
    person, _, mentor = _talk()
    person.all("手机号给陈姐看", "不给导师看手机号")
    assert "139****1234" in _later(mentor, person).say("看1号")[0].text


def test_who_picks_a_mentor_is_asked_for_their_number_once() -> None:
    person, _, mentor = _talk()
    mentor.say(HENS)
    assert not any("手机号吗" in text for text in sent_to(person.store, "42"))


def test_the_dossier_shows_both_sides() -> None:
    person, commissioner, mentor = _talk()
    mentor.say(HENS)
    _later(person, mentor).say("回导师 好")
    for helper in (commissioner, mentor):
        told = _later(helper, person).say("看1号")[0].text
        assert "陈姐：明天下午来看看鸡舍" in told
        assert "他：好" in told


def test_a_mentor_does_not_read_what_the_commissioner_wrote() -> None:
    _, commissioner, mentor = _talk()
    commissioner.say("给1号 材料齐了没")
    assert "材料" not in _later(mentor, commissioner).say("看1号")[0].text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("给9号 来", "没有9号"),
        ("给1号", "写成一行"),
        ("给老李留言 来", "没有叫老李的"),
        (f"给1号 {'长' * 301}", "太长"),
    ],
)
def test_what_cannot_be_passed_on_is_said(text: str, said: str) -> None:
    assert said in _talk()[2].say(text)[0].text


def test_whom_others_registered_gets_no_words_and_the_helper_knows() -> None:
    person, commissioner, mentor = _talk()
    [who] = person.profiles()
    person.store.run(lambda s: people.move(s, who.id, "", at=person.now))
    assert "号码回“看1号”" in commissioner.say(HENS)[0].text
    assert "请他的专员" in mentor.say(HENS)[0].text


def test_nothing_of_it_stays_of_who_is_erased() -> None:
    person, _, mentor = _talk()
    mentor.say(HENS)
    _later(person, mentor).say("回导师 我家住得远")
    person.all("删除", "确认删除", "1234", "确认删除")
    assert not any("我家住得远" in text for text in sent_to(person.store, mentor.chat))
    assert rows(person.store, relays.RelayLine) == []


def test_what_was_written_half_a_year_ago_is_gone() -> None:
    person, _, mentor = _talk()
    mentor.say(HENS)
    later = mentor.now + relays.LIFE + timedelta(days=1)
    assert person.store.run(lambda s: relays.prune(s, later)) == 1
