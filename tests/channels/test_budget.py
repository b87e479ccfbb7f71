"""The budget of a chat: what is sent, what is merged, what is held, and when it leaves."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from channels.base import FailureKind, Limits, SendFailure
from channels.sender import Sender
from records import leases, outbox, pushes, rationing, send_budgets, stops, unasked
from records.database import Database, Session
from records.messages import Option, Priority
from records.outbox import NewOutgoing
from records.send_budgets import Allowance, Closing, Reach
from records.stops import StopReason
from records.vault import Vault
from tests.support.builders import an_outgoing
from tests.support.fake_channel import FakeChannel

FIVE = Allowance(messages=5, lasts=timedelta(hours=48), reserve=1)
WIDTH = 40  # characters of one message here
TALK = "fake:42"


class Counted(FakeChannel):
    """A channel that counts, as 微信客服 does."""

    limits = Limits(
        text_length=4096,
        per_chat=1000,
        per_group=1000,
        bulk=1000,
        burst=100,
        repeats_safely=True,
        allowance=FIVE,
        cost=lambda text, options: -(-len(text) // WIDTH),
    )


class Clock:
    """A clock that the test turns."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **delta: float) -> None:
        self.now += timedelta(**delta)


class Line:
    """A chat with a counted channel: the person writes, we queue, the sender sends."""

    def __init__(self, database: Database, vault: Vault, clock: Clock) -> None:
        self.database, self.vault, self.clock = database, vault, clock
        self.channel = Counted()
        self.pushes = 0

    async def hears(self) -> None:
        now = self.clock()
        await self.database.run(rationing.heard, {TALK: now}, now)

    async def queues(
        self, *texts: str, priority: Priority = Priority.REPLY, options: tuple[Option, ...] = ()
    ) -> None:
        for text in texts:
            payload = outbox.sealed_content(self.vault, text, options=options)
            await self.database.run(outbox.enqueue, [self._new(payload, priority)])

    async def sends(self) -> list[str]:
        before = len(self.channel.sent)
        await self.sender().settled()
        return self.channel.texts[before:]

    def sender(self) -> Sender:
        channels = {"fake": self.channel}
        return Sender(self.database, self.vault, channels, owner="tester", now=self.clock)

    async def reach(self) -> Reach:
        found = await self.database.read(send_budgets.reach, [TALK], FIVE, self.clock())
        return found[TALK]

    async def waiting(self) -> int:
        return (await self.database.read(rationing.held, [TALK]))[TALK]

    def _new(self, payload: bytes, priority: Priority) -> NewOutgoing:
        now, key = self.clock(), ""
        if priority is Priority.BULK:  # all of them parts of one message, of which a day holds one
            self.pushes += 1
            key = "push" if self.pushes == 1 else f"push/{self.pushes}"
        return an_outgoing(now, payload=payload, priority=priority, key=key)


@pytest.fixture
def clock() -> Clock:
    return Clock(datetime.fromisoformat("2026-11-23T10:00:00+08:00"))


@pytest.fixture
def line(database: Database, vault: Vault, clock: Clock) -> Line:
    return Line(database, vault, clock)


async def test_the_replies_of_a_turn_leave_as_one(line: Line) -> None:
    await line.hears()
    await line.queues("你好", "请问您在哪里？")
    assert await line.sends() == ["你好\n\n请问您在哪里？"]
    assert await line.database.read(outbox.counts) == {"sent": 1, "merged": 1}


async def test_what_would_not_save_a_message_stays_apart(line: Line) -> None:
    await line.hears()
    await line.queues("一" * WIDTH, "二" * WIDTH)
    assert await line.sends() == ["一" * WIDTH, "二" * WIDTH]


async def test_the_newest_question_keeps_its_options(line: Line) -> None:
    await line.hears()
    await line.queues("选一个", options=(Option("是", "yes"),))
    await line.queues("换一个", options=(Option("不", "no"),))
    await line.queues("还有")
    assert await line.sends() == ["选一个\n\n换一个\n\n还有"]
    assert line.channel.sent[0].options == (Option("不", "no"),)


async def test_a_push_with_options_stays_apart_from_a_question(line: Line) -> None:
    await line.hears()
    await line.queues("选一个", options=(Option("是", "yes"),))
    await line.queues("新项目", options=(Option("看看", "look"),), priority=Priority.BULK)
    assert await line.sends() == ["选一个", "新项目"]


