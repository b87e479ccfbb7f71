"""PostgreSQL back to a moment, by the very lines of docs/howto/back-up.md."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from records import outbox, schema
from records.database import Database
from tests.support.builders import an_outgoing
from tests.support.postgres import NOBODY, binaries, reachable

PAGE = Path(__file__).parent.parent.parent / "docs" / "howto" / "back-up.md"
_SECTION = re.compile(r"^### Back to a moment\n(.*?)^## ", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Machine:
    """The server's machine: its folder, and the lines of the page run as its user."""

    home: Path
    environment: dict[str, str]

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self.home}"

    def run(self, lines: str, **given: str) -> None:
        """AssertionError with what was said where a line failed."""
        as_them = {"user": NOBODY, "group": NOBODY} if os.geteuid() == 0 else {}
        said = self.home / "said"
        with said.open("ab") as told:  # no pipe: a server that was started would hold it open
            done = subprocess.run(
                ["bash", "-euc", lines], env=self.environment | given, stdout=told, stderr=told,
                cwd=self.home, timeout=120, check=False, **as_them,  # type: ignore[call-overload]
            )  # fmt: skip
        assert done.returncode == 0, said.read_text(encoding="utf-8")


@pytest.fixture
def machine() -> Iterator[Machine]:
    home = Path(tempfile.mkdtemp(prefix="guiyan-pitr-"))
    os.chmod(home, 0o755)
    found = reachable(binaries(), home)
    if os.geteuid() == 0:
        os.chown(home, NOBODY, NOBODY)
    there = {"PGDATA": f"{home}/data", "PGHOST": str(home), "PGUSER": "postgres"}
    path = f"{found}{os.pathsep}{os.environ['PATH']}"
    one = Machine(home, {"PATH": path, "LC_ALL": "C", **there, "KEPT": f"{home}/kept"})
    one.run("initdb -U postgres -A trust -E UTF8 --locale=C --lc-ctype=C.UTF-8 --no-sync")
    one.run("echo \"unix_socket_directories = '$PGHOST'\" >> $PGDATA/postgresql.conf")
    one.run("echo \"listen_addresses = ''\" >> $PGDATA/postgresql.conf; pg_ctl start -w")
    yield one
    one.run("pg_ctl stop -m immediate || true")
    shutil.rmtree(home)


async def _queued(machine: Machine, chat: str = "") -> int:
    """How many messages wait, one more if a chat is named."""
    database = Database(machine.url)
    try:
        if chat:
            await schema.migrate(database)
            await database.run(outbox.enqueue, [an_outgoing(datetime.now(UTC), chat=chat)])
        return (await database.read(outbox.counts)).get("queued", 0)
    finally:
        await database.close()


async def test_what_was_written_until_then_is_there_and_no_more(machine: Machine) -> None:
    section = _SECTION.search(PAGE.read_text(encoding="utf-8"))
    assert section is not None
    once, daily, back = re.findall(r"```sh\n(.*?)```", section[1], re.DOTALL)
    await asyncio.to_thread(machine.run, once)
    await _queued(machine, "before the copy")
    await asyncio.to_thread(machine.run, daily)
    await _queued(machine, "after the copy")
    moment = datetime.now(UTC)
    await asyncio.sleep(1.0)
    assert await _queued(machine, "after the moment") == 3
    [base] = machine.home.glob("kept/base-*")
    await asyncio.to_thread(machine.run, back, MOMENT=f"{moment:%F %T.%f}+00", BASE=str(base))
    assert await _queued(machine) == 2
    assert await _queued(machine, "from then on") == 3
