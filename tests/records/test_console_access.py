"""Tries to sign in are counted before they are looked at, whichever process looks at them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from records import console_access
from records.console_access import Stop, Try
from records.database import Database, Session

NAME = "小周"


@pytest.fixture
async def two(database: Database, now: datetime) -> AsyncIterator[tuple[Database, Database]]:
    """Two processes' ways to the same store, where somebody has a password."""
    await database.run(_with_password, now)
    other = Database(database.url.render_as_string(hide_password=False))
    yield database, other
    await other.close()


def _with_password(session: Session, now: datetime) -> None:
    console_access.set_password(session, NAME, "a hash", at=now)


def _half_open(session: Session, now: datetime) -> None:
    console_access.open_session(session, "token", NAME, is_whole=False, at=now)
    console_access.keep_code(session, "token", "right", at=now)


async def _begin(database: Database, source: str, now: datetime) -> Try:
    return await database.run(console_access.begin_try, source, NAME, now)


async def test_side_by_side_in_two_processes_five_tries_are_looked_at(
    two: tuple[Database, Database], now: datetime
) -> None:
    tries = (_begin(two[n % 2], f"place {n}", now) for n in range(20))
    stops = [tried.stop for tried in await asyncio.gather(*tries)]
    assert (stops.count(None), stops.count(Stop.NAME)) == (5, 15)


async def test_from_one_place_thirty_for_whomever(
    two: tuple[Database, Database], now: datetime
) -> None:
    tries = (
        two[n % 2].run(console_access.begin_try, "a place", f"somebody {n}", now)
        for n in range(40)
    )
    stops = [tried.stop for tried in await asyncio.gather(*tries)]
    assert (stops.count(None), stops.count(Stop.PLACE)) == (30, 10)


async def test_right_ones_do_not_count(two: tuple[Database, Database], now: datetime) -> None:
    for number in range(40):
        tried = await _begin(two[number % 2], "a place", now)
        assert tried.stop is None
        await two[number % 2].run(console_access.take_back, tried, NAME)


async def test_tries_that_a_process_died_over_count_as_wrong(
    two: tuple[Database, Database], now: datetime
) -> None:
    for _ in range(5):
        await _begin(two[0], "a place", now)
    assert (await _begin(two[1], "a place", now)).stop is Stop.NAME
    later = now + timedelta(minutes=16)
    assert (await _begin(two[1], "a place", later)).stop is None


async def test_a_code_that_was_sent_is_good_once(
    two: tuple[Database, Database], now: datetime
) -> None:
    await two[0].run(_half_open, now)
    given = (_spend(one, now) for one in two)
    assert sorted(await asyncio.gather(*given)) == [False, True]


async def _spend(database: Database, now: datetime) -> bool:
    def spent(session: Session) -> bool:
        return console_access.spend_code(session, "token", "right", at=now)

    return await database.run(spent)
