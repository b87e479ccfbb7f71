"""The hot statements on the tables of messages are answered by indexes, on both databases."""

from __future__ import annotations

from records import outbox
from tests.plans.calls import World, calls
from tests.plans.looking import faults, look
from tests.support import database as databases

ROWS = 40_000  # twice the newest that a page looks through for failures


async def test_no_hot_statement_reads_a_whole_table(database_url: str) -> None:
    looks = await look(database_url, ROWS, calls(World(ROWS)))
    assert all(one.statements for one in looks)
    assert faults(looks, ROWS) == []


async def test_none_reads_a_whole_partition(postgres_url: str) -> None:
    url = await databases.empty(postgres_url)
    looks = await look(url, ROWS, calls(World(ROWS)), parts=4)
    assert faults(looks, ROWS) == []
    await databases.drop(postgres_url, url)


async def test_a_statement_that_reads_a_whole_table_is_found(database_url: str) -> None:
    looks = await look(database_url, ROWS, {"by state": outbox.counts})
    [fault] = faults(looks, ROWS)
    assert fault.startswith("by state: ")
