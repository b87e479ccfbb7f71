"""A slot runs once, whoever's clock rings first; each run is recorded with its counts."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from handlers.dialogue import State
from handlers.self_check import recall
from records import conversations, inbound, outbox, questions, runs, sending
from records.database import Database, Session
from records.vault import Vault
from scheduler.jobs import JOBS, Job, LongJob
from scheduler.means import Means
from scheduler.runner import Runner
from scheduler.slots import Every
from tests.support.builders import a_conversation, an_inbound, an_outgoing
from tests.support.shipped import shipped

MINUTE = timedelta(minutes=1)
VAULT = Vault("for tests")


def _counting(session: Session, now: datetime) -> dict[str, int]:
    return {"things": 3}


def _failing(session: Session, now: datetime) -> dict[str, int]:
    raise RuntimeError("disk on fire")


async def _counting_long(means: Means, now: datetime) -> dict[str, int]:
    return {"things": 4}


def _means(database: Database) -> Means:
    return Means(database, VAULT, shipped)


def _named(name: str) -> Job | LongJob:
    return next(job for job in JOBS if job.name == name)


async def test_a_slot_runs_once_over_two_processes(database: Database, now: datetime) -> None:
    job = Job("counting", "test", Every(MINUTE), _counting)
    first, second = (Runner(_means(database), now=lambda: now) for _ in range(2))
    assert await first.run(job) == {"things": 3}
    assert await second.run(job) is None


async def test_a_long_job_is_recorded_too(database: Database, now: datetime) -> None:
    job = LongJob("counting", "test", Every(MINUTE), _counting_long)
    runner = Runner(_means(database), now=lambda: now)
    assert await runner.run(job) == {"things": 4}
    assert await runner.run(job) is None
    last = await database.read(runs.last, "counting")
    assert last is not None
    assert last.counts == {"things": 4}


async def test_the_next_slot_runs_again(database: Database, now: datetime) -> None:
    job = Job("counting", "test", Every(MINUTE), _counting)
    await Runner(_means(database), now=lambda: now).run(job)
    assert await Runner(_means(database), now=lambda: now + MINUTE).run(job) == {"things": 3}


async def test_a_fault_does_not_end_the_rings(database: Database, now: datetime) -> None:
    faults = ["no clock"]

    def clock() -> datetime:
        if faults:
            raise RuntimeError(faults.pop())
        return now

    runner = Runner(_means(database), now=clock)
    runner.start([Job("counting", "test", Every(timedelta(seconds=1)), _counting)])
    async with asyncio.timeout(20):
        while await database.read(runs.last, "counting") is None:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    runner.stop()


async def test_jobs_do_not_wait_because_the_clock_was_put_back(
    database: Database, now: datetime
) -> None:
    machine = [3600.0]
    runner = Runner(
        _means(database), now=lambda: now, machine=lambda: machine[0] + time.monotonic()
    )
    runner.start([Job("counting", "test", Every(timedelta(seconds=1)), _counting)])
    hour = datetime.now(UTC) + timedelta(hours=1)
    runner._clock.modify_job("counting", next_run_time=hour)  # as its alarm then stands
    await asyncio.sleep(0.1)
    machine[0] = 0
    async with asyncio.timeout(20):
        while await database.read(runs.last, "counting") is None:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    runner.stop()


async def test_a_run_is_recorded_with_its_counts(database: Database, now: datetime) -> None:
    await Runner(_means(database), now=lambda: now).run(
        Job("counting", "test", Every(MINUTE), _counting)
    )
    last = await database.read(runs.last, "counting")
    assert last is not None
    assert last.counts == {"things": 3}


async def test_a_failing_job_is_recorded_and_stops_nothing(
    database: Database, now: datetime
) -> None:
    assert (
        await Runner(_means(database), now=lambda: now).run(
            Job("bad", "test", Every(MINUTE), _failing)
        )
        is None
    )
    last = await database.read(runs.last, "bad")
    assert last is not None
    assert last.fault == "RuntimeError"


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.name)
async def test_every_job_runs_on_an_empty_store(
    database: Database, now: datetime, job: Job | LongJob
) -> None:
    counts = await Runner(_means(database), now=lambda: now).by_hand(job)
    assert counts is not None
    assert set(counts.values()) <= {0}


async def test_an_expired_draft_is_dropped(database: Database, now: datetime) -> None:
    row = a_conversation(now - timedelta(days=31))
    row.draft_until = now - MINUTE
    row.state = VAULT.seal(State("registration", "home").as_dict())
    await database.run(_add, row)
    done = await Runner(_means(database), now=lambda: now).run(_named("expire_drafts"))
    assert done == {"dropped": 1, "checks": 0}
    assert await database.read(conversations.load, [row.key]) == {}


@pytest.mark.parametrize("flow", ["", "registration"])
async def test_the_answers_of_a_check_are_dropped_and_nothing_else(
    database: Database, now: datetime, flow: str
) -> None:
    row = a_conversation(now - timedelta(hours=1))
    row.draft_until = now - MINUTE
    kept = {"at": row.updated_at.isoformat(), "answers": {"headcount_incl_founder": 2}}
    row.state = VAULT.seal(State(flow, "", {}, {"checked": kept, "area": "371703"}).as_dict())
    await database.run(_add, row)
    run = Runner(_means(database), now=lambda: now).run
    assert await run(_named("expire_drafts")) == {"dropped": 0, "checks": 1}
    left = (await database.read(conversations.load, [row.key]))[row.key]
    state = State.from_dict(VAULT.open(left.state))
    assert (state.flow, state.memory, recall.is_kept(state)) == (flow, {"area": "371703"}, False)
    month = now + timedelta(days=30)
    due = await database.read(conversations.with_expired_drafts, month, 9)
    assert bool(due) == bool(flow)


async def test_a_deleted_person_s_messages_go_when_the_time_has_come(
    database: Database, now: datetime
) -> None:
    row = a_conversation(now)
    row.forget_at = now - MINUTE
    await database.run(_add, row)
    await database.batch(inbound.store, an_inbound(now, channel="fake"))
    await database.run(outbox.enqueue, [an_outgoing(now)])
    [claimed] = await database.batch(sending.claim, sending.Claim("me", ("fake",), 1, now))
    sent = sending.Outcome(claimed.id, outbox.OutboxState.SENT, now)
    await database.batch(sending.settle, sent)
    await Runner(_means(database), now=lambda: now).run(_named("forget_deleted"))
    assert await database.read(inbound.history, row.key, 9) == []
    assert await database.read(outbox.latest, row.key, 9) == []


async def test_nobody_is_forgotten_before_the_receipt_has_left(
    database: Database, now: datetime
) -> None:
    row = a_conversation(now)
    row.forget_at = now - MINUTE
    await database.run(_add, row)
    await database.run(outbox.enqueue, [an_outgoing(now)])
    job = _named("forget_deleted")
    assert await Runner(_means(database), now=lambda: now).run(job) == {"forgotten": 0}


async def test_a_question_that_nobody_took_up_goes_after_half_a_year(
    database: Database, now: datetime
) -> None:
    for days in (181, 10):
        await database.run(_ask, now - timedelta(days=days))
    assert await Runner(_means(database), now=lambda: now).run(_named("prune_questions")) == {
        "dropped": 1,
        "gaps": 0,
    }


def _ask(session: Session, at: datetime) -> None:
    questions.note(session, questions.Asked("有没有补贴", "", "unknown", 0.1, at))


def _add(session: Session, row: conversations.Conversation) -> None:
    session.add(row)
