"""The bell between processes: others hear it, it comes back when the database does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest
from sqlalchemy import text

from records.bells import OUTBOX, Bell
from records.database import Database, Session

_ENDED = text(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE query LIKE '%pg_notify%' AND pid <> pg_backend_pid()"
)
LONGEST = 20  # seconds


@pytest.fixture
def shared(database: Database) -> Database:
    """A database that several processes may use."""
    if database.is_sqlite:
        pytest.skip("the embedded default has one process")
    return database


class Listener:
    """A process, and what it heard."""

    def __init__(self, database: Database) -> None:
        self.heard: asyncio.Queue[str] = asyncio.Queue()
        self.bell = Bell(database, self.heard.put_nowait)

    async def next(self) -> str:
        return await asyncio.wait_for(self.heard.get(), LONGEST)


@asynccontextmanager
async def _two(database: Database) -> AsyncIterator[tuple[Listener, Listener]]:
    """Two that have come to the bell: each then looks for what it missed."""
    both = Listener(database), Listener(database)
    loops = [asyncio.create_task(one.bell.run()) for one in both]
    try:
        assert [await one.next() for one in both] == [OUTBOX, OUTBOX]
        yield both
    finally:
        for loop in loops:
            loop.cancel()
            with suppress(asyncio.CancelledError):
                await loop


def _cut(session: Session) -> None:
    session.connection().execute(_ENDED)


async def test_others_hear_it_and_who_rings_does_not(shared: Database) -> None:
    async with _two(shared) as (one, other):
        one.bell.ring("webchat 7")
        assert await other.next() == "webchat 7"
        other.bell.ring("webchat 8")
        assert await one.next() == "webchat 8"


async def test_what_is_rung_twice_at_once_is_told_once(shared: Database) -> None:
    async with _two(shared) as (one, other):
        for name in ("a", "b", "a"):
            one.bell.ring(name)
        assert [await other.next(), await other.next()] == ["a", "b"]
        assert other.heard.empty()


async def test_who_was_cut_off_looks_for_what_was_missed_and_hears_again(
    shared: Database,
) -> None:
    async with _two(shared) as (one, other):
        one.bell.ring("first")  # the last statement of its connection
        assert await other.next() == "first"
        other.bell.ring("second")
        assert await one.next() == "second"
        await shared.run(_cut)
        assert [await one.next(), await other.next()] == [OUTBOX, OUTBOX]
        one.bell.ring("third")
        assert await other.next() == "third"


async def test_a_name_too_long_to_tell_is_left_to_looking(shared: Database) -> None:
    async with _two(shared) as (one, other):
        one.bell.ring("x" * 10_000)
        one.bell.ring("short")
        assert await other.next() == "short"
