"""微信客服 against the stand-in: nothing lost, nothing doubled, never over the budget."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta

import pytest

from records import outbox, rationing, send_budgets, tickets
from records.database import Database, Session
from records.messages import InboundKind, Option, Priority
from records.outbox import NewOutgoing
from records.send_budgets import Closing
from records.tickets import NewTicket, TicketKind
from records.vault import Vault
from tests.support.wecom import faults
from tests.support.wecom.clock import Clock
from tests.support.wecom.kf_session import State
from tests.support.wecom.server import WeCom
from tests.support.wecom_line import Line, a_line

_NOON = datetime.fromisoformat("2026-11-23T12:00:00+08:00")


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    began = datetime.now(UTC)
    clock = Clock(lambda: _NOON + (datetime.now(UTC) - began))  # by night no push leaves
    async with WeCom(clock=clock) as wecom:
        wecom.callbacks.habits.gap = 0.0
        yield wecom


@pytest.fixture
async def line(wecom: WeCom, database: Database, vault: Vault) -> AsyncIterator[Line]:
    async with a_line(wecom, database, vault) as line:
        yield line


async def test_what_a_customer_writes_comes_in_once_and_in_order(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.callbacks.habits.repeat_rate = 1.0
    for number in range(30):
        line.wecom.kf.says(customer, f"第{number}句")
    assert await line.hears(30) == [f"第{number}句" for number in range(30)]
    assert {message.chat for message in line.heard} == {line.chat(customer)}


async def test_a_flood_of_notices_is_a_few_pulls(line: Line) -> None:
    customer = line.wecom.kf.customer()
    for number in range(300):
        line.wecom.kf.says(customer, str(number))
        await asyncio.sleep(0.001)
    assert await line.hears(300) == [str(number) for number in range(300)]
    assert line.wecom.answers["kf/sync_msg", 0] < 60


async def test_a_fault_of_our_own_leaves_no_account_unheard(line: Line) -> None:
    line.faults = 1
    line.wecom.kf.says(line.wecom.kf.customer(), "在吗")
    await line.shows_fault("could not be taken in")
    assert await line.hears(1, seconds=10) == ["在吗"]


async def test_pages_that_are_empty_are_read_past(line: Line) -> None:
    line.wecom.kf.paging.most = 3
    line.wecom.kf.paging.empty_rate = 0.5
    line.wecom.kf.paging.repeat_rate = 0.5
    customer = line.wecom.kf.customer()
    for number in range(10):
        line.wecom.kf.says(customer, str(number))
    assert await line.hears(10) == [str(number) for number in range(10)]


async def test_a_reply_arrives_with_its_options_as_a_menu(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.says(customer, "你好")
    await line.hears(1)
    await line.says(
        customer, "要登记吗？", options=(Option("要", "consent:1"), Option("不", "no"))
    )
    assert line.wecom.phones.texts(customer) == ["要登记吗？\n要\n不"]
    line.wecom.kf.taps(customer, "要")
    await line.hears(2)
    assert (line.heard[-1].kind, line.heard[-1].text) == (InboundKind.OPTION, "consent:1")


async def test_who_enters_is_greeted_within_the_code(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.enters(customer, scene="poster", scene_param="371703")
    assert await line.hears(1) == ["371703"]
    assert line.heard[0].kind is InboundKind.START
    await line.says(customer, "您好")
    shown = line.wecom.phones.from_us(customer)
    assert [(one.text, one.is_greeting) for one in shown] == [("您好", True)]


async def test_a_greeting_that_comes_too_late_waits_for_them_to_write(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.enters(customer)
    await line.hears(1)
    line.wecom.clock.advance(25)
    await line.says(customer, "您好")
    assert line.wecom.phones.texts(customer) == []
    line.wecom.kf.says(customer, "在吗")
    await line.hears(2)
    await line.sender.settled()
    assert line.wecom.phones.texts(customer) == ["您好"]


async def test_a_greeting_whose_answer_was_lost_is_not_said_again(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.enters(customer)
    await line.hears(1)
    line.wecom.faults.next("kf/send_msg_on_event", faults.CLOSED_AFTER)
    await line.says(customer, "您好")
    line.wecom.kf.says(customer, "在吗")
    await line.hears(2)
    await line.sender.settled()
    assert line.wecom.phones.texts(customer) == ["您好"]


async def test_no_send_goes_over_the_budget_and_no_push_is_lost(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.says(customer, "你好")
    await line.hears(1)
    for number in range(8):
        line.wecom.clock.advance(2)
        await line.says(customer, f"推送{number}", priority=Priority.BULK)
    assert len(line.wecom.phones.texts(customer)) == 4
    line.wecom.clock.advance(60)
    line.wecom.kf.says(customer, "还有吗")
    await line.hears(2)
    await line.says(customer, "有")
    told = "\n".join(line.wecom.phones.texts(customer))
    assert [f"推送{number}" in told for number in range(8)] == [True] * 8
    assert line.wecom.answers["kf/send_msg", 95001] == 0


@pytest.mark.parametrize(("fail_type", "held"), [(6, 1), (4, 1), (12, 0)])
async def test_a_failure_told_later_settles_the_message(
    line: Line, fail_type: int, held: int
) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.says(customer, "你好")
    await line.hears(1)
    line.wecom.kf.fails_next(customer, fail_type)
    await line.says(customer, "回答")
    await _until(line, "failed")
    assert await line.database.read(rationing.held, [line.talk(customer)]) == {
        line.talk(customer): held
    }


async def test_what_failed_for_now_arrives_when_they_write(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.says(customer, "你好")
    await line.hears(1)
    line.wecom.kf.fails_next(customer, 6)
    await line.says(customer, "回答")
    await _until(line, "failed")
    line.wecom.clock.advance(60)
    line.wecom.kf.says(customer, "？")
    await line.hears(2)
    await line.sender.settled()
    assert line.wecom.phones.texts(customer) == ["回答"]


@pytest.mark.parametrize(
    "fault",
    [faults.code(-1), faults.code(45033), faults.code(40014)],
    ids=["busy", "too many", "token"],
)
async def test_a_passing_fault_delays_and_doubles_nothing(line: Line, fault: faults.Fault) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.says(customer, "你好")
    await line.hears(1)
    line.wecom.faults.next("kf/send_msg", fault)
    await line.says(customer, "回答")
    line.wecom.clock.advance(120)
    await line.sender.settled()
    assert line.wecom.phones.texts(customer) == ["回答"]


async def test_a_send_whose_answer_was_lost_is_not_seen_twice(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.says(customer, "你好")
    await line.hears(1)
    line.wecom.faults.next("kf/send_msg", faults.CLOSED_AFTER, times=4)
    for _ in range(4):
        await line.says(customer, *(["回答"] if not line.wecom.phones.texts(customer) else []))
        line.wecom.clock.advance(60)
    await line.sender.settled()
    assert line.wecom.phones.texts(customer) == ["回答"]
    assert await line.states() == {"sent": 1}


async def test_what_is_taken_back_is_told_and_earns_no_budget(line: Line) -> None:
    customer = line.wecom.kf.customer()
    msgid = line.wecom.kf.says(customer, "我叫老王")
    await line.hears(1)
    await line.says(customer, "一", "二", "三", "四", "五")
    line.wecom.clock.advance(60)
    line.wecom.kf.recalls(customer, msgid)
    assert await line.hears(2) == ["我叫老王", msgid]
    assert line.heard[-1].kind is InboundKind.RECALLED
    used = await line.database.read(send_budgets.standings, [line.talk(customer)])
    assert used[line.talk(customer)].opened_at == line.heard[0].sent_at


async def test_a_restart_reads_on_from_where_it_was(
    wecom: WeCom, database: Database, vault: Vault
) -> None:
    customer = wecom.kf.customer()
    async with a_line(wecom, database, vault) as first:
        wecom.kf.says(customer, "一")
        await first.hears(1)
    wecom.kf.says(customer, "二")
    async with a_line(wecom, database, vault) as second:
        assert await second.hears(1) == ["二"]


async def test_a_wanted_human_takes_the_talk_over_there(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.servicer("LiSi")
    line.wecom.kf.says(customer, "人工")
    await line.hears(1)
    await line.database.run(_raise_ticket, line)
    await line.channel._handing.settle()
    session = line.wecom.kf.session(customer)
    assert (session.state, session.servicer) == (State.SERVICER, "LiSi")
    await line.says(customer, "推送", priority=Priority.BULK)
    assert line.wecom.phones.texts(customer) == []


async def test_a_talk_that_cannot_be_handed_over_stays_ours(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.servicer("LiSi")
    line.wecom.kf.says(customer, "人工")
    await line.hears(1)
    await line.database.run(_raise_ticket, line)
    line.wecom.faults.next("kf/service_state/trans", faults.code(-1), times=3)
    await line.channel._handing.settle()
    await line.says(customer, "请稍等")
    assert line.wecom.phones.texts(customer) == ["请稍等"]


async def test_a_hand_over_in_doubt_is_asked_about_before_anything_is_sent(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.servicer("LiSi")
    line.wecom.kf.says(customer, "人工")
    await line.hears(1)
    await line.database.run(_raise_ticket, line)
    line.wecom.faults.next("kf/service_state/trans", faults.CLOSED_AFTER)
    await line.channel._handing.settle()
    await line.says(customer, "推送", priority=Priority.BULK)
    assert line.wecom.kf.session(customer).state is State.SERVICER
    assert (line.wecom.phones.texts(customer), line.wecom.kf.overdrawn) == ([], 0)


async def test_who_writes_while_being_handed_over_is_not_answered_by_us(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.servicer("LiSi")
    line.wecom.kf.says(customer, "人工")
    await line.hears(1)
    await line.database.run(_raise_ticket, line)
    line.wecom.faults.next("kf/service_state/trans", faults.CLOSED_AFTER)
    line.wecom.faults.next("kf/service_state/get", faults.CLOSED, times=9)
    await line.channel._handing.settle()
    line.wecom.clock.advance(5)
    line.wecom.kf.says(customer, "在吗")
    await line.hears(2)
    await line.says(customer, "推送", priority=Priority.BULK)
    assert (line.wecom.phones.texts(customer), line.wecom.kf.overdrawn) == ([], 0)


async def test_who_left_while_being_handed_over_is_answered_by_us(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.says(customer, "人工")
    await line.hears(1)
    await line.database.run(send_budgets.close, line.talk(customer), Closing.MOVING)
    await line.says(customer, "好的")
    await line.channel._handing.settle()
    await line.says(customer, "您说")
    assert line.wecom.phones.texts(customer) == ["好的\n\n您说"]


async def test_what_a_crash_left_on_the_way_over_is_handed_over(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.servicer("LiSi")
    line.wecom.kf.says(customer, "人工")
    await line.hears(1)
    await line.database.run(_raise_ticket, line)
    await line.database.run(send_budgets.close, line.talk(customer), Closing.MOVING)
    await line.channel._handing.settle()
    assert line.wecom.kf.session(customer).state is State.SERVICER


async def test_a_push_that_waits_for_the_morning_keeps_no_human_away(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.servicer("LiSi")
    line.wecom.kf.says(customer, "人工")
    await line.hears(1)
    payload = outbox.sealed_content(line.vault, "推送")
    later = line.wecom.clock.moment() + timedelta(hours=9)
    push = NewOutgoing("wecom_kf", line.chat(customer), "p", payload, later, Priority.BULK.value)
    await line.database.run(outbox.enqueue, [push])
    await line.database.run(_raise_ticket, line)
    await line.channel._handing.settle()
    assert line.wecom.kf.session(customer).state is State.SERVICER


async def test_when_the_servicer_is_done_the_person_is_ours_again(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.servicer("LiSi")
    line.wecom.kf.says(customer, "人工")
    await line.hears(1)
    await line.database.run(_raise_ticket, line)
    await line.channel._handing.settle()
    line.wecom.kf.ends(customer)
    await line.hears(2)
    assert line.heard[-1].kind is InboundKind.UNSTAFFED
    await line.database.run(_close_tickets)
    line.wecom.clock.advance(5)
    line.wecom.kf.says(customer, "贷款多少")
    await line.hears(3)
    await line.says(customer, "10万")
    assert line.wecom.phones.texts(customer) == ["10万"]


@pytest.mark.parametrize(("seconds", "shown"), [(5, ["接着为您服务"]), (25, [])])
async def test_when_the_servicer_is_done_one_message_may_say_so(
    line: Line, seconds: float, shown: list[str]
) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.servicer("LiSi")
    line.wecom.kf.says(customer, "人工")
    await line.hears(1)
    await line.database.run(_raise_ticket, line)
    await line.channel._handing.settle()
    line.wecom.kf.ends(customer)
    await line.hears(2)
    line.wecom.clock.advance(seconds)
    await line.says(customer, "接着为您服务")
    assert line.wecom.phones.texts(customer) == shown


async def test_who_writes_at_once_when_the_servicer_is_done_is_answered(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.servicer("LiSi")
    line.wecom.kf.says(customer, "人工")
    await line.hears(1)
    await line.database.run(_raise_ticket, line)
    await line.channel._handing.settle()
    line.wecom.kf.ends(customer)
    line.wecom.clock.advance(5)
    line.wecom.kf.says(customer, "贷款多少")  # both are read in one page
    await line.hears(3)
    await line.says(customer, "10万")
    assert line.wecom.phones.texts(customer) == ["10万"]


async def test_who_wrote_before_and_scans_a_code_is_heard_to_come_by_it(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.says(customer, "你好")
    await line.hears(1)
    line.wecom.clock.advance(72 * 3600)
    line.wecom.kf.enters(customer, scene="poster", scene_param="371703-张湾镇服务站")
    assert await line.hears(2) == ["你好", "371703-张湾镇服务站"]
    assert (line.heard[-1].kind, "again" in line.heard[-1].extra) == (InboundKind.START, True)
    await line.says(customer, "推送")
    assert line.wecom.phones.texts(customer) == []  # entering is not writing


async def test_a_talk_that_lapsed_with_a_servicer_is_ours_again(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.servicer("LiSi")
    line.wecom.kf.says(customer, "人工")
    await line.hears(1)
    await line.database.run(_raise_ticket, line)
    await line.channel._handing.settle()
    await line.database.run(_close_tickets)
    line.wecom.clock.advance(50 * 3600)
    line.wecom.kf.says(customer, "在吗")
    await line.hears(2)
    await line.channel._handing.settle()
    await line.says(customer, "在")
    assert line.wecom.phones.texts(customer) == ["在"]


async def test_who_refuses_our_messages_is_left_in_peace(line: Line) -> None:
    customer = line.wecom.kf.customer()
    line.wecom.kf.says(customer, "你好")
    await line.hears(1)
    line.wecom.kf.blocks(customer)
    await line.says(customer, "推送", priority=Priority.BULK)
    await _until(line, "failed")
    closings = await line.database.read(send_budgets.closings, "wecom_kf")
    assert closings == {line.talk(customer): Closing.REFUSED}


def _not_managed(wecom: WeCom) -> None:
    for account in wecom.kf.accounts.values():
        account.is_managed = False


def _not_of_this_corp(wecom: WeCom) -> None:
    wecom.kf.accounts.clear()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [(_not_managed, "可调用接口的应用"), (_not_of_this_corp, "GUIYAN_WECOM_KF_ACCOUNTS")],
)
async def test_an_account_that_cannot_be_read_is_told_until_it_is_mended(
    line: Line, spoil: Callable[[WeCom], None], reason: str
) -> None:
    kept = dict(line.wecom.kf.accounts)
    spoil(line.wecom)
    line.hints(kept.values())
    await line.shows_fault(reason)
    assert next(iter(kept)) in line.channel.fault()
    line.wecom.kf.accounts.update(kept)
    kept[next(iter(kept))].is_managed = True
    line.hints(kept.values())
    await line.shows_fault("")


async def test_callbacks_that_cannot_be_opened_are_told_until_one_can(line: Line) -> None:
    app, customer = line.wecom.tokens.apps["kf"], line.wecom.kf.customer()
    key, app.aes_key = app.aes_key, "A" * 43
    line.wecom.kf.says(customer, "你好")
    assert line.channel.fault() == ""
    line.wecom.kf.says(customer, "在吗")
    await line.shows_fault("EncodingAESKey")
    app.aes_key = key
    line.wecom.kf.says(customer, "喂")
    await line.shows_fault("")


async def _until(line: Line, state: str) -> None:
    async with asyncio.timeout(5):
        while not (await line.states()).get(state):  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def _raise_ticket(session: Session, line: Line) -> None:
    chat = line.heard[0].chat
    new = NewTicket("T1", TicketKind.TALK, "人工", is_live=True)
    tickets.raise_ticket(
        session, line.vault, new, channel="wecom_kf", chat=chat, at=line.wecom.clock.moment()
    )


def _close_tickets(session: Session) -> None:
    for ticket in tickets.list_open(session):
        tickets.close(session, ticket.number, at=ticket.opened_at)
