"""Leases: one owner at a time, kept by renewing, free again when nobody does."""

from __future__ import annotations

from datetime import datetime, timedelta

from records import leases
from records.database import Database
from records.leases import NEVER, Held

LASTS = timedelta(seconds=4)


async def test_one_owner_at_a_time(database: Database, now: datetime) -> None:
    first = await database.run(leases.hold, ["a", "b"], "one", LASTS, now)
    second = await database.run(leases.hold, ["a", "b", "c"], "two", LASTS, now)
    assert sorted(one.name for one in first) == ["a", "b"]
    assert [one.name for one in second] == ["c"]


async def test_only_what_is_new_is_told_as_new(database: Database, now: datetime) -> None:
    assert await database.run(leases.hold, ["a"], "one", LASTS, now) == [Held("a", NEVER)]
    assert await database.run(leases.hold, ["a"], "one", LASTS, now) == [Held("a", None)]


async def test_what_nobody_renews_is_free_again(database: Database, now: datetime) -> None:
    await database.run(leases.hold, ["a"], "one", -LASTS, now)
    [taken] = await database.run(leases.hold, ["a"], "two", LASTS, now)
    assert taken.rested is not None
    assert LASTS <= taken.rested < LASTS + timedelta(minutes=1)


async def test_what_was_let_go_is_free_at_once(database: Database, now: datetime) -> None:
    await database.run(leases.hold, ["a", "b"], "one", LASTS, now)
    await database.run(leases.let_go, "one", now)
    taken = await database.run(leases.hold, ["a", "b"], "two", LASTS, now)
    assert len(taken) == 2
    assert all(one.rested is not None and one.rested < LASTS for one in taken)


async def test_nobody_lets_go_of_what_is_another_s(database: Database, now: datetime) -> None:
    await database.run(leases.hold, ["a"], "one", LASTS, now)
    await database.run(leases.let_go, "two", now)
    assert await database.run(leases.hold, ["a"], "two", LASTS, now) == []


async def test_a_lost_lease_is_new_when_it_comes_back(database: Database, now: datetime) -> None:
    await database.run(leases.hold, ["a"], "one", -LASTS, now)
    [again] = await database.run(leases.hold, ["a"], "one", LASTS, now)
    assert again.rested is not None
