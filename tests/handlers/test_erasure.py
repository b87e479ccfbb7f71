"""Deleting: nothing is found afterwards, totals stay, the talk is forgotten (P-14, P-15, J11)."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from handlers.catalog import draft_until
from handlers.dialogue import State
from handlers.effects import AddToTicket
from records import audit, consents, people, tickets
from records.database import Session
from records.erasure import FormerPerson
from records.people import Person, PersonChange
from records.questions import OpenQuestion
from records.tickets import NewTicket, TicketKind, TicketLine
from records.told import ToldEntry
from tests.handlers.support.talks import LEFT_FOR, REGISTERED, registered
from tests.handlers.support.walk import Walk
from tests.support.shipped import shipped


def _count(walk: Walk, *tables: type) -> list[int]:
    def work(session: Session) -> list[int]:
        return [session.execute(select(func.count()).select_from(t)).scalar_one() for t in tables]

    return walk.store.run(work)


def _deleted(*before: str) -> Walk:
    return registered(*before, "删除", "1234")


def test_j11_nothing_is_found_by_account_or_phone() -> None:
    walk = _deleted()
    vault = walk.store.vault
    assert walk.profiles() == ()
    assert walk.store.run(lambda s: people.with_phone(s, vault, ["13900001234"])) == {}
    assert _count(walk, Person, PersonChange) == [0, 0]


def test_j11_totals_stay_without_a_name() -> None:
    walk = _deleted()

    row = walk.store.run(lambda s: s.execute(select(FormerPerson)).scalars().one())
    assert (row.area, row.codes["away_half_year"], row.codes["hukou"]) == (
        "430381",
        "half_year",
        "rural",
    )
    assert not set(row.codes) & {"nickname", "phone", "home_village", "skills"}


def test_j11_the_receipt_can_be_found() -> None:
    walk = _deleted()
    number = next(e.receipt for e in walk.last.effects if hasattr(e, "receipt"))
    assert number in walk.said()
    act = walk.store.run(lambda s: audit.by_receipt(s, number))
    assert act is not None
    assert act.act == "person.erased"


def test_j11_state_holds_nothing_any_more() -> None:
    walk = _deleted()
    assert walk.last.state == State()
    assert draft_until(walk.last.state, walk.now) is None


def test_j11_consent_proofs_stay_but_have_ended() -> None:
    walk = registered()
    person_id = walk.profiles()[0].id
    walk.all("删除", "1234")
    assert walk.store.run(lambda s: consents.in_force(s, [person_id])) == {}
    assert _count(walk, consents.Consent) == [2]


def test_j11_nobody_knows_who_asked_and_who_was_told() -> None:
    walk = Walk(answerer=shipped())
    walk.all("定陶创业担保贷款归谁管", "湘潭创业担保贷款最高多少", *REGISTERED)
    assert _count(walk, ToldEntry) != [0]
    walk.all("删除", "1234")
    assert _count(walk, ToldEntry) == [0]
    rows = walk.store.run(lambda s: list(s.execute(select(OpenQuestion)).scalars()))
    assert {row.conversation for row in rows} <= {""}


def test_j11_tickets_say_nothing_any_more() -> None:
    walk = _deleted("人工", "我要问孩子上学", "结束")
    (ticket,) = walk.store.run(lambda s: [s.execute(select(tickets.Ticket)).scalars().one()])
    assert (ticket.conversation, ticket.chat, ticket.person_id) == ("", "", "")
    assert _count(walk, TicketLine) == [0]


def test_deleting_works_while_a_human_is_in_the_talk() -> None:
    walk = registered("人工", "删除", "删除", "1234")
    assert walk.profiles() == ()
    assert walk.ticket() == ""


def test_wrong_digits_delete_nothing() -> None:
    walk = registered("删除", "0000", "0001")
    assert len(walk.profiles()) == 1
    assert "编号" in walk.said()


def test_digits_typed_the_day_after_delete_nothing() -> None:
    walk = registered("删除")
    walk.wait(days=1)
    walk.say("1234")
    assert len(walk.profiles()) == 1


def test_a_question_in_between_is_answered() -> None:
    walk = registered("删除", "删了还能再登记吗?")
    assert len(walk.profiles()) == 1
    assert "对不上" not in walk.said()


def test_a_draft_is_thrown_away_with_one_word() -> None:
    walk = Walk()
    walk.all(*REGISTERED[:7], "不想弄了")
    assert draft_until(walk.state, walk.now) is None
    assert walk.profiles() == ()


def test_who_entered_for_others_is_forgotten_too() -> None:
    walk = Walk()
    walk.all(*LEFT_FOR, "删除", "确认删除")
    row = walk.store.run(lambda s: s.execute(select(Person)).scalars().one())
    assert row.entered_by == ""


def _asked() -> Walk:
    walk = Walk()
    walk.all("你好", "删除")
    return walk


@pytest.mark.parametrize("said", ["1", "一", "第一个", "好", "是"])
def test_no_number_and_no_mere_yes_deletes(said: str) -> None:
    walk = _asked()
    walk.say(said)
    assert "确认删除" in walk.said() or "没删" in walk.said()
    assert walk.last.effects == ()


@pytest.mark.parametrize("said", ["删", "确认删除", "确定删"])
def test_a_whole_word_deletes(said: str) -> None:
    walk = _asked()
    walk.say(said)
    assert walk.last.effects


def test_a_tap_deletes() -> None:
    walk = _asked()
    walk.tap("确认删除")
    assert walk.last.effects


@pytest.mark.parametrize("later", [("1",), ("结束", "1"), ("确认删除",), ("1234",)])
def test_what_was_asked_for_while_staff_is_there_is_asked_for_again(later: tuple[str]) -> None:
    walk = registered("人工", "删除")
    assert "再回一次“删除”" in walk.said()
    walk.all(*later)
    assert len(walk.profiles()) == 1


def test_an_open_question_takes_no_answer_once_staff_is_there() -> None:
    walk = _asked()
    ticket = NewTicket("T1", TicketKind.TALK, "", is_live=True)
    walk.store.run(
        lambda s: tickets.raise_ticket(
            s, walk.store.vault, ticket, channel=walk.channel, chat=walk.chat, at=walk.now
        )
    )
    walk.say("确认删除")
    assert [type(effect) for effect in walk.last.effects] == [AddToTicket]
    walk.all("结束", "确认删除")
    assert walk.state != State()


@pytest.mark.parametrize("walk", [Walk(is_new=False), registered()], ids=["sure", "proof"])
def test_stop_stops_also_where_it_is_asked_whether_to_delete(walk: Walk) -> None:
    walk.all("删除")
    assert "不再给您推送" in walk.say("停")[0].text
    assert walk.state.flow == ""
