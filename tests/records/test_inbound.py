"""What comes in is kept once, in order, until it is answered."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from records import inbound
from records.database import Database
from records.inbound import FILE_LIFE, NewInbound, OpenMessage
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


async def test_a_voice_is_heard_once(database: Database, now: datetime) -> None:
    row = await _with_file(database, now)
    assert await database.run(inbound.hear, row.id, b"words") is True
    assert await database.run(inbound.hear, row.id, b"other words") is False
    [heard] = await database.read(inbound.open_messages, [row.conversation])
    assert (heard.payload, heard.file) == (b"words", None)


async def test_an_answered_voice_is_not_heard_and_its_file_forgotten(
    database: Database, now: datetime
) -> None:
    row = await _with_file(database, now)
    await database.run(inbound.mark_done, [row.id], now)
    assert await database.run(inbound.hear, row.id, b"words") is False
    [answered] = await database.read(inbound.history, row.conversation, 1)
    assert answered.file is None


async def test_a_file_is_forgotten_after_three_days(database: Database, now: datetime) -> None:
    await _with_file(database, now)
    assert await database.run(inbound.forget_files, now + FILE_LIFE) == 0
    late = now + FILE_LIFE + timedelta(seconds=1)
    assert await database.run(inbound.forget_files, late) == 1
    assert await database.run(inbound.forget_files, late) == 0


async def _with_file(database: Database, now: datetime) -> OpenMessage:
    """A stored voice that waits to be heard."""
    message = replace(an_inbound(now), file=b"sealed address")
    await _store(database, message)
    [row] = await database.read(inbound.open_messages, [message.conversation])
    return row