async def test_who_is_in_danger_is_answered_before_what_still_waits(line: Line) -> None:
    await line.hears()
    for number in range(7):
        await line.queues(f"回答{number}" + "。" * WIDTH)
    await line.queues("先别急，打12356", priority=Priority.URGENT)
    assert (await line.sends())[0].startswith("先别急")


async def test_who_never_wrote_is_not_written_to(line: Line) -> None:
    await line.queues("新项目", priority=Priority.BULK)
    assert await line.sends() == []
    assert await line.waiting() == 1


async def test_many_that_must_wait_do_not_hold_up_who_may_be_written_to(line: Line) -> None:
    for number in range(120):
        payload = outbox.sealed_content(line.vault, "推送")
        new = an_outgoing(line.clock(), chat=str(1000 + number), payload=payload)
        await line.database.run(outbox.enqueue, [new])
    await line.hears()
    await line.queues("回答")
    assert await line.sends() == ["回答"]
    assert await line.database.read(outbox.counts) == {"held": 120, "sent": 1}


async def test_a_push_leaves_the_last_message_to_replies(line: Line) -> None:
    await line.hears()
    for number in range(6):
        await line.queues(f"推送{number}", priority=Priority.BULK)
        await line.sends()
    assert len(line.channel.sent) == 4
    await line.queues("回答")
    assert await line.sends() == ["回答"]


async def test_a_sixth_message_waits_until_the_person_writes(line: Line) -> None:
    await line.hears()
    for number in range(6):
        await line.queues(f"回答{number}")
        await line.sends()
    assert len(line.channel.sent) == 5
    line.clock.turn(minutes=1)
    await line.hears()
    assert await line.sends() == ["回答5"]


async def test_after_two_days_nothing_is_sent(line: Line) -> None:
    await line.hears()
    line.clock.turn(hours=48)
    await line.queues("晚了")
    assert await line.sends() == []
    assert await line.reach() is Reach.WHEN_THEY_WRITE


async def test_what_was_held_leaves_with_the_next_reply(line: Line) -> None:
    await line.queues("新项目", priority=Priority.BULK)
    await line.sends()
    await line.hears()
    await line.queues("您好")
    assert await line.sends() == ["您好\n\n新项目"]


async def test_what_was_held_leaves_alone_where_no_reply_comes(line: Line) -> None:
    await line.queues("新项目", priority=Priority.BULK)
    await line.sends()
    await line.hears()
    assert await line.sends() == []
    line.clock.turn(seconds=6)
    assert await line.sends() == ["新项目"]


async def test_an_old_message_heard_again_does_not_open_the_count(line: Line) -> None:
    await line.hears()
    for number in range(5):
        await line.queues(f"回答{number}")
        await line.sends()
    await line.hears()
    await line.queues("再来")
    assert await line.sends() == []


async def test_a_refused_message_waits_and_costs_nothing_lost(line: Line) -> None:
    line.channel.failures = [SendFailure(FailureKind.NOT_NOW, "over")]
    await line.hears()
    await line.queues("回答")
    assert await line.sends() == []
    line.clock.turn(minutes=1)
    await line.hears()
    assert await line.sends() == ["回答"]


async def test_a_message_that_did_not_arrive_is_held_as_another(line: Line) -> None:
    await line.hears()
    await line.queues("回答")
    await line.sends()
    first = line.channel.sent[0].id
    now = line.clock()
    await line.database.run(_bounce, first, now)
    line.clock.turn(minutes=1)
    await line.hears()
    assert await line.sends() == ["回答"]
    assert line.channel.sent[-1].id != first


async def test_a_handed_over_talk_stays_with_staff_until_it_comes_back(line: Line) -> None:
    await line.hears()
    await line.database.run(send_budgets.close, TALK, Closing.HANDED_OVER)
    line.clock.turn(minutes=1)
    await line.hears()
    await line.queues("推送", priority=Priority.BULK)
    assert await line.sends() == []
    await line.database.run(rationing.handed_back, TALK, line.clock())
    line.clock.turn(seconds=6)
    assert await line.sends() == ["推送"]


async def test_who_may_be_written_to_now_is_told(line: Line) -> None:
    assert await line.reach() is Reach.WHEN_THEY_WRITE
    await line.hears()
    assert await line.reach() is Reach.NOW
    await line.database.run(send_budgets.close, TALK, Closing.REFUSED)
    assert await line.reach() is Reach.NOT_AT_ALL


