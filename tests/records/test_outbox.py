"""What goes out is claimed once, in order within a chat, replies first."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from records import outbox, sending, unasked
from records.database import Database, Session
from records.messages import Priority
from records.outbox import Claimed, NewOutgoing, OutboxState
from records.sending import Claim, Outcome
from tests.support.builders import an_outgoing

BULK = Priority.BULK


async def _queue(database: Database, *messages: NewOutgoing) -> None:
    await database.run(outbox.enqueue, list(messages))


async def _claim(database: Database, now: datetime, limit: int = 10) -> list[Claimed]:
    return await database.batch(sending.claim, Claim("tester", ("fake",), limit, now))


async def _settle(database: Database, row: Claimed, state: OutboxState, at: datetime) -> None:
    await database.batch(sending.settle, Outcome(row.id, state, at))


async def test_a_message_is_claimed_once(database: Database, now: datetime) -> None:
    await _queue(database, an_outgoing(now))
    assert len(await _claim(database, now)) == 1
    assert await _claim(database, now) == []


async def test_the_same_key_is_queued_once(database: Database, now: datetime) -> None:
    await _queue(database, an_outgoing(now, key="once"))
    await _queue(database, an_outgoing(now, key="once"))
    assert await database.read(outbox.counts) == {"queued": 1}


async def test_the_second_message_of_a_chat_waits_for_the_first(
    database: Database, now: datetime
) -> None:
    await _queue(database, an_outgoing(now), an_outgoing(now))
    [first] = await _claim(database, now)
    assert await _claim(database, now) == []
    await _settle(database, first, OutboxState.SENT, now)
    assert len(await _claim(database, now)) == 1


async def test_a_message_that_is_tried_again_still_goes_before_the_next(
    database: Database, now: datetime
) -> None:
    await _queue(database, an_outgoing(now), an_outgoing(now))
    [first] = await _claim(database, now)
    later = Outcome(first.id, OutboxState.QUEUED, now, due=now + timedelta(seconds=5))
    await database.batch(sending.settle, later)
    assert await _claim(database, now) == []
    [again] = await _claim(database, now + timedelta(seconds=5))
    assert (again.id, again.attempts) == (first.id, 1)


async def test_replies_go_before_bulk(database: Database, now: datetime) -> None:
    await _queue(database, an_outgoing(now, chat="1", priority=BULK), an_outgoing(now, chat="2"))
    [first] = await _claim(database, now, limit=1)
    assert first.chat == "2"


async def test_a_reply_does_not_wait_for_bulk_of_its_own_chat(
    database: Database, now: datetime
) -> None:
    tomorrow = an_outgoing(now, priority=BULK, wait=timedelta(days=1))
    await _queue(database, tomorrow, an_outgoing(now))
    assert len(await _claim(database, now)) == 1


async def test_what_is_not_due_is_left(database: Database, now: datetime) -> None:
    await _queue(database, an_outgoing(now, wait=timedelta(seconds=1)))
    assert await _claim(database, now) == []


@pytest.mark.parametrize("is_quiet", [True, False])
async def test_in_quiet_hours_only_bulk_stays_in_the_queue(
    database: Database, now: datetime, is_quiet: bool
) -> None:
    await _queue(database, an_outgoing(now, chat="1", priority=BULK), an_outgoing(now, chat="2"))
    wish = Claim("tester", ("fake",), 10, now + timedelta(hours=9), is_quiet)
    chats = [row.chat for row in await database.batch(sending.claim, wish)]
    assert chats == (["2"] if is_quiet else ["2", "1"])


@pytest.mark.parametrize(
    ("priority", "state"), [(Priority.REPLY, "queued"), (Priority.BULK, "uncertain")]
)
async def test_after_a_crash_replies_go_again_and_bulk_does_not(
    database: Database, now: datetime, priority: Priority, state: str
) -> None:
    await _queue(database, an_outgoing(now, priority=priority))
    await _claim(database, now)
    await database.run(_free, now + timedelta(minutes=1))
    assert await database.read(outbox.counts) == {state: 1}


def _free(session: Session, now: datetime) -> int:
    return sending.requeue_stale(session, ["fake"], before=now, now=now)


async def test_what_a_crash_left_in_doubt_goes_after_half_a_year(
    database: Database, now: datetime
) -> None:
    await _queue(database, an_outgoing(now, priority=BULK))
    await _claim(database, now)
    await database.run(_free, now + timedelta(minutes=1))
    assert await database.run(outbox.prune, now + timedelta(days=180)) == 0
    assert await database.run(outbox.prune, now + timedelta(days=181)) == 1


async def test_a_moved_chat_takes_its_messages_along(database: Database, now: datetime) -> None:
    await _queue(database, an_outgoing(now, chat="1"))
    await database.run(outbox.move_address, "fake", "1", "-2")
    [row] = await _claim(database, now)
    assert (row.chat, row.conversation) == ("-2", "fake:-2")


async def test_a_lost_address_fails_what_waits_for_it(database: Database, now: datetime) -> None:
    await _queue(database, an_outgoing(now, chat="1"), an_outgoing(now, chat="2"))
    await database.run(outbox.end_address, "fake:1", "blocked_by_person", now)
    assert await database.read(outbox.counts) == {"failed": 1, "queued": 1}


async def test_the_id_of_an_erased_message_never_comes_again(
    database: Database, now: datetime
) -> None:
    await _queue(database, an_outgoing(now))
    [first] = await _claim(database, now)
    await _settle(database, first, OutboxState.SENT, now)
    await database.run(outbox.erase, first.conversation)
    await _queue(database, an_outgoing(now))
    [second] = await _claim(database, now)
    assert second.id > first.id


@pytest.mark.parametrize(
    ("ended", "stands"), [("queued", "stopped"), ("held", "stopped"), ("sent", "sent")]
)
async def test_a_push_that_leaves_while_stop_is_said_is_not_tried_again(
    database: Database, now: datetime, ended: str, stands: str
) -> None:
    await _queue(database, an_outgoing(now, priority=BULK))
    [row] = await _claim(database, now)
    await database.run(unasked.cancel_pushes, row.conversation, now)
    await _settle(database, row, OutboxState(ended), now)
    assert await database.read(outbox.counts) == {stands: 1}


async def test_a_push_that_a_dead_sender_had_at_stop_stays_stopped(
    database: Database, now: datetime
) -> None:
    await _queue(database, an_outgoing(now, priority=BULK))
    [row] = await _claim(database, now)
    await database.run(unasked.cancel_pushes, row.conversation, now)
    await database.run(_requeue, now)
    assert await database.read(outbox.counts) == {"stopped": 1}


def _requeue(session: Session, now: datetime) -> int:
    before = now + timedelta(seconds=1)
    return sending.requeue_stale(session, ["fake"], before=before, now=now, safe=["fake"])


async def test_many_outcomes_share_a_transaction(database: Database, now: datetime) -> None:
    await _queue(database, *(an_outgoing(now, chat=str(n)) for n in range(3)))
    rows = await _claim(database, now)
    outcomes = [Outcome(row.id, OutboxState.SENT, now) for row in rows]
    await database.run(sending.settle, outcomes)
    assert await database.read(outbox.counts) == {"sent": 3}
