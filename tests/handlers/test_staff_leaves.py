"""Somebody of the staff is disabled, or gets another role or area: who has their requests then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlmodel import Session, select

from handlers import requests
from records import outbox, staff_accounts
from records.outbox import OutboxState
from records.staff_accounts import StaffRole
from tests.handlers.support.talks import registered
from tests.handlers.support.walk import Store, Walk, sent_to


def _clerk(walk: Walk, name: str, area: str = "") -> Walk:
    clerk = Walk(store=walk.store, chat=f"of {name}", now=walk.now, is_new=False)
    clerk.serve(name, area)
    return clerk


def _leaves(walk: Walk, name: str) -> list[str]:
    def work(session: Session) -> list[str]:
        accounts = staff_accounts.named(session, name).accounts
        staff_accounts.disable(session, name, at=walk.now, actor="system")
        left = replace(staff_accounts.named(session, name), accounts=accounts)
        return requests.hand_back(session, walk.store.vault, left, robot="", now=walk.now)

    return walk.store.run(work)


def _becomes(walk: Walk, name: str, role: StaffRole, area: str | None) -> list[str]:
    def work(session: Session) -> list[str]:
        staff_accounts.change(session, name, role=role, area=area, at=walk.now, actor="system")
        now_is = staff_accounts.named(session, name)
        return requests.hand_back(session, walk.store.vault, now_is, robot="", now=walk.now)

    return walk.store.run(work)


def _waiting_for(store: Store, chat: str) -> Sequence[str]:
    def work(session: Session) -> list[str]:
        rows = session.execute(select(outbox.OutboxRow)).scalars()
        mine = [row for row in rows if row.chat == chat and row.state == OutboxState.QUEUED]
        return [outbox.as_outgoing(row, store.vault).text for row in mine]

    return store.run(work)


def test_colleagues_learn_of_what_a_leaver_had_in_hand() -> None:
    walk = registered("转人工")
    number = walk.ticket()
    leaver, colleague = _clerk(walk, "小刘"), _clerk(walk, "王五")
    leaver.say(f"回 {number} 您好")
    assert _leaves(walk, "小刘") == [number]
    assert [number in text for text in sent_to(walk.store, "of 王五")] == [True]
    assert "由您来办了" in colleague.say(f"接 {number}")[0].text


def test_what_the_person_says_then_comes_to_who_takes_over() -> None:
    walk = registered("转人工")
    _clerk(walk, "小刘").say(f"接 {walk.ticket()}")
    _leaves(walk, "小刘")
    _clerk(walk, "王五").say(f"接 {walk.ticket()}")
    walk.say("我的贷款被退回来了")
    assert "被退回来了" in sent_to(walk.store, "of 王五")[-1]


def test_cards_that_wait_for_a_leaver_are_not_sent() -> None:
    walk = registered("转人工")
    _clerk(walk, "小刘").say(f"接 {walk.ticket()}")
    walk.say("我的事只跟工作人员说")
    assert "我的事" in "".join(_waiting_for(walk.store, "of 小刘"))
    _leaves(walk, "小刘")
    assert "我的事" not in "".join(_waiting_for(walk.store, "of 小刘"))


@pytest.mark.parametrize(
    ("role", "area", "is_freed"),
    [
        (StaffRole.MENTOR, None, True),
        (StaffRole.STAFF, "371703", True),
        (StaffRole.COMMISSIONER, "430300", False),
    ],
)
def test_who_may_not_see_it_any_more_has_it_no_more(
    role: StaffRole, area: str | None, is_freed: bool
) -> None:
    walk = registered("转人工")
    number = walk.ticket()
    _clerk(walk, "小刘").say(f"接 {number}")
    assert _becomes(walk, "小刘", role, area) == ([number] if is_freed else [])
