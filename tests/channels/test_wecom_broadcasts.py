"""Broadcasts on the stand-in: confirmed by a steward, within quota, neither doubled nor lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest

from channels.base import SendFailure
from outreach.broadcast_quota import Quota
from outreach.broadcasts import Kind
from records import customers, outbox, stops
from records.database import Database, Session
from records.messages import Outgoing
from records.vault import Vault
from tests.support.wecom import faults
from tests.support.wecom.clock import HOUR, MINUTE
from tests.support.wecom.server import WeCom
from tests.support.wecom_contacts import Office, a_clock, a_friend, a_group, confirm

ADD = "externalcontact/add_msg_template"


@pytest.fixture
async def wecom() -> AsyncIterator[WeCom]:
    async with WeCom(clock=a_clock()) as wecom:
        wecom.contacts.steward("LiSi")
        wecom.faults.hang = 0.0
        yield wecom


@pytest.fixture
async def office(wecom: WeCom, database: Database, vault: Vault) -> AsyncIterator[Office]:
    office = Office(wecom, database, vault)
    yield office
    await office.channel.close()


async def test_nothing_leaves_before_the_steward_confirms(office: Office) -> None:
    group = await a_group(office)
    await office.wants(group)
    await office.works(MINUTE)
    assert (await office.task()).state == "created"
    assert office.wecom.phones.texts(group) == []
    confirm(office)
    await office.works(10 * MINUTE)
    assert (await office.task()).state == "confirmed"
    assert await office.outcomes() == {group: "sent"}
    assert office.wecom.phones.texts(group) == ["招工"]


async def test_the_steward_is_told_once_in_the_app_what_waits(office: Office) -> None:
    await office.wants(await a_group(office))
    await office.works(MINUTE, MINUTE)
    row = await office.database.read(outbox.find, 1)
    assert row is not None
    assert "1个客户群" in outbox.as_outgoing(row, office.vault).text
    assert await office.database.read(outbox.counts) == {"queued": 1}


async def test_asking_twice_is_one_broadcast(office: Office) -> None:
    group = await a_group(office)
    first = await office.wants(group)
    assert [task.id for task in await office.wants(group)] == [task.id for task in first]


async def test_each_owner_gets_a_task_of_their_own(office: Office) -> None:
    office.wecom.contacts.steward("WangWu")
    groups = [await a_group(office, who) for who in ("LiSi", "WangWu", "LiSi")]
    await office.wants(*groups)
    await office.works()
    sent = office.wecom.contacts.sends.tasks.values()
    assert sorted((task.sender, len(task.work[task.sender])) for task in sent) == [
        ("LiSi", 2),
        ("WangWu", 1),
    ]


async def test_who_is_left_out_is_named_with_the_reason(office: Office) -> None:
    friend, former = await a_friend(office), await a_friend(office)
    office.wecom.clock.advance(MINUTE)
    office.wecom.contacts.drops("LiSi", former)
    await office.channel.registry.synchronise()
    await office.wants(friend, former, "wmUnknown", kind=Kind.SINGLE)
    assert await office.outcomes() == {friend: "waiting", former: "gone", "wmUnknown": "gone"}


async def test_each_customer_gets_the_word_of_the_platform(office: Office) -> None:
    friend, former, full = [await a_friend(office) for _ in range(3)]
    await office.wants(friend, former, full, kind=Kind.SINGLE)
    await office.works()
    office.wecom.contacts.leaves(former, "LiSi")
    office.wecom.contacts.sends.spend(full, 30)
    confirm(office)
    await office.works(10 * MINUTE)
    assert await office.outcomes() == {friend: "sent", former: "not_friend", full: "full"}


@pytest.mark.parametrize("steps", [0, 1])
async def test_a_restart_between_creation_and_reading_back_loses_nothing(
    office: Office, steps: int
) -> None:
    group = await a_group(office)
    await office.wants(group)
    await office.works(*[MINUTE] * steps)
    await office.restart()
    confirm(office)
    await office.restart()
    await office.works(10 * MINUTE)
    assert await office.outcomes() == {group: "sent"}
    assert office.wecom.phones.texts(group) == ["招工"]


@pytest.mark.parametrize(
    "fault",
    [faults.CLOSED_AFTER, faults.BAD_GATEWAY_AFTER, faults.TIME_OUT_AFTER, faults.CLOSED,
     faults.BAD_GATEWAY, faults.HTML, faults.code(-1), faults.code(45033)],
)  # fmt: skip
async def test_a_creation_of_unknown_outcome_is_neither_doubled_nor_lost(
    office: Office, fault: faults.Fault
) -> None:
    group = await a_group(office)
    office.wecom.faults.next(ADD, fault)
    await office.wants(group)
    await office.works(10, 10, 10, MINUTE, MINUTE, MINUTE, MINUTE)
    assert len(office.wecom.contacts.sends.tasks) == 1
    confirm(office)
    await office.works(10 * MINUTE)
    assert await office.outcomes() == {group: "sent"}


async def test_two_alike_in_doubt_are_told_apart(office: Office) -> None:
    office.wecom.contacts.steward("WangWu")
    groups = [await a_group(office, who) for who in ("LiSi", "WangWu")]
    office.wecom.faults.next(ADD, faults.CLOSED_AFTER, times=2)
    await office.wants(*groups)
    await office.works(*[MINUTE] * 5)
    assert len(office.wecom.contacts.sends.tasks) == 2
    confirm(office, "WangWu")
    await office.works(10 * MINUTE)
    assert await office.outcomes() == {groups[0]: "waiting", groups[1]: "sent"}


async def test_a_death_during_the_call_is_cleared_up_by_the_next_process(office: Office) -> None:
    group = await a_group(office)
    office.wecom.faults.next(ADD, faults.TIME_OUT_AFTER)
    office.wecom.faults.next("externalcontact/get_groupmsg_list_v2", faults.CLOSED, times=6)
    await office.wants(group)
    await office.works()
    await office.restart()
    await office.works(*[MINUTE] * 8)
    assert len(office.wecom.contacts.sends.tasks) == 1
    assert (await office.task()).state == "created"


async def test_reminders_come_after_two_hours_and_by_day(office: Office) -> None:
    await office.wants(await a_group(office))
    seen = []
    await office.works()
    (task,) = office.wecom.contacts.sends.tasks.values()
    for _ in range(70):
        before = len(task.reminded)
        await office.works(HOUR)
        if len(task.reminded) > before:
            seen.append(office.wecom.clock.day())
    assert [(at.day, at.hour) for at in seen] == [(23, 12), (24, 10), (25, 10)]


async def test_asked_for_reminders_stop_at_three_in_a_day(office: Office) -> None:
    await office.wants(await a_group(office))
    await office.works()
    for _ in range(5):
        await office.asks(is_reminder_asked=True)
        await office.works(MINUTE)
    (task,) = office.wecom.contacts.sends.tasks.values()
    assert len(task.reminded) == 3
    assert office.wecom.answers["externalcontact/remind_groupmsg_send", 41094] == 0


async def test_a_cancelled_task_reaches_nobody_more(office: Office) -> None:
    group = await a_group(office)
    await office.wants(group)
    await office.works(MINUTE)
    await office.asks(is_cancel_asked=True)
    await office.works(MINUTE)
    assert office.wecom.contacts.sends.of_member("LiSi") == []
    assert (await office.task()).state == "cancelled"
    assert await office.outcomes() == {group: "unsent"}


async def test_the_task_of_a_group_that_is_gone_asks_nobody_any_more(office: Office) -> None:
    group = await a_group(office)
    await office.wants(group)
    await office.works(MINUTE)
    await office.database.run(customers.dismiss_group, group, office.wecom.clock.moment())
    await office.works(3 * HOUR)
    assert (await office.task()).state == "cancelled"
    assert await office.outcomes() == {group: "gone"}


async def test_a_task_cancelled_before_it_was_created_never_is(office: Office) -> None:
    await office.wants(await a_group(office))
    await office.asks(is_cancel_asked=True)
    await office.works(MINUTE)
    assert not office.wecom.contacts.sends.tasks


async def test_what_was_confirmed_before_the_cancellation_is_told(office: Office) -> None:
    group = await a_group(office)
    await office.wants(group)
    await office.works(MINUTE)
    await office.asks(is_cancel_asked=True)
    confirm(office)
    await office.works(MINUTE)
    assert ((await office.task()).state, await office.outcomes()) == (
        "confirmed",
        {group: "sent"},
    )


async def test_old_news_is_cancelled_after_three_days(office: Office) -> None:
    group = await a_group(office)
    await office.wants(group)
    await office.works(*[8 * HOUR] * 10)
    assert (await office.task()).state == "expired"
    assert office.wecom.contacts.sends.of_member("LiSi") == []
    assert await office.outcomes() == {group: "unsent"}


async def test_what_is_wanted_at_night_waits_for_the_morning(office: Office) -> None:
    group = await a_group(office)
    office.wecom.clock.advance(12 * HOUR)
    await office.wants(group)
    await office.works(HOUR, HOUR)
    assert not office.wecom.contacts.sends.tasks
    await office.works(10 * HOUR)
    assert len(office.wecom.contacts.sends.tasks) == 1


async def test_whom_nobody_can_reach_is_told_so(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    friend = await a_friend(office)
    office.wecom.contacts.leaves(friend, "LiSi")  # its event is lost
    await office.wants(friend, kind=Kind.SINGLE)
    await office.works()
    assert "task 1 failed: " in caplog.text
    assert ((await office.task()).state, await office.outcomes()) == (
        "failed",
        {friend: "unreachable"},
    )


async def test_a_message_to_a_group_is_a_task_and_one_too_many_is_refused(
    office: Office,
) -> None:
    office.rules = replace(office.rules, quota=Quota.DAY)
    await office.restart()
    group = await a_group(office)
    receipt = await office.channel.send(Outgoing(7, "wecom_contact", group, "招工"))
    await office.works()
    assert (await office.task(receipt.outer_id)).state == "created"
    with pytest.raises(SendFailure, match="rejected: over_quota"):
        await office.channel.send(Outgoing(8, "wecom_contact", group, "又招工"))
    with pytest.raises(SendFailure, match="bad_address"):
        await office.channel.send(Outgoing(9, "wecom_contact", "LiSi/wmNobody", "招工"))


async def test_who_said_stop_at_the_service_gets_no_broadcast(office: Office) -> None:
    friend, tired = await a_friend(office), await a_friend(office)
    now, account = office.wecom.clock.moment(), f"wecom_kf:wk/{tired}"
    await office.database.run(_stop, account, now)
    await office.wants(friend, tired, kind=Kind.SINGLE)
    assert await office.outcomes() == {friend: "waiting", tired: "stopped"}


def _stop(session: Session, account: str, now: datetime) -> None:
    stops.stop(session, [account], reason=stops.StopReason.ASKED, since=now)
