"""`guiyan move`: the command as an operator gives it, killed in the middle and given again."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import asyncpg
import pytest
from sqlalchemy import text

from records import audit, audit_chain
from records.database import Database, Session
from records.vault import Vault
from tests.support import database as databases
from tests.support import every_table
from tests.support.program import clean_environment

_KEY = "a key for tests only, long enough"
_MANY = 40_000


@dataclass(frozen=True, slots=True)
class _Move:
    """The command with its two databases."""

    source: str
    target: str

    def begin(self) -> subprocess.Popen[str]:
        settings = {"GUIYAN_DATABASE_URL": self.source, "GUIYAN_SECRET_KEY": _KEY}
        return subprocess.Popen(
            [sys.executable, "-m", "bot", "move", "--to", self.target],
            env=clean_environment() | settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def done(self) -> tuple[int, str, str]:
        """Status, what is said to programs, what is said to people."""
        process = self.begin()
        told, said = process.communicate(timeout=120)
        return process.returncode, told, said

    def service(self) -> subprocess.CompletedProcess[str]:
        """`guiyan run` on the target."""
        settings = {"GUIYAN_DATABASE_URL": self.target, "GUIYAN_SECRET_KEY": _KEY}
        return subprocess.run(
            [sys.executable, "-m", "bot", "run", "--port", "0"],
            env=clean_environment() | settings,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def content(self) -> bytes:
        """The source's file."""
        return Path(self.source.removeprefix("sqlite:///")).read_bytes()

    async def copied(self) -> int:
        """How many rows the bookmarks tell of."""
        connection = await asyncpg.connect(self.target)
        try:
            return int(await connection.fetchval("SELECT sum(copied) FROM guiyan_move") or 0)
        except asyncpg.UndefinedTableError:
            return 0
        finally:
            await connection.close()

    async def change(self, statement: str) -> None:
        connection = await asyncpg.connect(self.target)
        await connection.execute(statement)
        await connection.close()


@pytest.fixture
async def move(tmp_path: Path, postgres_url: str) -> AsyncIterator[_Move]:
    """A new file, to be moved to a database without a row."""
    target = await databases.fresh(postgres_url)
    yield _Move(await databases.fresh_file(tmp_path / "guiyan.db"), target)
    await databases.drop(postgres_url, target)


async def _fill(url: str, now: datetime, rows: int = 100) -> None:
    database = Database(url)
    names = [f"n{number}" for number in range(rows)]
    await database.run(
        lambda s: audit.write_all(s, "person.listed", names, at=now, actor="staff:a")
    )
    await audit_chain.seal(database, Vault(_KEY), now)
    await database.close()


async def _everything(url: str) -> None:
    database = Database(url)
    await database.run(every_table.fill)
    await database.run(_without_keys)
    await database.close()


def _without_keys(session: Session) -> None:
    """Made-up ones open nothing: the command would end before it compares."""
    session.execute(text("DELETE FROM wrapped_keys"))


async def test_counts_and_hashes_are_told_by_table(move: _Move, now: datetime) -> None:
    await _fill(move.source, now)
    status, told, said = move.done()
    assert status == 0, said
    assert re.search(r"^audit\t100\t[0-9a-f]{64}\tequal$", told, re.MULTILINE)
    assert len(told.splitlines()) == len(every_table.TABLES)
    assert "the trail is whole: 100 rows in 1 blocks" in said
    assert "with the same key" in said


async def test_one_that_was_killed_goes_on_where_it_was(move: _Move, now: datetime) -> None:
    await _fill(move.source, now, _MANY)
    before = move.content()
    copied = await _kill_in_the_middle(move)
    status, told, said = move.done()
    assert status == 0, said
    assert f"going on: {copied:,} rows are there already" in said
    assert f"audit\t{_MANY}\t" in told
    assert move.content() == before


async def test_no_service_starts_on_half_a_move(move: _Move, now: datetime) -> None:
    await _fill(move.source, now, _MANY)
    await _kill_in_the_middle(move)
    refused = move.service()
    assert (refused.returncode, "only half moved" in refused.stderr) == (1, True)
    status, _, said = move.done()
    assert status == 0, said  # nothing was written there, so that it goes on


async def _kill_in_the_middle(move: _Move) -> int:
    """kill -9 once a part is there; how many rows are."""
    process, end = move.begin(), time.monotonic() + 60
    while not await move.copied() and time.monotonic() < end:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    copied = await move.copied()
    assert 0 < copied < _MANY
    return copied


async def test_a_difference_fails_and_names_the_table(move: _Move, now: datetime) -> None:
    await _everything(move.source)
    assert move.done()[0] == 1  # the trail that was made up is not whole: the bookmarks stay
    await move.change("UPDATE wish SET name = 'x' WHERE name LIKE '0%'")
    status, told, said = move.done()
    assert (status, "NOT EQUAL: wish\n" in said) == (1, True)
    assert [line[:7] for line in told.splitlines() if "NOT EQUAL" in line] == ["wish\t2\t"]


async def test_a_target_with_rows_is_refused(move: _Move, now: datetime) -> None:
    await _fill(move.source, now)
    assert move.done()[0] == 0
    status, told, said = move.done()
    assert (status, told) == (2, "")
    assert "the target is not empty: there are rows in audit" in said


async def test_a_service_that_runs_is_not_moved(move: _Move) -> None:
    service = Database(move.source)
    service.reserve()
    status, _told, said = move.done()
    await service.close()
    assert status == 1
    assert "serves this database: stop it first" in said


def test_a_file_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    missing = _Move(f"sqlite:///{tmp_path}/none.db", "postgresql://nobody@localhost/none")
    status, _told, said = missing.done()
    assert status == 2
    assert "check GUIYAN_DATABASE_URL" in said
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("address", ["mysql://x/y", "nonsense", "postgresql://x:port/y"])
def test_a_wrong_address_is_refused(tmp_path: Path, address: str) -> None:
    (tmp_path / "guiyan.db").touch()
    status, _told, said = _Move(f"sqlite:///{tmp_path}/guiyan.db", address).done()
    assert (status, said) == (2, "--to takes postgresql://NAME@HOST/DATABASE\n")
