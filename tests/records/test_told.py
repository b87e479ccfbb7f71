"""Who was told what: one row each, the newest moment; erased with them, gone after a year."""

from __future__ import annotations

from datetime import datetime, timedelta

from records import told
from records.database import Database
from records.told import Span, Told

DAY = timedelta(days=1)


async def _all(
    database: Database, now: datetime, *, limit: int = 9, after: str = ""
) -> list[Told]:
    within = Span(now - 400 * DAY, now + DAY)
    return await database.read(
        lambda s: told.of_entries(s, ["a", "b"], within=within, after=after, limit=limit)
    )


async def test_told_twice_is_one_row_with_the_newest_moment(
    database: Database, now: datetime
) -> None:
    await database.run(told.note, [Told("fake:1", "a", now - DAY), Told("fake:1", "b", now)])
    await database.run(told.note, [Told("fake:1", "a", now), Told("fake:1", "a", now)])
    assert await _all(database, now) == [Told("fake:1", "a", now), Told("fake:1", "b", now)]


async def test_whole_conversations_are_read_however_few_at_a_time(
    database: Database, now: datetime
) -> None:
    rows = [Told(f"fake:{n}", entry, now) for n in (1, 2, 3) for entry in "ab"]
    await database.run(told.note, rows)
    assert await _all(database, now, limit=2) == rows[:4]
    assert await _all(database, now, limit=2, after="fake:2") == rows[4:]


async def test_erasing_leaves_nothing_of_one_and_all_of_others(
    database: Database, now: datetime
) -> None:
    await database.run(told.note, [Told("fake:1", "a", now), Told("fake:2", "a", now)])
    await database.run(told.erase, "fake:1")
    assert await _all(database, now) == [Told("fake:2", "a", now)]


async def test_after_a_year_it_is_forgotten(database: Database, now: datetime) -> None:
    rows = [Told("fake:1", "a", now - 365 * DAY), Told("fake:2", "a", now - 364 * DAY)]
    await database.run(told.note, rows)
    assert await database.run(told.prune, now) == 1
    assert await _all(database, now) == rows[1:]


async def test_when_each_was_last_told_is_known(database: Database, now: datetime) -> None:
    await database.run(told.note, [Told("fake:1", "a", now)])
    assert await database.read(told.last, ["fake:1", "fake:2"]) == {("fake:1", "a"): now}
