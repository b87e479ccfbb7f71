"""A request for a loan from the first word to what was lent (domain S1-03)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from handlers.tickets.loans import lent_in
from records import applications
from records.applications import Application, ApplicationRow
from records.database import Session
from records.tickets import Ticket, TicketState
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import Walk, sent_to
from tests.handlers.test_self_check import answerer
from tests.handlers.test_tickets_on_their_way import COUNTY, _row, _staff


@pytest.mark.parametrize(
    ("text", "yuan", "left"),
    [
        ("放款 20万", 200_000, ""),
        ("放款200000元", 200_000, ""),
        ("贷了12.5万元，三年", 125_000, "，三年"),
        ("补了材料", None, "补了材料"),
    ],
)
def test_what_was_lent_is_read_in_yuan(text: str, yuan: int | None, left: str) -> None:
    assert lent_in(text) == (yuan, left)


def _asked() -> tuple[Walk, Walk, str]:
    walk = registered()
    clerk = _staff(walk, "小刘", COUNTY)
    walk.all("要找人工，想贷款没本钱")
    return walk, clerk, _row(walk).number


def _held(walk: Walk) -> Application:
    def read(session: Session) -> Application:
        number = session.execute(select(ApplicationRow)).scalar_one().number
        return applications.found(session, walk.store.vault, [number])[number]

    return walk.store.run(read)


def test_one_request_is_followed_from_the_first_word_to_what_was_lent() -> None:
    walk, clerk, request = _asked()
    clerk.say(f"受理 {request} 创业担保贷款")
    number = _held(walk).number
    assert "放款200,000元" in clerk.say(f"结论 {number} 通过 放款 20万")[0].text
    assert (_held(walk).request, _held(walk).lent) == (request, 200_000)
    said = clerk.say(f"看 {request}")[0].text
    assert f"受理了申请{number}" in said
    assert f"申请{number}批了" in said
    assert "放款200,000元" in clerk.say(f"看 {number}")[0].text


def test_the_person_and_the_request_are_not_told_how_much() -> None:
    walk, clerk, request = _asked()
    clerk.say(f"受理 {request} 创业担保贷款")
    clerk.say(f"结论 {_held(walk).number} 通过 放款 20万")
    assert "200,000" not in clerk.say(f"看 {request}")[0].text
    assert not any("200,000" in text or "20万" in text for text in sent_to(walk.store, "42"))


def test_what_is_no_loan_has_no_sum_and_the_decision_waits() -> None:
    walk = registered()
    clerk = _staff(walk, "小刘", COUNTY)
    clerk.say("受理 13900001234 一次性创业补贴")
    number = _held(walk).number
    assert "不是贷款" in clerk.say(f"结论 {number} 通过 放款 20万")[0].text
    assert _held(walk).outcome is None


def test_a_sum_that_cannot_be_is_not_kept() -> None:
    walk, clerk, request = _asked()
    clerk.say(f"受理 {request} 创业担保贷款")
    assert "1元到1亿元" in clerk.say(f"结论 {_held(walk).number} 通过 放款 20000万")[0].text
    assert _held(walk).outcome is None


def _row_of(walk: Walk, number: str) -> Ticket:
    return walk.store.run(lambda s: s.get_one(Ticket, number))


def _at_the_check() -> tuple[Walk, Walk]:
    walk = registered()
    walk.answerer = answerer()
    return walk, _staff(walk, "小刘", COUNTY)


def _found(walk: Walk, clerk: Walk) -> str:
    return clerk.say(f"看 {_row(walk).number}")[0].text


def test_what_a_self_check_found_goes_along_with_the_request() -> None:
    walk, clerk = _at_the_check()
    walk.all("我是定陶的，我能贷款吗", "没办", "找人审核")
    assert "自查：创业担保贷款，眼下还差条件" in _found(walk, clerk)


def test_a_self_check_while_the_request_is_open_is_noted_once() -> None:
    walk, clerk = _at_the_check()
    walk.say("要找人工，想贷款没本钱")
    clerk.say(f"接 {_row(walk).number}")
    walk.all("结束", "我是定陶的，我能贷款吗", "没办", "我能贷款吗", "没办")
    assert _found(walk, clerk).count("自查：") == 1


def test_who_asks_for_something_else_has_no_result_of_a_loan() -> None:
    walk, clerk = _at_the_check()
    walk.all("我是定陶的，我能贷款吗", "没办", "结束", "要找人工，孩子上学转学的事")
    assert "自查：" not in _found(walk, clerk)


def test_closing_while_an_office_is_open_warns_and_closes() -> None:
    walk, clerk, request = _asked()
    clerk.say(f"会办 {request} 国土局 环保局")
    clerk.say(f"会办好 {request} 国土局")
    assert "环保局还没说办好" in clerk.say(f"完 {request}")[0].text
    assert _row_of(walk, request).state == TicketState.CLOSED
