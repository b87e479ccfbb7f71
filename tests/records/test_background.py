"""Work in the background is done once, by one, and taken up again when its process died."""

from __future__ import annotations

from datetime import datetime, timedelta

from records import background
from records.background import LEASE, MOST_TRIES, NewWork, WorkState
from records.database import Database, Session
from records.vault import Vault


async def _asked(database: Database, vault: Vault, now: datetime, by: str = "小周") -> int:
    new = NewWork("count", by, {"to": "三"}, rows=7)
    return await database.run(background.add, vault, new, now)


async def _state(database: Database, number: int) -> str:
    row = await database.read(background.find, number)
    assert row is not None
    return row.state


async def test_what_is_asked_is_sealed(database: Database, vault: Vault, now: datetime) -> None:
    number = await _asked(database, vault, now)
    row = await database.read(background.find, number)
    assert row is not None
    assert "三".encode() not in row.sealed
    assert background.asked(vault, row) == {"to": "三"}


async def test_work_is_claimed_once(database: Database, vault: Vault, now: datetime) -> None:
    number = await _asked(database, vault, now)
    assert await database.run(background.claim, number, "one", now) is not None
    assert await database.run(background.claim, number, "two", now) is None
    assert await database.read(background.due, now, 5) == []


async def test_another_takes_up_what_a_dead_process_had(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await _asked(database, vault, now)
    await database.run(background.claim, number, "one", now)
    later = now + LEASE
    assert await database.read(background.due, later, 5) == [number]
    assert await database.run(background.claim, number, "two", later) is not None
    assert not await database.run(background.renew, number, "one", later)


async def test_work_that_kills_every_process_is_given_up(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await _asked(database, vault, now)
    for turn in range(MOST_TRIES + 1):
        claimed = await database.run(background.claim, number, f"p{turn}", now + turn * LEASE)
        assert (claimed is None) == (turn == MOST_TRIES)
    assert await _state(database, number) == WorkState.FAILED


async def test_who_gets_further_has_all_tries_again(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await _asked(database, vault, now)
    for turn in range(MOST_TRIES + 3):
        at = now + turn * LEASE
        assert await database.run(background.claim, number, f"p{turn}", at) is not None
        await database.run(_tell, number, f"p{turn}", turn + 1, at)


def _tell(session: Session, number: int, owner: str, done: int, at: datetime) -> None:
    assert background.tell(session, number, owner, done=done, total=99, now=at)


async def test_progress_never_goes_back(database: Database, vault: Vault, now: datetime) -> None:
    number = await _asked(database, vault, now)
    await database.run(background.claim, number, "one", now)
    for done in (5, 2):
        await database.run(_tell, number, "one", done, now)
    row = await database.read(background.find, number)
    assert row is not None
    assert row.done == 5


async def test_only_who_asked_cancels_and_only_once(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await _asked(database, vault, now)
    assert not await database.run(_cancel, number, "别人", now)
    assert await database.run(_cancel, number, "小周", now)
    assert not await database.run(_cancel, number, "小周", now)


def _cancel(session: Session, number: int, by: str, at: datetime) -> bool:
    return background.cancel(session, number, by, at=at)


async def test_what_somebody_asked_for_is_paged_by_number(
    database: Database, vault: Vault, now: datetime
) -> None:
    numbers = [await _asked(database, vault, now) for _ in range(3)]
    await _asked(database, vault, now, by="别人")
    first = await database.read(_of, None)
    assert first == [numbers[2], numbers[1]]
    assert await database.read(_of, first[-1]) == [numbers[0]]


def _of(session: Session, before: int | None) -> list[int]:
    found = background.of(session, "小周", ["count"], before=before, most=2)
    return [row.number for row in found]


async def test_rows_without_a_permit_add_up_within_a_day(
    database: Database, vault: Vault, now: datetime
) -> None:
    for _ in range(2):
        await _asked(database, vault, now)
    held = NewWork("count", "小周", rows=500, permit=3, is_held=True)
    await database.run(background.add, vault, held, now)
    alone = background.rows_alone
    assert await database.read(alone, "小周", "count", now - timedelta(days=1)) == 14
    assert await database.read(alone, "小周", "count", now + timedelta(days=1)) == 0
