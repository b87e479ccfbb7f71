"""One person on several channels: one record after proof, never before, never by guess."""

from __future__ import annotations

import pytest

from records.account_links import LinkCode
from records.people import Person
from tests.handlers.support.linked import beside, code_of, linked, rows
from tests.handlers.support.talks import LEFT_FOR, REGISTERED, registered, two_people
from tests.handlers.support.walk import Walk


def test_a_code_typed_elsewhere_makes_one_record_of_two_accounts() -> None:
    home, web = linked()
    assert "连上了" in web.said()
    assert [p.id for p in web.profiles()] == [p.id for p in home.profiles()]


@pytest.mark.parametrize(
    "said",
    ["绑定483920", "绑定 483 920", "绑定码：483920", "我要绑定 四八三九二零", "绑定４８３９２０"],
)
def test_a_code_is_understood_however_it_is_typed(said: str) -> None:
    walk = Walk()
    walk.say(said)
    assert "绑定码不对" in walk.said()


@pytest.mark.parametrize(
    "said",
    [
        *("绑定", "我在别的地方登记过", "换手机了"),
        *("我在微信里登记过", "我换了新手机", "之前在网页上登记过"),
    ],
)
def test_many_words_ask_for_the_link(said: str) -> None:
    walk = Walk()
    walk.say(said)
    assert [o.label[:1] for o in walk.last.replies[-1].options] == ["1", "2", "3", "0"]


@pytest.mark.parametrize(
    "said",
    ["我在网上登记过公司", "换手机号", "在别的地方报过警", "绑定银行卡 123456", "微信怎么绑定"],
)
def test_other_words_do_not(said: str) -> None:
    walk = Walk()
    walk.say(said)
    assert walk.state.flow != "linking"
    assert "绑定码" not in walk.said()


def test_who_is_registered_elsewhere_does_not_register_twice() -> None:
    home = registered()
    home.say("绑定")
    web = beside(home)
    web.all("登记", "同意", f"绑定 {code_of(home)}")
    assert "手上这张不用再填" in web.said()
    assert web.state.flow == ""


def test_what_is_left_for_somebody_else_goes_on_after_the_link() -> None:
    home = registered()
    home.say("绑定")
    web = beside(home)
    web.all(*LEFT_FOR[:3], f"绑定 {code_of(home)}")
    assert "连上了" in web.said()
    assert web.state.data["form"] == "proxy"


def test_phone_and_name_prove_it_in_one_message_or_two() -> None:
    for talk in (("尾号1234，我叫老王",), ("13900001234", "老王"), ("1234", "老 王")):
        home = registered()
        web = beside(home)
        web.all("我在别的地方登记过", "用手机后4位和称呼", *talk)
        assert [p.nickname for p in web.profiles()] == ["老王"], talk


@pytest.mark.parametrize("wrong", ["1235 老王", "1234 老李", "1234 王", "0000 老王"])
def test_either_alone_proves_nothing(wrong: str) -> None:
    web = beside(registered())
    web.all("绑定", "2", wrong)
    assert "没对上" in web.said()
    assert web.profiles() == ()


def test_two_records_that_both_fit_prove_nothing() -> None:
    home = registered()
    registered(store=home.store)  # the same account again would be known
    again = Walk(store=home.store, chat="77")
    again.all(*REGISTERED)
    web = beside(home)
    web.all("绑定", "2", "1234 老王")
    assert "没对上" in web.said()


def test_a_code_is_used_once() -> None:
    home = registered()
    home.say("绑定")
    first, second = beside(home, "w1"), beside(home, "w2")
    for walk in (first, second):
        walk.say(f"绑定 {code_of(home)}")
    assert len(first.profiles()) == 1
    assert second.profiles() == ()


def test_a_code_is_over_after_ten_minutes() -> None:
    home = registered()
    home.say("绑定")
    web = beside(home)
    web.wait(minutes=10)
    web.say(f"绑定 {code_of(home)}")
    assert web.profiles() == ()


