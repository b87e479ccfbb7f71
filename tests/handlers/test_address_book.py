"""乡贤通讯录: only with one's own yes, over with one word; the county's to take."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from handlers.places import country
from handlers.sages.words import Answer, Desk, answer_of, desk_of
from records import audit, erasure, reminders
from records.staff_accounts import StaffRole
from registry import address_book
from registry.address_book import Book
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import Walk

IN = "上通讯录 带电话"


def _county(person: Walk, name: str = "小唐", area: str = "430381") -> Walk:
    walk = Walk(store=person.store, chat=f"of {name}", is_new=False, now=person.now)
    walk.serve(name, area, StaffRole.STAFF)
    return walk


def _two() -> tuple[Walk, Walk]:
    """老王, one of the 乡贤, and staff of his county."""
    person = registered()
    county = _county(person)
    county.say("乡贤 老王 1234 登记")
    return person, county


def _book(walk: Walk, area: str = "") -> Book:
    vault = walk.store.vault
    return walk.store.run(lambda s: address_book.read(s, vault, area, country()))


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("上通讯录", Answer.ASK),
        ("我要上乡贤通讯录", Answer.ASK),
        ("上通讯录 带电话", Answer.WITH_PHONE),
        ("上通讯录，不带电话", Answer.NAME_ONLY),
        ("不上通讯录", Answer.NO),
        ("退出通讯录。", Answer.NO),
        ("把我从通讯录里删掉", Answer.NO),
        ("别把我写进通讯录", Answer.NO),
        ("乡贤通讯录是啥", None),
        ("通讯录在哪领", None),
    ],
)
def test_what_is_said_of_the_book(said: str, meant: Answer | None) -> None:
    assert answer_of(said) is meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("通讯录", Desk.LOOK),
        ("通讯录  全文", Desk.COPY),
        ("通讯录 请", Desk.INVITE),
        ("结对", Desk.PAIRS),
        ("通讯录是谁编的", None),
    ],
)
def test_what_the_county_says_of_the_book(said: str, meant: Desk | None) -> None:
    assert desk_of(said) is meant


def test_nobody_stands_in_it_unasked() -> None:
    _, county = _two()
    assert _book(county).listed == ()
    county.say("通讯录")
    assert "还没有人" in county.said()


def test_the_phone_is_written_only_where_that_was_agreed_to() -> None:
    person, county = _two()
    person.all("上通讯录", "2")
    assert _book(county).listed[0].phone == ""
    person.say(IN)
    assert _book(county).listed[0].phone == "13900001234"
    county.say("通讯录")
    assert "139****1234" in county.said()
    assert "13900001234" not in county.said()


def test_one_word_takes_somebody_out() -> None:
    person, county = _two()
    person.all(IN, "退出通讯录")
    assert _book(county).listed == ()


def test_who_is_none_of_them_is_told_so() -> None:
    person = registered()
    person.say(IN)
    assert "不在名单里" in person.said()
    assert _book(person).listed == ()


def test_whoever_withdraws_or_goes_is_in_it_no_more() -> None:
    person, county = _two()
    person.say(IN)
    (profile,) = person.profiles()
    person.store.run(lambda s: erasure.erase(s, profile.id, counted=(), at=person.now))
    assert _book(county).agreed == ()


def test_the_whole_text_leaves_a_trail() -> None:
    person, county = _two()
    person.say(IN)
    county.say("通讯录 全文")
    assert "1  老王" in county.said()
    assert "13900001234" in county.said()
    acts = county.store.run(lambda s: audit.with_acts(s, ["directory.exported"]))
    assert [(act.actor, act.subject) for act in acts] == [
        ("staff:小唐", person.profiles()[0].id),
    ]


def test_another_county_sees_nobody_of_it() -> None:
    person, _ = _two()
    person.say(IN)
    other = _county(person, "小赵", "371703")
    other.say("通讯录 全文")
    assert "老王" not in other.said()
    assert _book(other, "371703").listed == ()


def test_below_the_county_it_is_nobodys() -> None:
    person, _ = _two()
    person.say(IN)
    town = Walk(store=person.store, chat="of 老谢", is_new=False, now=person.now)
    town.serve("老谢", "430381111", StaffRole.CADRE)
    town.say("通讯录 全文")
    assert "老王" not in town.said()


def test_who_has_not_answered_is_asked_once_in_half_a_year() -> None:
    person, county = _two()
    county.say("通讯录 请")
    assert "会问1位" in county.said()
    county.say("通讯录 请")
    assert "没有能问的" in county.said()
    county.wait(days=181)
    county.say("通讯录 请")
    assert "会问1位" in county.said()
    whom = reminders.to_person(person.profiles()[0].id)
    assert len(county.store.run(lambda s: reminders.of(s, whom))) == 2


def test_who_said_no_is_left_alone() -> None:
    person, county = _two()
    person.say("不上通讯录")
    county.say("通讯录 请")
    assert "没有能问的" in county.said()


def test_a_pair_is_reminded_three_months_after_they_were_in_touch() -> None:
    _, county = _two()
    county.all("结对 老王 1234 小唐", "乡贤 老王 1234 联系过", "结对")
    assert "老王 1234，2026-11-21" in county.said()
    due = county.store.run(lambda s: reminders.of(s, reminders.to_staff("小唐")))
    assert [row.due.date().isoformat() for row in due] == ["2027-02-21"]


def test_nothing_is_due_about_somebody_who_is_erased() -> None:
    person, county = _two()
    county.say("结对 老王 1234 小唐")
    (profile,) = person.profiles()
    county.store.run(lambda s: erasure.erase(s, profile.id, counted=(), at=person.now))
    later = person.now + timedelta(days=365)
    assert county.store.run(lambda s: reminders.due(s, later, limit=5)) == []


def test_only_one_of_the_list_has_a_leader() -> None:
    person = registered()
    county = _county(person)
    county.say("结对 老王 1234 小唐")
    assert "还不是乡贤" in county.said()


def test_no_cell_of_the_workbook_is_a_formula() -> None:
    book = [address_book.Listed("=1+1", "湘乡", "东莞", "开店", "13900001234")]
    sheet = load_workbook(io.BytesIO(address_book.as_xlsx("乡贤通讯录", book))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[2]] == list(address_book.HEADINGS)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
