"""One worker at a time at a conversation; nobody waits for who is gone or stands still."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from records import at_work
from records.at_work import Turns
from records.database import Database, Session

KEYS = ["telegram:1", "telegram:2"]


@pytest.fixture
async def two(database: Database) -> AsyncIterator[tuple[Turns, Turns]]:
    """Two workers on one database."""
    if database.is_sqlite:
        pytest.skip("the embedded default has one process")
    pair = Turns(database), Turns(database)
    yield pair
    for one in pair:
        await one.close()


async def test_what_one_is_at_is_not_another_s(two: tuple[Turns, Turns]) -> None:
    one, other = two
    assert await one.take(KEYS[:1]) == {KEYS[0]}
    assert await other.take(KEYS) == {KEYS[1]}


async def test_what_is_over_is_another_s(two: tuple[Turns, Turns]) -> None:
    one, other = two
    await one.take(KEYS)
    one.end(KEYS[:1])
    assert await _soon(other) == {KEYS[0]}


async def test_what_is_taken_again_before_it_was_let_go_ends_with_one_end(
    two: tuple[Turns, Turns],
) -> None:
    one, other = two
    await one.take(KEYS)
    one.end(KEYS)
    assert await one.take(KEYS) == {*KEYS}
    assert await other.take(KEYS) == set()
    one.end(KEYS)
    assert await _soon(other) == {*KEYS}


async def test_what_is_ended_that_was_never_ours_stays_another_s(two: tuple[Turns, Turns]) -> None:
    one, other = two
    await one.take(KEYS)
    other.end(KEYS)
    assert await other.take(KEYS) == set()


async def test_who_does_nothing_for_long_has_left_it(
    two: tuple[Turns, Turns], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = two
    await one.take(KEYS[:1])
    assert await other.abandoned(KEYS) == {KEYS[1]}
    monkeypatch.setattr(at_work, "_ABANDONED", at_work._ABANDONED.replace("'3 sec", "'0 sec"))
    assert await other.abandoned(KEYS) == {*KEYS}


async def test_who_is_cut_off_goes_on_without_and_then_with_locks(
    database: Database, two: tuple[Turns, Turns]
) -> None:
    one, other = two
    await one.take(KEYS)
    await database.run(_cut_off)
    assert await one.take(KEYS) == {*KEYS}  # cannot be asked: the version decides
    assert await one.take(KEYS) == {*KEYS}
    assert await other.take(KEYS) == set()


async def _soon(turns: Turns) -> set[str]:
    """What becomes free for it: an end is not waited for."""
    async with asyncio.timeout(10):
        while not (taken := await turns.take(KEYS)):  # noqa: ASYNC110 (locks of a server)
            await asyncio.sleep(0.05)
    return taken


def _cut_off(session: Session) -> None:
    here = "SELECT oid FROM pg_database WHERE datname = current_database()"
    locks = f"SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND database = ({here})"
    session.execute(text(f"SELECT pg_terminate_backend(pid) FROM ({locks}) AS held"))
