"""One process refreshes a token at a time; a lease that ran out is another's to take."""

from __future__ import annotations

from datetime import datetime, timedelta

from records import access_tokens
from records.access_tokens import Lease
from records.database import Database

SOON = timedelta(seconds=15)


async def _take(
    database: Database, now: datetime, holder: str = "one", known: bytes = b""
) -> Lease | None:
    lease = Lease("key", holder, now + SOON)
    return lease if await database.run(access_tokens.hold, lease, known, now) else None


async def test_one_holds_and_the_other_does_not(database: Database, now: datetime) -> None:
    assert await _take(database, now, "one") is not None
    assert await _take(database, now, "two") is None
    assert await _take(database, now, "one") is None  # not even the same name twice


async def test_what_was_kept_is_found_and_free(database: Database, now: datetime) -> None:
    lease = await _take(database, now)
    assert await database.run(access_tokens.keep, lease, b"sealed", now + SOON)
    assert await database.read(access_tokens.find, "key") == b"sealed"
    assert await _take(database, now, known=b"sealed") is not None


async def test_who_knows_an_older_token_may_not_refresh(database: Database, now: datetime) -> None:
    lease = await _take(database, now)
    await database.run(access_tokens.keep, lease, b"newer", now + SOON)
    assert await _take(database, now, known=b"") is None


async def test_a_dead_holder_s_lease_runs_out(database: Database, now: datetime) -> None:
    dead = await _take(database, now, "one")
    assert await _take(database, now + SOON, "two") is not None
    assert not await database.run(access_tokens.keep, dead, b"late", now + SOON)
    assert await database.read(access_tokens.find, "key") == b""


async def test_who_lets_go_lets_others(database: Database, now: datetime) -> None:
    await database.run(access_tokens.let_go, await _take(database, now))
    assert await _take(database, now, "two") is not None
