"""A large list whose process is killed in the middle is brought in whole, each row once."""

from __future__ import annotations

import asyncio
import csv
import io
import sys
import textwrap
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from console.imports.doing import IMPORT
from console.means import Means
from console.work_kinds import WORK
from records import background, kept_files, staff_accounts
from records.background import LEASE, NewWork, WorkState
from records.database import Database, Session
from records.imports import ImportRun
from records.kept_files import PIECE, NewFile, Purpose
from records.people import Person
from records.staff_accounts import StaffRole
from records.vault import Vault
from tests.support import database as databases
from tests.support.console import shipped
from tests.support.working import found, means, work

ROWS = 12_000
COUNTY = "430381"
_RUNS = ImportRun.__table__  # type: ignore[attr-defined]
_WORKER = textwrap.dedent(
    """
    import asyncio, sys
    from dataclasses import replace
    from datetime import datetime
    from console.work import Worker
    from console.work_kinds import WORK
    from records.database import Database
    from records.vault import Vault
    from tests.support.console import shipped
    from tests.support.working import means

    async def main():
        async def answerer():
            return shipped()
        now = datetime.fromisoformat(sys.argv[2])
        known = means(Database(sys.argv[1]), Vault("a key for tests only"), [now])
        await Worker(replace(known, answerer=answerer), WORK).run()

    asyncio.run(main())
    """
)


def _list() -> bytes:
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(["姓名", "手机", "县"])
    # Every hundredth has no phone that could be one: it is refused, before and after the kill.
    for number in range(ROWS):
        phone = "12" if number % 100 == 0 else f"139{number:08d}"
        rows.writerow([f"王某{'一二三四五六七八九十'[number % 10]}", phone, "湘乡市"])
    return text.getvalue().encode()


def _ask(session: Session, vault: Vault, now: datetime) -> int:
    staff_accounts.add(
        session, "小周", role=StaffRole.STAFF, area=COUNTY, at=now, actor="staff:terminal"
    )
    data, until = _list(), now.replace(year=now.year + 1)
    new = NewFile(Purpose.HANDED_IN, "小周", "名单.csv", until)
    file = kept_files.begin(session, vault, new, now)
    for start in range(0, len(data), PIECE):
        kept_files.add(session, vault, file, start // PIECE, data[start : start + PIECE])
    kept_files.complete(session, file, size=len(data))
    asked = {"file": file, "name": "名单.csv", "kind": "people", "basis": "试〔2026〕1号"}
    asked |= {"columns": {}, "rows": ROWS}
    return background.add(session, vault, NewWork(IMPORT, "小周", asked, COUNTY), now)


@pytest.fixture
async def halfway(
    vault: Vault, now: datetime, tmp_path: Path
) -> AsyncIterator[tuple[Database, int]]:
    """A database in which an import was killed after some thousands of rows."""
    url = await databases.fresh_file(tmp_path / "killed.db")
    database = Database(url)
    number = await database.run(_ask, vault, now)
    command = (sys.executable, "-c", _WORKER, url, now.isoformat())
    process = await asyncio.create_subprocess_exec(*command)
    while await database.read(_done) < 2_000:
        assert process.returncode is None
        await asyncio.sleep(0.02)
    process.kill()
    await process.wait()
    yield database, number
    await database.close()


def _done(session: Session) -> int:
    return int(session.execute(select(func.max(_RUNS.c.rows_done))).scalar() or 0)


def _people(session: Session) -> int:
    return int(session.execute(select(func.count()).select_from(Person)).scalar_one())


def _later(database: Database, vault: Vault, now: datetime) -> Means:
    async def answerer() -> object:
        return shipped()

    return replace(means(database, vault, [now + LEASE]), answerer=answerer)  # type: ignore[arg-type]


async def test_it_goes_on_where_it_was_and_counts_each_row_once(
    halfway: tuple[Database, int], vault: Vault, now: datetime
) -> None:
    database, number = halfway
    before = await database.read(_people)
    assert 0 < before < ROWS
    await work(_later(database, vault, now), WORK)
    row = await found(database, number)
    assert row.state == WorkState.DONE
    assert row.outcome["counts"]["new"] == await database.read(_people) == ROWS * 99 // 100
    assert row.outcome["counts"]["refused"] == ROWS // 100
