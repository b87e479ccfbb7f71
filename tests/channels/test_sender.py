"""The sender: each kind of failure has its consequence, order holds, nothing is sent twice."""

from __future__ import annotations

import asyncio
import sqlite3
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from channels.base import FailureKind, SendFailure
from channels.sender import Sender
from records import conversations, outbox, sending
from records.conversations import Conversation
from records.database import Database, Session
from records.messages import Outgoing, Priority, Receipt
from records.outbox import NewOutgoing
from records.vault import Vault
from tests.support import database as databases
from tests.support.builders import a_conversation, an_outgoing
from tests.support.fake_channel import FakeChannel


class Clock:
    """A clock that the test turns."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **delta: float) -> None:
        self.now += timedelta(**delta)


@pytest.fixture
def clock(now: datetime) -> Clock:
    return Clock(now)


def _message(vault: Vault, now: datetime, text: str, *, chat: str = "42") -> NewOutgoing:
    return an_outgoing(now, chat=chat, payload=outbox.sealed_content(vault, text))


def _sender(database: Database, vault: Vault, channel: FakeChannel, clock: Clock) -> Sender:
    return Sender(database, vault, {"fake": channel}, owner="tester", now=clock)


async def _send(
    database: Database, vault: Vault, channel: FakeChannel, clock: Clock, *texts: str
) -> Sender:
    messages = [_message(vault, clock(), text) for text in texts]
    await database.run(outbox.enqueue, messages)
    sender = _sender(database, vault, channel, clock)
    await sender.settled()
    return sender


async def test_what_is_due_is_delivered_in_order(
    database: Database, vault: Vault, clock: Clock
) -> None:
    channel = FakeChannel()
    await _send(database, vault, channel, clock, "one", "two", "three")
    assert channel.texts == ["one", "two", "three"]
    assert await database.read(outbox.counts) == {"sent": 3}


async def test_nothing_is_sent_a_second_time(
    database: Database, vault: Vault, clock: Clock
) -> None:
    channel = FakeChannel()
    sender = await _send(database, vault, channel, clock, "one")
    await sender.settled()
    assert channel.tries == 1


FINAL = [k for k in FailureKind if not k.may_retry and k is not FailureKind.NOT_NOW]


@pytest.mark.parametrize("kind", FINAL)
async def test_a_final_failure_is_not_tried_again(
    database: Database, vault: Vault, clock: Clock, kind: FailureKind
) -> None:
    channel = FakeChannel(SendFailure(kind, "no"))
    sender = await _send(database, vault, channel, clock, "one")
    clock.turn(hours=1)
    await sender.settled()
    assert channel.tries == 1
    assert await database.read(outbox.counts) == {"failed": 1}


async def test_what_nobody_may_be_sent_now_is_held(
    database: Database, vault: Vault, clock: Clock
) -> None:
    channel = FakeChannel(SendFailure(FailureKind.NOT_NOW, "95001"))
    await _send(database, vault, channel, clock, "one")
    assert await database.read(outbox.counts) == {"held": 1}


async def test_what_may_be_repeated_is_repeated_even_unasked(
    database: Database, vault: Vault, clock: Clock
) -> None:
    channel = FakeChannel(SendFailure(FailureKind.REPEATABLE, "no answer"))
    content = outbox.sealed_content(vault, "news")
    bulk = an_outgoing(clock(), priority=Priority.BULK, payload=content)
    await database.run(outbox.enqueue, [bulk])
    sender = _sender(database, vault, channel, clock)
    await sender.settled()
    clock.turn(minutes=1)
    await sender.settled()
    assert await database.read(outbox.counts) == {"sent": 1}


@pytest.mark.parametrize("kind", [k for k in FailureKind if k.may_retry])
async def test_a_passing_failure_of_a_reply_is_tried_again(
    database: Database, vault: Vault, clock: Clock, kind: FailureKind
) -> None:
    channel = FakeChannel(SendFailure(kind, "later", moved_to="42"))
    sender = await _send(database, vault, channel, clock, "one")
    clock.turn(minutes=1)
    await sender.settled()
    assert channel.texts == ["one"]


async def test_an_uncertain_bulk_message_is_not_repeated(
    database: Database, vault: Vault, clock: Clock
) -> None:
    channel = FakeChannel(SendFailure(FailureKind.UNCERTAIN, "no answer"))
    content = outbox.sealed_content(vault, "news")
    bulk = an_outgoing(clock(), priority=Priority.BULK, payload=content)
    await database.run(outbox.enqueue, [bulk])
    await _sender(database, vault, channel, clock).settled()
    assert await database.read(outbox.counts) == {"uncertain": 1}


async def test_a_retried_message_keeps_its_place(
    database: Database, vault: Vault, clock: Clock
) -> None:
    channel = FakeChannel(SendFailure(FailureKind.UNREACHABLE, "refused"))
    sender = await _send(database, vault, channel, clock, "one", "two")
    assert channel.texts == []
    clock.turn(minutes=1)
    await sender.settled()
    assert channel.texts == ["one", "two"]


async def test_it_gives_up_after_eight_tries(
    database: Database, vault: Vault, clock: Clock
) -> None:
    channel = FakeChannel(*[SendFailure(FailureKind.UNREACHABLE, "refused")] * 9)
    sender = await _send(database, vault, channel, clock, "one")
    for _ in range(9):
        clock.turn(minutes=2)
        await sender.settled()
    assert channel.tries == 8
    assert await database.read(outbox.counts) == {"failed": 1}


async def test_throttling_is_no_try_and_is_obeyed(
    database: Database, vault: Vault, clock: Clock
) -> None:
    wait = timedelta(seconds=30)
    channel = FakeChannel(SendFailure(FailureKind.THROTTLED, "429", retry_after=wait))
    sender = await _send(database, vault, channel, clock, "one")
    clock.turn(seconds=29)
    await sender.settled()
    assert channel.tries == 1
    clock.turn(seconds=2)
    await sender.settled()
    assert channel.texts == ["one"]


async def test_messages_that_a_pace_puts_off_are_told_once(
    database: Database, vault: Vault, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    wait = timedelta(seconds=30)
    channel = FakeChannel(*[SendFailure(FailureKind.THROTTLED, "429", retry_after=wait)] * 5)
    sender = await _send(database, vault, channel, clock, "one")
    for _ in range(3):
        clock.turn(seconds=31)
        await sender.settled()
    assert caplog.messages.count("not sent") == 1
    clock.turn(seconds=100)
    await sender.settled()
    assert caplog.messages.count("not sent") == 2


async def test_a_block_ends_the_address(database: Database, vault: Vault, clock: Clock) -> None:
    await database.run(_add, a_conversation(clock(), chat="42"))
    channel = FakeChannel(SendFailure(FailureKind.BLOCKED_BY_PERSON, "blocked"))
    await _send(database, vault, channel, clock, "one", "two")
    known = await database.read(conversations.load, ["fake:42"])
    assert known["fake:42"].unreachable == "blocked_by_person"
    assert await database.read(outbox.counts) == {"failed": 2}


async def test_a_moved_chat_is_followed(database: Database, vault: Vault, clock: Clock) -> None:
    channel = FakeChannel(SendFailure(FailureKind.MOVED, "migrated", moved_to="-1"))
    sender = await _send(database, vault, channel, clock, "one")
    await sender.settled()
    assert [message.chat for message in channel.sent] == ["-1"]


async def test_a_lost_claim_is_taken_up_again_after_a_while(
    database: Database, vault: Vault, clock: Clock
) -> None:
    channel = FakeChannel()
    sender = _sender(database, vault, channel, clock)
    await sender.settled()
    await database.run(outbox.enqueue, [_message(vault, clock(), "one")])
    await database.batch(sending.claim, sending.Claim("tester", ("fake",), 5, clock()))
    await sender.free_stale()
    await sender.settled()
    assert channel.texts == []
    clock.turn(seconds=21)
    await sender.free_stale()
    await sender.settled()
    assert channel.texts == ["one"]


class _Locking(FakeChannel):
    """Another program locks the store while a message goes out."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self.other = sqlite3.connect(file, isolation_level=None)
        self.went = asyncio.Event()

    async def send(self, message: Outgoing) -> Receipt:
        self.other.execute("BEGIN IMMEDIATE")
        self.went.set()
        return await super().send(message)