async def test_a_claim_that_a_dead_process_left_goes_again_as_it_was(line: Line) -> None:
    await line.hears()
    await line.queues("推送", "第二条", priority=Priority.BULK)
    line.channel.pause = 3600
    sender = Sender(
        line.database, line.vault, {"fake": line.channel}, owner="dead", now=line.clock
    )
    await sender._claim_and_send()
    sender._tasks.pop().cancel()
    await line.database.run(
        leases.hold, ["channel fake"], "dead", -timedelta(minutes=1), line.clock()
    )
    line.channel.pause = 0
    line.clock.turn(seconds=30)
    again = Sender(line.database, line.vault, {"fake": line.channel}, owner="new", now=line.clock)
    await again.free_stale()
    await again.settled()
    assert line.channel.texts == ["推送\n\n第二条"]


async def test_a_long_reply_waits_where_not_all_of_it_may_go(line: Line) -> None:
    await line.hears()
    for number in range(4):
        await line.queues(f"回答{number}")
        await line.sends()
    await line.queues("长" * WIDTH * 2)
    assert await line.sends() == []
    line.clock.turn(minutes=1)
    await line.hears()
    assert await line.sends() == ["长" * WIDTH * 2]


async def test_what_no_budget_pays_for_fails_and_holds_up_nothing(line: Line) -> None:
    await line.hears()
    await line.queues("长" * WIDTH * 6)
    assert await line.sends() == []
    assert await line.database.read(outbox.counts) == {"failed": 1}
    await line.queues("短")
    assert await line.sends() == ["短"]


async def test_messages_grow_together_only_as_far_as_they_may_go(line: Line) -> None:
    await line.hears()
    for number in range(4):
        await line.queues(f"回答{number}")
        await line.sends()
    await line.queues("甲" * (WIDTH - 10), "乙" * (WIDTH + 5))
    assert await line.sends() == ["甲" * (WIDTH - 10)]
    assert await line.waiting() == 1


async def test_a_push_beside_a_reply_is_held_against_what_the_reply_took(line: Line) -> None:
    await line.hears()
    for number in range(3):
        await line.queues(f"回答{number}")
        await line.sends()
    await line.queues("推" * WIDTH, priority=Priority.BULK)
    await line.queues("长" * WIDTH * 2)
    assert await line.sends() == ["长" * WIDTH * 2]
    assert await line.waiting() == 1


async def test_what_left_before_we_heard_of_their_message_counts(line: Line) -> None:
    await line.hears()
    wrote = line.clock()
    line.clock.turn(seconds=5)
    for number in range(4):
        await line.queues(f"推送{number}", priority=Priority.BULK)
        await line.sends()
    heard = {TALK: wrote + timedelta(seconds=1)}
    await line.database.run(rationing.heard, heard, line.clock())
    await line.queues("答" * WIDTH, "另" * WIDTH)
    assert await line.sends() == ["答" * WIDTH]


async def test_a_reply_put_off_past_the_end_waits_for_them_to_write(line: Line) -> None:
    line.channel.failures = [
        SendFailure(FailureKind.THROTTLED, "busy", retry_after=timedelta(hours=48))
    ]
    await line.hears()
    await line.queues("回答")
    assert await line.sends() == []
    line.clock.turn(hours=49)
    assert await line.sends() == []
    assert await line.waiting() == 1


async def test_a_reply_that_may_have_arrived_is_repeated_as_it_was(line: Line) -> None:
    line.channel.failures = [SendFailure(FailureKind.REPEATABLE, "no answer")]
    await line.hears()
    await line.queues("回答")
    await line.sends()
    await line.queues("再说")
    line.clock.turn(seconds=10)
    assert await line.sends() == ["回答", "再说"]
    assert [sent.is_repeated for sent in line.channel.sent] == [True, False]


async def test_what_no_try_brings_through_waits_and_is_tried_again_later(line: Line) -> None:
    line.channel.failures = [SendFailure(FailureKind.REPEATABLE, "no answer")] * 8
    await line.hears()
    await line.queues("推送", priority=Priority.BULK)
    for _ in range(8):
        assert await line.sends() == []
        line.clock.turn(minutes=2)
    assert await line.waiting() == 1
    line.clock.turn(minutes=10)
    await line.sender().free_stale()
    assert await line.sends() == ["推送"]


async def test_a_push_in_doubt_goes_again_where_that_is_recognised(line: Line) -> None:
    line.channel.failures = [SendFailure(FailureKind.UNCERTAIN, "no answer")]
    await line.hears()
    await line.queues("推送", priority=Priority.BULK)
    await line.sends()
    line.clock.turn(minutes=1)
    assert await line.sends() == ["推送"]


