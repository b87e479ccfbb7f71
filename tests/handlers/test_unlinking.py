"""Parting again, and what a weak proof does not allow."""

from __future__ import annotations

from records import account_links, stops
from records.account_links import AccountLink, LinkCode, Proof
from records.people import Person
from tests.handlers.support.linked import beside, code_of, linked, rows
from tests.handlers.support.walk import sent_to


def test_the_owner_is_told_and_undoes_it_at_once() -> None:
    home, web = linked(by_phone=True)
    assert "网页上刚有人" in sent_to(home.store, "42")[0]
    home.say("解绑")
    assert "断开了" in home.said()
    assert web.profiles() == ()
    web.all("绑定", "2", "1234 老王")
    assert "先停一停" in web.said()


def test_the_linked_account_can_leave_too() -> None:
    home, web = linked(by_phone=True)
    web.say("解绑")
    assert (web.profiles(), len(home.profiles())) == ((), 1)


def test_with_a_code_the_record_can_move_to_the_new_phone() -> None:
    home, web = linked()
    web.say("解绑")
    web.tap("登记搬到这个号")
    assert (home.profiles(), [p.account for p in web.profiles()]) == ((), ["webchat:w1"])


def test_a_weak_proof_cannot_throw_the_owner_out() -> None:
    _, web = linked(by_phone=True)
    web.say("解绑")
    assert "登记还在Telegram" in web.said()


def test_a_code_from_a_weakly_linked_account_is_as_weak() -> None:
    home, web = linked(by_phone=True)
    web.say("绑定")
    third = beside(home, "kf", "wecom_kf")
    third.say(f"绑定 {code_of(web)}")
    links = home.store.run(lambda s: account_links.of(s, ["wecom_kf:kf"]))
    assert {link.proof for link in links} == {Proof.PHONE}


def test_stop_holds_on_every_account() -> None:
    home, web = linked()
    web.say("停")
    targets = ["telegram:42", "webchat:w1"]
    assert home.store.run(lambda s: stops.stopped(s, targets, web.now)) == set(targets)


def test_deleting_on_one_deletes_on_all() -> None:
    home, web = linked()
    web.all("删除", "1234")
    assert (home.profiles(), web.profiles()) == ((), ())
    assert [rows(home.store, table) for table in (AccountLink, LinkCode, Person)] == [[], [], []]


def test_a_weak_proof_cannot_delete() -> None:
    home, web = linked(by_phone=True)
    web.say("删除")
    assert "在Telegram那边回“删除”" in web.said()
    assert len(home.profiles()) == 1