async def test_what_went_out_while_the_store_was_away_is_not_sent_again(
    tmp_path: Path, vault: Vault, clock: Clock
) -> None:
    file = tmp_path / "guiyan.db"
    database = Database(await databases.fresh_file(file), lock_patience=0.01)
    channel = _Locking(file)
    sender = _sender(database, vault, channel, clock)
    await database.run(outbox.enqueue, [_message(vault, clock(), "one")])
    loop = asyncio.create_task(sender.run())
    await channel.went.wait()
    clock.turn(seconds=60)  # a dead sender's claim would be free by now
    await asyncio.sleep(0.5)
    channel.other.execute("ROLLBACK")
    await sender.drain(30)
    await sender.free_stale()
    await sender.settled()
    loop.cancel()
    assert channel.texts == ["one"]
    assert await database.read(outbox.counts) == {"sent": 1}
    await database.close()
    channel.other.close()


async def test_what_was_sealed_with_another_key_fails_by_itself(
    database: Database, vault: Vault, clock: Clock
) -> None:
    channel = FakeChannel()
    foreign = _message(Vault("another key"), clock(), "one", chat="1")
    await database.run(outbox.enqueue, [foreign, _message(vault, clock(), "two", chat="2")])
    await _sender(database, vault, channel, clock).settled()
    assert channel.texts == ["two"]


def _add(session: Session, row: Conversation) -> None:
    session.add(row)


async def test_bulk_queued_before_the_quiet_hours_waits_for_the_morning(
    database: Database, vault: Vault, clock: Clock
) -> None:
    channel = FakeChannel()
    sender = _sender(database, vault, channel, clock)  # 17:00 in China
    payload = outbox.sealed_content(vault, "push")
    push = an_outgoing(clock(), payload=payload, priority=Priority.BULK)
    await database.run(outbox.enqueue, [push])
    sent = []
    for hours in (3.6, 11.7, 0.3):  # 20:36, 08:18, 08:36
        clock.turn(hours=hours)
        await sender.settled()
        sent.append(channel.texts[:])
    assert sent == [[], [], ["push"]]
