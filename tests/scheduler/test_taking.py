"""Several processes ring for the same slots; one of them is killed in the middle of a run."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest

from records import audit, runs
from records.database import Database, Session
from records.runs import LEASE, REST, State
from records.vault import Vault
from scheduler import slots
from scheduler.jobs import Job, LongJob
from scheduler.means import Means
from scheduler.runner import Runner
from tests.support.shipped import shipped

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
DAILY = slots.daily(time(19, 0))


class Clock:
    """A clock that is set by hand."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def _write(session: Session, now: datetime) -> dict[str, int]:
    audit.write(session, "job.ran", at=now)
    return {"written": 1}


def _runner(database: Database, clock: Clock) -> Runner:
    return Runner(Means(database, Vault("for tests"), shipped), now=clock)


async def _ran(database: Database) -> int:
    return len(await database.read(audit.with_acts, ["job.ran"]))


async def test_many_who_ring_at_once_run_each_slot_once(
    database: Database, database_url: str
) -> None:
    clock, job = Clock(), Job("each", "test", slots.Every(MINUTE), _write)
    stores = [Database(database_url) for _ in range(3)]
    for _ in range(10):
        await asyncio.gather(*(_runner(store, clock).run(job) for store in stores))
        clock.now += MINUTE
    assert await _ran(database) == 10
    for store in stores:
        await store.close()


def _begin_and_hang(url: str, sign: str) -> None:
    async def hang(means: Means, now: datetime) -> dict[str, int]:
        await asyncio.to_thread(Path(sign).touch)
        await asyncio.sleep(600)
        return {}

    async def ring() -> None:
        job = LongJob("kept", "test", slots.Every(DAY), hang)
        await _runner(Database(url), Clock()).run(job)

    asyncio.run(ring())


async def test_the_slot_of_who_was_killed_is_run_by_another(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    sign = tmp_path / "begun"
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_begin_and_hang, args=(database_url, str(sign)))
    process.start()
    while process.is_alive() and not sign.exists():  # noqa: ASYNC110 (a file made by another process has no event)
        await asyncio.sleep(0.05)
    os.kill(process.pid or 0, signal.SIGKILL)
    await asyncio.to_thread(process.join)
    clock, job = Clock(), Job("kept", "test", slots.Every(DAY), _write)
    assert await _runner(database, clock).run(job) is None  # perhaps it only thinks long
    clock.now += LEASE
    assert await _runner(database, clock).run(job) == {"written": 1}
    assert await _runner(database, clock).run(job) is None
    [run] = await database.read(runs.latest, "kept", 9)
    assert (run.state, run.tries) == (State.DONE, 2)


async def test_who_was_too_slow_leaves_nothing_behind(database: Database) -> None:
    clock = Clock()

    def slow(session: Session, now: datetime) -> dict[str, int]:
        session.execute(runs.JobRun.__table__.update().values(owner="another"))  # type: ignore[attr-defined]
        return _write(session, now)

    assert await _runner(database, clock).run(Job("slow", "t", slots.Every(DAY), slow)) is None
    assert await _ran(database) == 0


async def test_one_slot_of_a_job_is_run_at_a_time(database: Database) -> None:
    clock = Clock()
    await database.run(runs.take_slot, "each", START - MINUTE, START)
    job = Job("each", "test", slots.Every(MINUTE), _write)
    assert await _runner(database, clock).run(job) is None
    assert await _runner(database, clock).by_hand(job) is None


async def test_a_slot_that_failed_is_tried_again_and_not_for_ever(database: Database) -> None:
    def fail(session: Session, now: datetime) -> dict[str, int]:
        raise RuntimeError("no")

    clock, job = Clock(), Job("bad", "test", slots.Every(DAY), fail)
    for _ in range(6):
        await _runner(database, clock).run(job)
        clock.now += REST
    [run] = await database.read(runs.latest, "bad", 9)
    assert (run.state, run.tries, run.fault) == (State.FAILED, runs.MOST_TRIES, "RuntimeError")


async def test_a_new_job_makes_up_for_nothing(database: Database) -> None:
    clock, job = Clock(), Job("new", "test", DAILY, _write)
    assert await _runner(database, clock).run(job) is None
    clock.now += DAY
    assert await _runner(database, clock).run(job) == {"written": 1}


@pytest.mark.parametrize(
    ("late", "count", "states"),
    [
        (slots.dropped(MINUTE), 0, ["dropped", "dropped", "dropped", "seen"]),
        (slots.once(2 * DAY), 1, ["done", "dropped", "dropped", "seen"]),
        (slots.each(9 * DAY), 3, ["done", "done", "done", "seen"]),
    ],
    ids=lambda value: getattr(value, "words", ""),
)
async def test_what_came_while_nothing_ran_is_handled_by_the_rule(
    database: Database, late: slots.Late, count: int, states: list[str]
) -> None:
    clock, job = Clock(), Job("rule", "test", DAILY, _write, late)
    for days in (0, 3, 0):
        clock.now += days * DAY
        await _runner(database, clock).run(job)
    assert await _ran(database) == count
    assert [run.state for run in await database.read(runs.latest, "rule", 9)] == states


async def test_a_slot_made_up_for_is_run_as_of_its_own_moment(database: Database) -> None:
    seen: list[datetime] = []

    def note(session: Session, now: datetime) -> dict[str, int]:
        seen.append(now)
        return {}

    clock, job = Clock(), Job("rule", "test", DAILY, note, slots.each(9 * DAY))
    for days in (0, 2):
        clock.now += days * DAY
        await _runner(database, clock).run(job)
    eleven = START.replace(hour=11)  # in Greenwich
    assert seen == [eleven + DAY, eleven + 2 * DAY]


async def test_a_run_by_hand_takes_no_slot(database: Database) -> None:
    clock, job = Clock(), Job("rule", "test", slots.Every(DAY), _write)
    assert await _runner(database, clock).by_hand(job) == {"written": 1}
    clock.now += MINUTE
    assert await _runner(database, clock).run(job) == {"written": 1}
    assert [r.is_by_hand for r in await database.read(runs.latest, "rule", 9)] == [True, False]


async def test_old_runs_are_dropped_but_never_the_newest(database: Database) -> None:
    for job, days in (("one", 500), ("one", 300), ("two", 60), ("two", 40), ("two", 450)):
        slot = START - days * DAY
        if job == "one":
            await database.run(runs.pass_over, job, [(slot, "late")], START)
        else:
            taken = runs.Taken(job, slot, "")
            await database.run(runs.take_slot, job, slot, slot)
            await database.run(_ended, taken)
    assert await database.run(runs.prune, START) == 3
    assert [len(await database.read(runs.latest, job, 9)) for job in ("one", "two")] == [1, 1]


def _ended(session: Session, taken: runs.Taken) -> None:
    runs.finish(session, taken, now=taken.slot, counts={})