async def test_a_reply_of_days_ago_tells_its_day_and_offers_nothing(line: Line) -> None:
    await line.queues("请选", options=(Option("是", "yes"),))
    await line.sends()
    line.clock.turn(days=3)
    await line.hears()
    assert await line.sends() == ["（这是11月23日要回您的，当时没能送到）\n请选"]
    assert line.channel.sent[-1].options == ()


async def test_who_says_stop_gets_nothing_that_was_held(line: Line) -> None:
    await line.queues("推送", priority=Priority.BULK)
    await line.sends()
    await line.database.run(unasked.cancel_pushes, TALK, line.clock())
    await line.hears()
    line.clock.turn(minutes=1)
    assert await line.sends() == []


@pytest.mark.parametrize("kind", [FailureKind.NOT_NOW, FailureKind.REPEATABLE])
async def test_who_says_stop_gets_nothing_that_was_put_into_a_reply(
    line: Line, kind: FailureKind
) -> None:
    await _merged_and_refused(line, kind)
    await line.database.run(unasked.withdraw, line.vault, TALK, line.clock())
    line.clock.turn(minutes=1)
    await line.hears()
    assert await line.sends() == ["回答"]
    assert line.channel.sent[-1].options == ()
    assert await line.database.read(outbox.counts) == {"sent": 1, "stopped": 1}


async def test_what_did_not_arrive_goes_again_without_what_is_not_wanted(line: Line) -> None:
    await line.hears()
    await line.queues("回答")
    await line.queues("推送", priority=Priority.BULK)
    assert await line.sends() == ["回答\n\n推送"]
    await line.database.run(_stop, line.clock())
    await line.database.run(_bounce, line.channel.sent[0].id, line.clock())
    line.clock.turn(minutes=1)
    await line.hears()
    assert await line.sends() == ["回答"]


async def test_a_push_that_did_not_arrive_does_not_go_again_after_stop(line: Line) -> None:
    await line.hears()
    await line.queues("推送", priority=Priority.BULK)
    await line.sends()
    await line.database.run(_stop, line.clock())
    await line.database.run(_bounce, line.channel.sent[0].id, line.clock())
    line.clock.turn(minutes=1)
    await line.hears()
    assert await line.sends() == []


async def test_a_withdrawn_push_is_dropped_where_it_is_held(line: Line) -> None:
    payload = outbox.sealed_content(line.vault, "推送")
    now = line.clock()
    new = an_outgoing(now, payload=payload, priority=Priority.BULK, key="fair/7")
    await line.database.run(outbox.enqueue, [new])
    await line.sends()
    await line.database.run(pushes.drop, "fair", now)
    assert await line.database.read(outbox.counts) == {"stopped": 1}


async def test_what_is_erased_is_erased_where_it_is_held_or_merged(line: Line) -> None:
    await line.hears()
    await line.queues("一", "二")
    await line.sends()
    line.clock.turn(hours=48)
    await line.queues("三")
    await line.sends()
    await line.database.run(outbox.erase, TALK)
    assert await line.database.read(outbox.counts) == {}


async def test_nothing_waits_for_who_cannot_be_reached_any_more(line: Line) -> None:
    await line.queues("推送", priority=Priority.BULK)
    await line.sends()
    await line.database.run(outbox.end_address, TALK, "blocked_by_person", line.clock())
    assert await line.database.read(outbox.counts) == {"failed": 1}


async def test_after_a_year_what_was_said_is_dropped(line: Line) -> None:
    await line.hears()
    await line.queues("回答")
    await line.sends()
    await line.queues("推送", priority=Priority.BULK)
    line.clock.turn(days=366)
    await line.sends()
    await line.queues("新")
    assert await line.database.run(outbox.prune, line.clock()) == 2
    assert await line.database.read(outbox.counts) == {"queued": 1}


async def _merged_and_refused(line: Line, kind: FailureKind) -> None:
    """A push went with a reply, which the provider did not take."""
    line.channel.failures = [SendFailure(kind, "over")]
    await line.hears()
    await line.queues("回答")
    await line.queues("推送", priority=Priority.BULK, options=(Option("看看", "look"),))
    assert await line.sends() == []
    assert await line.database.read(outbox.counts) in (
        {"held": 1, "merged": 1},
        {"queued": 1, "merged": 1},
    )


def _stop(session: Session, now: datetime) -> None:
    stops.stop(session, [TALK], reason=StopReason.ASKED, since=now)


def _bounce(session: Session, row_id: int, now: datetime) -> None:
    rationing.bounced(session, row_id, is_for_now=True, word="over", at=now)
