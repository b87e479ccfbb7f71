"""Wake-ups between processes: queued with the message, taken by one, found again when lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from records import inbound, wakes
from records.database import Database, Session
from records.wakes import Wakes
from tests.support.builders import an_inbound


@pytest.fixture
def shared(database: Database) -> Database:
    """A database that several processes may use."""
    if database.is_sqlite:
        pytest.skip("the embedded default has one process")
    return database


class Worker:
    """One that answers by writing down what it was woken for."""

    def __init__(self, database: Database) -> None:
        self.woken: list[str] = []
        self.wakes = Wakes(database)
        self.task = asyncio.create_task(self.wakes.work(self._answer))

    async def _answer(self, key: str) -> None:
        self.woken.append(key)

    async def end(self) -> None:
        self.wakes.stop()
        self.task.cancel()
        done, _ = await asyncio.wait([self.task], timeout=20)
        assert done, "it does not end when it is told to"


@pytest.fixture
async def two(shared: Database) -> AsyncIterator[tuple[Worker, Worker]]:
    workers = Worker(shared), Worker(shared)
    yield workers
    for worker in workers:
        await worker.end()


async def test_what_comes_in_wakes_one_of_the_workers(
    shared: Database, two: tuple[Worker, Worker], now: datetime
) -> None:
    messages = [an_inbound(now, chat=str(number)) for number in range(40)]
    await shared.run(two[0].wakes.store, messages)
    await _until(lambda: len(two[0].woken) + len(two[1].woken) >= 40)
    assert sorted(two[0].woken + two[1].woken) == sorted(m.conversation for m in messages)


async def test_what_is_known_already_wakes_nobody(shared: Database, now: datetime) -> None:
    message = an_inbound(now, outer_id="once")
    for _ in range(2):
        await shared.run(Wakes(shared).store, [message])
    assert await shared.read(_jobs) == 1


async def test_nothing_is_queued_that_was_not_stored(shared: Database, now: datetime) -> None:
    with pytest.raises(ZeroDivisionError):
        await shared.run(_fail_after, Wakes(shared), an_inbound(now))
    assert await shared.read(_jobs) == 0


async def test_the_sweep_finds_what_woke_nobody_once(shared: Database, now: datetime) -> None:
    await shared.run(inbound.store, [an_inbound(now)])
    for _ in range(3):
        await shared.run(wakes.wake_overdue, now + timedelta(seconds=1))
    assert await shared.read(_jobs) == 1


async def test_the_sweep_leaves_alone_what_has_just_come(shared: Database, now: datetime) -> None:
    await shared.run(inbound.store, [an_inbound(now)])
    assert await shared.run(wakes.wake_overdue, now - timedelta(seconds=5)) == 0


async def test_a_worker_goes_on_after_it_was_cut_off(
    shared: Database, two: tuple[Worker, Worker], now: datetime
) -> None:
    await shared.run(two[0].wakes.store, [an_inbound(now, chat="1")])
    await _until(lambda: bool(two[0].woken or two[1].woken))
    with suppress(Exception):
        await shared.run(_throw_all_out)
    await shared.run(two[0].wakes.store, [an_inbound(now, chat="2")])
    await _until(lambda: "telegram:2" in two[0].woken + two[1].woken)


def _fail_after(session: Session, queue: Wakes, message: inbound.NewInbound) -> None:
    queue.store(session, [message])
    raise ZeroDivisionError


def _jobs(session: Session) -> int:
    return int(session.execute(text("SELECT count(*) FROM pgqueuer")).scalar_one())


def _throw_all_out(session: Session) -> None:
    others = "pid <> pg_backend_pid() AND datname = current_database()"
    session.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}"))


async def _until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not is_so():  # noqa: ASYNC110 (a wire that the test does not hold)
            await asyncio.sleep(0.05)
