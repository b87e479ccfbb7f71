"""What comes in is kept once, in order, until it is answered."""

from __future__ import annotations

import asyncio
from datetime import datetime

from records import inbound
from records.database import Database
from records.inbound import NewInbound
from tests.support.builders import an_inbound


async def _store(database: Database, *messages: NewInbound) -> list[bool]:
    return list(await asyncio.gather(*(database.batch(inbound.store, m) for m in messages)))


async def test_a_message_is_new_once(database: Database, now: datetime) -> None:
    assert await _store(database, an_inbound(now, outer_id="7")) == [True]
    assert await _store(database, an_inbound(now, outer_id="7")) == [False]


async def test_equal_messages_in_one_commit_are_stored_once(
    database: Database, now: datetime
) -> None:
    twice = an_inbound(now, outer_id="7"), an_inbound(now, outer_id="7")
    assert await _store(database, *twice) == [True, False]


async def test_the_same_id_on_another_channel_is_another_message(
    database: Database, now: datetime
) -> None:
    ours, theirs = an_inbound(now, outer_id="7"), an_inbound(now, outer_id="7", channel="terminal")
    assert await _store(database, ours, theirs) == [True, True]


async def test_open_messages_come_in_their_source_s_order(
    database: Database, now: datetime
) -> None:
    late, early = an_inbound(now, sequence=2), an_inbound(now, sequence=1)
    await _store(database, late, early)
    rows = await database.read(inbound.open_messages, [late.conversation])
    assert [row.sequence for row in rows] == [1, 2]


async def test_an_answered_message_is_not_open(database: Database, now: datetime) -> None:
    message = an_inbound(now)
    await _store(database, message)
    [row] = await database.read(inbound.open_messages, [message.conversation])
    await database.run(inbound.mark_done, [row.id], now)
    assert await database.read(inbound.open_conversations) == []


async def test_erasing_leaves_nothing_of_a_conversation(database: Database, now: datetime) -> None:
    message = an_inbound(now)
    await _store(database, message)
    assert await database.run(inbound.erase, message.conversation) == 1
    assert await database.read(inbound.history, message.conversation, 10) == []
