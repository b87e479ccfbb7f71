"""Partitions of messages: what is known stays known over all of them, and none is ever wanting."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import asyncpg
import pytest
from sqlalchemy import text

from records import inbound, outbox, partitioning, partitions
from records.database import Database, Session
from records.engines import connecting
from records.partitioning import PartitionRefused, partition
from scheduler.jobs import keep_partitions, prune_outbox
from tests.support import database as databases
from tests.support.builders import an_inbound, an_outgoing

SIZE = 10
YEAR = timedelta(days=365)


@pytest.fixture
async def whole(postgres_url: str) -> AsyncIterator[Database]:
    """A database on PostgreSQL whose tables are whole, as a migration makes them."""
    url = await databases.empty(postgres_url)
    await databases.migrate(url)
    database = Database(url)
    yield database
    await database.close()
    await databases.drop(postgres_url, url)


@pytest.fixture
async def parted(whole: Database, now: datetime) -> Database:
    """Five messages of each kind from before, and partitions of ten."""
    await _five(whole, now, "before")
    assert await partition(whole, SIZE) == {"inbound": 5, "outbox": 5}
    return whole


async def _five(database: Database, now: datetime, name: str) -> list[bool]:
    keys = [f"{name}-{number}" for number in range(5)]
    await database.run(outbox.enqueue, [an_outgoing(now, key=key) for key in keys])
    return await database.run(inbound.store, [an_inbound(now, outer_id=key) for key in keys])


async def _parts(database: Database, table: str) -> list[str]:
    return [one.name for one in await database.read(partitions.of, table)]


def _count(session: Session, table: str) -> int:
    return int(session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


async def _counts(database: Database, *tables: str) -> list[int]:
    return [await database.read(_count, table) for table in tables]


async def test_what_is_known_from_before_or_from_another_partition_is_known(
    parted: Database, now: datetime
) -> None:
    for name in ("first", "second", "third", "fourth", "fifth"):
        assert await _five(parted, now, name) == [True] * 5
    assert await _counts(parted, "outbox_0", "outbox_20", "outbox_30") == [19, 10, 1]
    for name in ("before", "first", "fifth"):
        assert await _five(parted, now, name) == [False] * 5
    assert await _counts(parted, "outbox", "outbox_keys", "inbound") == [30, 30, 30]


async def test_the_second_of_two_equal_messages_in_one_group_is_known(
    parted: Database, now: datetime
) -> None:
    twice = [an_inbound(now, outer_id="twice"), an_inbound(now, outer_id="twice")]
    assert await parted.run(inbound.store, twice) == [True, False]


async def test_of_many_who_queue_one_key_at_once_one_does(parted: Database, now: datetime) -> None:
    others = [Database(parted.url.render_as_string(hide_password=False)) for _ in range(4)]
    once = [an_outgoing(now, key="once")]
    await asyncio.gather(*(other.run(outbox.enqueue, once) for other in others for _ in range(5)))
    for other in others:
        await other.close()
    assert await _counts(parted, "outbox", "outbox_keys") == [6, 6]


async def test_a_key_is_free_when_its_message_is_gone(parted: Database, now: datetime) -> None:
    for away in ("DELETE FROM outbox", "TRUNCATE outbox"):
        await parted.run(lambda session, words=away: session.execute(text(words)) and None)
        assert await _counts(parted, "outbox_keys") == [0]
        await _five(parted, now, "before")
        assert await _counts(parted, "outbox", "outbox_keys") == [5, 5]


async def test_what_is_over_and_empty_is_dropped_and_new_ones_wait(
    parted: Database, now: datetime
) -> None:
    for name in ("first", "second", "third", "fourth"):
        await _five(parted, now, name)
    await parted.run(_all_over, now)
    await parted.run(prune_outbox.run, now + YEAR)
    done = await parted.run(keep_partitions.run, now + YEAR)
    assert done == {"made": 2, "dropped": 2}
    assert await _parts(parted, "inbound") == [f"inbound_{n}" for n in (20, 30, 40, 50)]
    assert await parted.run(keep_partitions.run, now) == {"made": 0, "dropped": 0}


def _all_over(session: Session, now: datetime) -> None:
    session.execute(text("UPDATE inbound SET done_at = :now"), {"now": now})
    session.execute(text("UPDATE outbox SET state = 'sent', settled_at = :now"), {"now": now})


async def test_where_none_was_made_in_time_nothing_is_lost(
    parted: Database, now: datetime
) -> None:
    for number in range(9):
        assert await _five(parted, now, f"group {number}") == [True] * 5
    assert await _counts(parted, "inbound_rest") == [1]
    await parted.run(keep_partitions.run, now)
    for number in range(9, 15):
        assert await _five(parted, now, f"group {number}") == [True] * 5
    assert await _counts(parted, "inbound", "inbound_rest") == [80, 11]
    assert (await _parts(parted, "inbound"))[-1] == "inbound_70"


async def test_what_was_interrupted_goes_on(whole: Database, now: datetime) -> None:
    """Keys are noted and brought over; then the process is killed, and messages come and go."""
    await _five(whole, now, "before")
    connection = await asyncpg.connect(**connecting(whole.url))
    await partitioning._note_keys(connection, "outbox")
    await _five(whole, now, "between")
    await partitioning._bring_keys_over(connection, "outbox")
    await connection.close()
    await whole.run(lambda session: session.execute(text("DELETE FROM outbox WHERE id < 3")))
    assert await partition(whole, SIZE) == {"inbound": 10, "outbox": 8}
    assert await _counts(whole, "outbox_keys") == [8]
    assert await partition(whole, SIZE) == {}


async def test_where_keys_are_wanting_nothing_is_changed(whole: Database, now: datetime) -> None:
    await _five(whole, now, "before")
    connection = await asyncpg.connect(**connecting(whole.url))
    await partitioning._note_keys(connection, "outbox")
    with pytest.raises(PartitionRefused, match="outbox has 5 rows and 0 keys"):
        await partitioning._change_over(connection, "outbox", 20, SIZE)
    await connection.close()
    assert await _parts(whole, "outbox") == []
    await _five(whole, now, "after")


async def test_people_write_while_it_is_done(whole: Database, now: datetime) -> None:
    async def write(name: str) -> list[bool]:
        return [fresh for n in range(20) for fresh in await _five(whole, now, f"{name} {n}")]

    writing = [asyncio.create_task(write(name)) for name in ("a", "b", "c")]
    await asyncio.sleep(0)
    await partition(whole, SIZE)
    assert [fresh for one in writing for fresh in await one] == [True] * 300
    assert await _counts(whole, "inbound", "inbound_keys", "outbox", "outbox_keys") == [300] * 4


async def test_a_table_that_somebody_holds_is_left_as_it_was(
    whole: Database, now: datetime
) -> None:
    holder = await asyncpg.connect(**connecting(whole.url))
    async with holder.transaction():
        await holder.execute("LOCK TABLE inbound IN ACCESS SHARE MODE")
        with pytest.raises(PartitionRefused, match="give it again"):
            await partition(whole, SIZE)
    await holder.close()
    assert await _five(whole, now, "after") == [True] * 5
    assert await partition(whole, SIZE) == {"inbound": 5, "outbox": 5}