def test_a_new_code_voids_the_former() -> None:
    home = registered()
    home.say("绑定")
    old = code_of(home)
    home.say("绑定")
    web = beside(home)
    web.say(f"绑定 {old}")
    assert web.profiles() == ()


def test_codes_are_kept_as_fingerprints_only() -> None:
    home = registered()
    home.say("绑定")
    [kept] = rows(home.store, LinkCode)
    assert code_of(home) not in kept.code_print


def test_after_five_failures_even_the_right_code_must_wait() -> None:
    home = registered()
    home.say("绑定")
    web = beside(home)
    web.all(*(f"绑定 {n:06}" for n in range(5)))
    web.say(f"绑定 {code_of(home)}")
    assert "先停一停" in web.said()
    assert web.profiles() == ()
    web.wait(hours=1)
    home.now = web.now
    home.say("绑定")
    web.say(f"绑定 {code_of(home)}")
    assert len(web.profiles()) == 1


def test_one_name_cannot_be_guessed_at_from_many_accounts() -> None:
    home = registered()
    for number in range(10):
        beside(home, f"w{number}").all("绑定", "2", f"{number:04} 老王")
    last = beside(home, "w99")
    last.all("绑定", "2", "1234 老王")
    assert "先停一停" in last.said()
    assert last.profiles() == ()


def test_only_the_person_named_is_linked_from_a_shared_phone() -> None:
    home = two_people()
    home.all("绑定", "小芳", "5678")
    web = beside(home)
    web.say(f"绑定 {code_of(home)}")
    assert [p.nickname for p in web.profiles()] == ["小芳"]


def test_nobody_gets_a_code_for_the_other_on_a_shared_phone() -> None:
    home = two_people()
    home.all("绑定", "小芳", "1234", "1234")
    assert "3个工作日" in home.said()


def test_who_registers_later_on_the_shared_phone_stays_apart() -> None:
    home, web = linked()
    home.all("给我老婆登记", "在", "同意", "湘乡", "花桥村", "3", "1", "5", "小芳")
    home.all("13700005678", "1", "3", "1")
    assert len(home.profiles()) == 2
    assert [p.nickname for p in web.profiles()] == ["老王"]


def test_two_records_of_one_person_become_one() -> None:
    home = registered()
    web = beside(home)
    web.all("登记", "同意", "湖南湘乡", "跳过", "3", "1", "2", "跳过", "跳过", "跳过", "王哥")
    web.all("跳过", "3", "不用", "1")
    assert len(web.profiles()) == 1, web.said()
    home.say("绑定")
    web.all(f"绑定 {code_of(home)}", "是")
    assert [p.nickname for p in web.profiles()] == ["老王"]
    assert len(rows(home.store, Person)) == 1


def test_two_people_stay_two_records() -> None:
    home = registered()
    web = Walk(store=home.store, chat="w1", channel="webchat", now=home.now)
    web.all("登记", "同意", "湖南湘乡", "跳过", "3", "1", "2", "跳过", "跳过", "跳过", "小芳")
    web.all("跳过", "3", "不用", "1")
    home.say("绑定")
    web.all(f"绑定 {code_of(home)}", "不是")
    assert sorted(p.nickname for p in web.profiles()) == ["小芳", "老王"]
    assert [p.nickname for p in home.profiles()] == ["老王"]


def test_the_accounts_are_named_in_what_is_held_and_in_the_copy() -> None:
    _, web = linked()
    web.say("我的信息")
    while "连着的号" not in web.said() and "更多" in str(web.last.replies):
        web.say("更多")
    assert "连着的号：网页、Telegram" in web.said()
    web.say("导出")
    assert "连着的号：网页、Telegram" in web.said()


def test_forms_of_others_on_a_shared_account_are_not_taken_over() -> None:
    home = two_people()
    home.all("绑定", "小芳", "5678")
    web = beside(home)
    web.say(f"绑定 {code_of(home)}")
    home.all("再登记一个人", "在", "同意", "湖南湘乡")
    web.say("继续")
    assert "接着" not in web.said()
