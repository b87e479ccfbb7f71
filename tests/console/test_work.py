"""Long work: done in steps, told once a second, put down and taken up, killed and gone on with."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from console.keeping import Writer, content
from console.work import Task, Worker, WorkLost, WorkRefusal
from records import background, kept_files
from records.background import LEASE, MOST_TRIES, NewWork, WorkState
from records.database import Database, Session
from records.kept_files import PIECE, Purpose
from records.vault import Vault
from tests.support import database as databases
from tests.support.working import found, means, work


async def _asked(database: Database, vault: Vault, now: datetime, kind: str = "do") -> int:
    return await database.run(background.add, vault, NewWork(kind, "小周", {"to": 3}), now)


async def _count(task: Task) -> Mapping[str, Any]:
    for done in range(task.asked["to"]):
        await task.tell(done + 1, task.asked["to"])
    return {"counted": task.asked["to"]}


async def test_work_is_done_and_says_what_came_of_it(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await _asked(database, vault, now)
    await work(means(database, vault, [now]), {"do": _count})
    row = await found(database, number)
    assert (row.state, row.done, row.total) == (WorkState.DONE, 3, 3)
    assert row.outcome == {"counted": 3}


async def test_what_cannot_be_done_says_why(
    database: Database, vault: Vault, now: datetime
) -> None:
    async def refuse(task: Task) -> Mapping[str, Any]:
        raise WorkRefusal("表里没有人。")

    number = await _asked(database, vault, now)
    await work(means(database, vault, [now]), {"do": refuse})
    row = await found(database, number)
    assert (row.state, row.said) == (WorkState.FAILED, "表里没有人。")


async def test_a_fault_is_tried_again_and_told_at_last(
    database: Database, vault: Vault, now: datetime
) -> None:
    async def break_(task: Task) -> Mapping[str, Any]:
        raise KeyError

    number = await _asked(database, vault, now)
    for _ in range(MOST_TRIES):
        await work(means(database, vault, [now]), {"do": break_})
    row = await found(database, number)
    assert row.state == WorkState.FAILED
    assert f"第 {number} 号" in row.said


async def test_an_unknown_kind_says_so(database: Database, vault: Vault, now: datetime) -> None:
    number = await _asked(database, vault, now, kind="new")
    await work(means(database, vault, [now]), {})
    assert (await found(database, number)).state == WorkState.FAILED


async def test_progress_is_written_once_a_second(
    database: Database, vault: Vault, now: datetime
) -> None:
    number, clock, seen = await _asked(database, vault, now), [now], []

    async def count(task: Task) -> Mapping[str, Any]:
        for done in range(1, 40):
            clock[0] = now + timedelta(seconds=done / 10)
            await task.tell(done, 40)
            seen.append((await found(database, number)).done)
        return {}

    await work(means(database, vault, clock), {"do": count})
    assert sorted(set(seen)) == [1, 11, 21, 31]


async def test_cancelled_work_stops_and_keeps_nothing_more(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await _asked(database, vault, now)

    async def go_on(task: Task) -> Mapping[str, Any]:
        await database.run(_cancel, number, now)
        with pytest.raises(WorkLost):
            await task.write(_note, number)
        raise WorkLost

    await work(means(database, vault, [now]), {"do": go_on})
    row = await found(database, number)
    assert (row.state, row.said) == (WorkState.CANCELLED, "")


def _cancel(session: Session, number: int, at: datetime) -> None:
    assert background.cancel(session, number, "小周", at=at)


def _note(session: Session, number: int) -> None:
    row = background.find(session, number)
    assert row is not None
    row.said = "kept"


async def test_a_stop_puts_work_down_and_the_next_start_goes_on(
    database: Database, vault: Vault, now: datetime
) -> None:
    number, begun = await _asked(database, vault, now), asyncio.Event()

    async def wait(task: Task) -> Mapping[str, Any]:
        begun.set()
        await asyncio.sleep(60)
        return {}

    loop = asyncio.create_task(Worker(means(database, vault, [now]), {"do": wait}).run())
    await asyncio.wait_for(begun.wait(), 10)
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)
    await work(means(database, vault, [now]), {"do": _count})
    row = await found(database, number)
    assert (row.state, row.tries) == (WorkState.DONE, 1)


async def test_a_file_is_written_in_pieces(
    database: Database, vault: Vault, now: datetime
) -> None:
    made = os.urandom(PIECE * 2 + 5)

    async def write(task: Task) -> Mapping[str, Any]:
        file = await Writer.begin(task, Purpose.RESULT, "a.bin")
        for start in range(0, len(made), 70_000):
            await file.write(made[start : start + 70_000])
        await file.end()
        return {}

    number = await _asked(database, vault, now)
    await work(means(database, vault, [now]), {"do": write})
    kept = (await database.read(kept_files.of_work, vault, number, now))[Purpose.RESULT]
    assert (kept.size, kept.pieces) == (len(made), 3)
    assert await content(database, vault, kept) == made


_KILLED = textwrap.dedent(
    """
    import asyncio, sys
    from datetime import datetime
    from console.keeping import Writer
    from console.work import Worker
    from records.database import Database
    from records.kept_files import PIECE, Purpose
    from records.vault import Vault
    from tests.support.working import means

    async def half(task):
        file = await Writer.begin(task, Purpose.RESULT, "half.bin")
        await file.write(b"x" * PIECE)
        await task.tell(1, 3)
        print("half", flush=True)
        await asyncio.sleep(60)

    async def main():
        now = datetime.fromisoformat(sys.argv[2])
        known = means(Database(sys.argv[1]), Vault("a key for tests only"), [now])
        await Worker(known, {"do": half}).run()

    asyncio.run(main())
    """
)


async def test_what_was_killed_is_gone_on_with(
    vault: Vault, now: datetime, tmp_path: Path
) -> None:
    url = await databases.fresh_file(tmp_path / "killed.db")
    database = Database(url)
    number = await _asked(database, vault, now)
    await asyncio.to_thread(_kill_at_half, url, now)
    later = means(database, vault, [now + LEASE])
    await work(later, {"do": _whole})
    kept = await database.read(kept_files.of_work, vault, number, now)
    assert await content(database, vault, kept[Purpose.RESULT]) == b"whole"
    assert (await found(database, number)).state == WorkState.DONE
    await database.close()


async def _whole(task: Task) -> Mapping[str, Any]:
    file = await Writer.begin(task, Purpose.RESULT, "whole.bin")
    await file.write(b"whole")
    await file.end()
    return {}


def _kill_at_half(url: str, now: datetime) -> None:
    command = [sys.executable, "-c", _KILLED, url, now.isoformat()]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        process.send_signal(signal.SIGKILL)
