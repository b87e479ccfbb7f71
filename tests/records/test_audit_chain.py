"""The trail is sealed in blocks, and whatever is done to it afterwards is found."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from records import audit, audit_chain, audit_check
from records.audit_check import Fault, FaultKind, Findings
from records.database import Database, Session
from records.vault import Vault

MINUTE = timedelta(minutes=1)
OLD = audit_chain.KEPT + timedelta(days=1)


async def _written(database: Database, count: int, at: datetime) -> None:
    subjects = [f"person-{number}" for number in range(count)]
    await database.run(
        lambda s: audit.write_all(s, "person.read", subjects, at=at, actor="staff:小王")
    )


async def _sealed(database: Database, vault: Vault, now: datetime, count: int = 6) -> None:
    """Two blocks of rows."""
    for round_ in range(2):
        await _written(database, count // 2, now + round_ * MINUTE)
        assert await audit_chain.seal(database, vault, now + round_ * MINUTE) == count // 2


async def _done(database: Database, statement: str) -> None:
    await database.run(lambda session: session.connection().execute(text(statement)))


async def _found(database: Database, vault: Vault, now: datetime) -> Findings:
    return await audit_check.check(database, vault, now)


async def test_what_nobody_touched_is_whole(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _sealed(database, vault, now)
    await _written(database, 2, now)
    found = await _found(database, vault, now)
    assert (found.is_whole, found.rows, found.unsealed, found.blocks) == (True, 6, 2, 2)


async def test_nothing_new_makes_no_block(database: Database, vault: Vault, now: datetime) -> None:
    await _sealed(database, vault, now)
    assert await audit_chain.seal(database, vault, now) == 0
    assert (await database.read(audit_chain.head)).number == 2


async def test_very_many_rows_take_several_blocks(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _written(database, 6001, now)
    assert await audit_chain.seal(database, vault, now) == 6001
    found = await _found(database, vault, now)
    assert (found.is_whole, found.rows, found.blocks) == (True, 6001, 7)


TAMPERED = {
    "UPDATE audit SET actor='staff:别人' WHERE id=2": Fault(FaultKind.ROW_CHANGED, 2),
    "UPDATE audit SET reason='call' WHERE id=5": Fault(FaultKind.ROW_CHANGED, 5),
    "UPDATE audit SET at='2026-11-21 08:59:59+00:00' WHERE id=1": Fault(FaultKind.ROW_CHANGED, 1),
    "DELETE FROM audit WHERE id=1": Fault(FaultKind.ROW_REMOVED, 1),
    "DELETE FROM audit WHERE id=6": Fault(FaultKind.ROW_REMOVED, 6),
    "DELETE FROM audit WHERE id<=3": Fault(FaultKind.ROW_REMOVED, 1),
    "INSERT INTO audit (id, at, actor, act, subject, receipt) "
    "VALUES (-4, '2026-11-21 08:59:59+00:00', 'x', 'y', '', '')": Fault(FaultKind.ROW_ADDED, -4),
    "UPDATE audit_block SET sealed_at='2020-01-01 00:00:00+00:00' WHERE number=1": Fault(
        FaultKind.BLOCK_CHANGED, 1
    ),
    "UPDATE audit_block SET previous='' WHERE number=2": Fault(FaultKind.BLOCK_CHANGED, 2),
    "DELETE FROM audit_block WHERE number=1": Fault(FaultKind.BLOCKS_REMOVED, 2),
    "UPDATE audit_block SET last_id=2 WHERE number=1": Fault(FaultKind.BLOCK_CHANGED, 1),
}


@pytest.mark.parametrize("statement", TAMPERED)
async def test_what_was_done_to_it_is_found(
    database: Database, vault: Vault, now: datetime, statement: str
) -> None:
    await _sealed(database, vault, now)
    await _done(database, statement)
    found = await _found(database, vault, now)
    assert TAMPERED[statement] in found.faults


async def test_a_row_put_where_one_was_taken_out_is_found(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _sealed(database, vault, now)
    await _done(database, "UPDATE audit SET id=7 WHERE id=3")
    assert Fault(FaultKind.ROW_REMOVED, 3) in (await _found(database, vault, now)).faults


async def test_an_end_cut_off_is_told_by_a_head_that_was_noted(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _sealed(database, vault, now)
    noted = (await database.read(audit_chain.head)).words
    await _done(database, "DELETE FROM audit_block WHERE number=2")
    await _done(database, "DELETE FROM audit WHERE id>3")
    assert (await _found(database, vault, now)).is_whole  # alone, it cannot know
    found = await audit_check.check(database, vault, now, noted=[noted])
    assert found.faults == [Fault(FaultKind.CUT, 2)]


async def test_an_end_made_anew_is_told_by_a_head_that_was_noted(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _sealed(database, vault, now)
    noted = (await database.read(audit_chain.head)).words
    await _done(database, "DELETE FROM audit_block WHERE number=2")
    await _done(database, "UPDATE audit SET actor='staff:别人' WHERE id=5")
    await audit_chain.seal(database, vault, now)
    found = await audit_check.check(database, vault, now, noted=[noted])
    assert found.faults == [Fault(FaultKind.BLOCK_CHANGED, 2)]


async def test_who_has_another_key_makes_no_block(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _sealed(database, vault, now)
    await _written(database, 1, now)
    await audit_chain.seal(database, Vault("somebody else's key"), now)
    found = await _found(database, vault, now)
    assert Fault(FaultKind.BLOCK_CHANGED, 3) in found.faults


async def test_pruned_it_is_still_whole(database: Database, vault: Vault, now: datetime) -> None:
    await _sealed(database, vault, now)
    await _written(database, 2, now + OLD)
    await audit_chain.seal(database, vault, now + OLD)
    assert await database.run(audit_chain.prune, now + OLD) == 6
    found = await _found(database, vault, now + OLD)
    assert (found.is_whole, found.rows, found.blocks) == (True, 2, 2)


async def test_nothing_is_pruned_before_its_time(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _sealed(database, vault, now)
    assert await database.run(audit_chain.prune, now + timedelta(days=200)) == 0


async def test_several_who_seal_at_once_make_one_chain(
    database: Database, database_url: str, vault: Vault, now: datetime
) -> None:
    other = Database(database_url)
    await _written(database, 2500, now)
    sealed = await asyncio.gather(
        *(audit_chain.seal(one, vault, now) for one in (database, other, database))
    )
    await other.close()
    found = await _found(database, vault, now)
    assert (sum(sealed), found.is_whole, found.rows) == (2500, True, 2500)


async def test_ids_that_are_committed_out_of_order_are_all_sealed(
    postgres_url: str, database_url: str, kind: str, vault: Vault, now: datetime
) -> None:
    if kind == "sqlite":
        pytest.skip("has one writer")
    writers = [Database(database_url) for _ in range(3)]
    stop = asyncio.Event()
    work = [asyncio.create_task(_keep_writing(one, now, stop)) for one in writers]
    for _ in range(15):
        await audit_chain.seal(writers[0], vault, now)
    stop.set()
    written = sum(await asyncio.gather(*work))
    await audit_chain.seal(writers[0], vault, now)
    found = await _found(writers[0], vault, now)
    assert (found.is_whole, found.rows, found.unsealed) == (True, written, 0)
    for one in writers:
        await one.close()


async def _keep_writing(database: Database, now: datetime, stop: asyncio.Event) -> int:
    written = 0
    while not stop.is_set():
        await asyncio.gather(*(database.run(_slowly, now) for _ in range(4)))
        written += 4
    return written


def _slowly(session: Session, now: datetime) -> None:
    audit.write(session, "person.read", at=now)
    session.connection().execute(text("SELECT pg_sleep(0.003)"))


async def test_an_id_not_committed_yet_holds_the_seal_back(
    database: Database, kind: str, database_url: str, vault: Vault, now: datetime
) -> None:
    if kind == "sqlite":
        pytest.skip("has one writer")
    other = Database(database_url)
    late = asyncio.create_task(other.run(_very_slowly, now))
    await asyncio.sleep(0.2)
    await _written(database, 1, now)
    assert await audit_chain.seal(database, vault, now) == 2  # waits for the earlier id
    await late
    await other.close()
    assert (await _found(database, vault, now)).is_whole


def _very_slowly(session: Session, now: datetime) -> None:
    audit.write(session, "person.read", at=now)
    session.connection().execute(text("SELECT pg_sleep(1)"))


LOOKED_FOR: dict[str, tuple[audit.Wanted, int]] = {
    "everything": (audit.Wanted(), 6),
    "of one": (audit.Wanted(subject="person-1"), 2),
    "by somebody": (audit.Wanted(actor="staff:小王"), 6),
    "by nobody": (audit.Wanted(actor="staff:小李"), 0),
    "an act": (audit.Wanted(act="person.read"), 6),
    "a family of acts": (audit.Wanted(act="person."), 6),
    "another family": (audit.Wanted(act="perso."), 0),
    "before a row": (audit.Wanted(before=3), 2),
}


@pytest.mark.parametrize("case", LOOKED_FOR)
async def test_acts_are_looked_for(
    database: Database, vault: Vault, now: datetime, case: str
) -> None:
    await _sealed(database, vault, now)
    wanted, count = LOOKED_FOR[case]
    rows = await database.read(lambda s: audit.found(s, wanted, limit=9))
    assert len(rows) == count


async def test_acts_since_a_moment(database: Database, vault: Vault, now: datetime) -> None:
    await _sealed(database, vault, now)
    wanted = audit.Wanted(since=now + MINUTE)
    assert len(await database.read(lambda s: audit.found(s, wanted, limit=9))) == 3


async def test_words_beside_a_reason_are_sealed(
    database: Database, vault: Vault, now: datetime
) -> None:
    sealed = vault.seal("回访要用")
    await database.run(_revealed, sealed, now)
    [row] = await database.read(audit.of, "p")
    assert (row.reason, vault.open(row.sealed or b"")) == ("call", "回访要用")


def _revealed(session: Session, sealed: bytes, now: datetime) -> None:
    audit.write(session, "person.revealed", at=now, subject="p", reason="call", sealed=sealed)


async def test_a_page_goes_on_where_the_one_before_ended(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _sealed(database, vault, now, count=10)
    seen: list[int | None] = []
    before, pages = None, 0
    while pages == 0 or before is not None:
        wanted = audit.Wanted(before=before)
        rows, before = await database.read(lambda s, w=wanted: audit.searched(s, w, limit=4))
        seen, pages = [*seen, *(row.id for row in rows)], pages + 1
    assert (seen, pages) == ([*range(10, 0, -1)], 3)


async def test_what_there_is_not_ends_at_once(
    database: Database, vault: Vault, now: datetime
) -> None:
    await _sealed(database, vault, now)
    wanted = audit.Wanted(act="export.")
    assert await database.read(lambda s: audit.searched(s, wanted, limit=4)) == ([], None)
