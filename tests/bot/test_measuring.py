"""What `/metrics` says of the store and the channels, on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.measuring import measure
from bot.metrics import Metrics
from bot.settings import load
from bot.wiring import App, build
from records import outbox, runs, vitals
from records.database import Session, StoreUnavailable
from records.messages import Priority
from records.runs import Taken
from tests.support.builders import a_message, an_outgoing
from tests.support.fake_channel import FakeChannel


class _Broken(FakeChannel):
    def fault(self) -> str:
        return "the token is refused"


class _Clock:
    def __init__(self, now: datetime) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock(now: datetime) -> _Clock:
    return _Clock(now)


@pytest.fixture
async def app(database_url: str, tmp_path: Path, clock: _Clock) -> AsyncIterator[App]:
    given = {"GUIYAN_DATABASE_URL": database_url, "GUIYAN_SECRET_KEY": "0123456789abcdef" * 2}
    app = build(load(given, tmp_path), channels={"fake": _Broken()}, now=clock)
    await app.open()
    yield app
    await app.database.close()


async def _measured(app: App) -> dict[str, float]:
    metrics = Metrics()
    await measure(app, metrics)
    lines = [line.rsplit(" ", 1) for line in metrics.text().decode().splitlines()]
    return {name: float(value) for name, value in lines if name.startswith("guiyan_")}


async def test_an_unanswered_message_grows_older(app: App, clock: _Clock) -> None:
    await app.door.receive([a_message(clock.now, "定陶个体户能贷多少")])
    clock.now += timedelta(seconds=90)
    told = await _measured(app)
    assert (told["guiyan_unanswered"], told["guiyan_oldest_unanswered_seconds"]) == (1, 90)


async def test_what_is_due_is_told_apart_by_whether_somebody_waits(
    app: App, clock: _Clock
) -> None:
    reply = replace(an_outgoing(clock.now), dedupe_key="re:1:0")
    bulk = replace(reply, dedupe_key="c:1", priority=Priority.BULK.value)
    later = replace(reply, dedupe_key="re:2:0", due=clock.now + timedelta(hours=1))
    await app.database.run(outbox.enqueue, [reply, later])
    clock.now += timedelta(seconds=30)
    await app.database.run(outbox.enqueue, [replace(bulk, due=clock.now)])
    clock.now += timedelta(seconds=10)
    told = await _measured(app)
    ages = [told[f'guiyan_oldest_due_seconds{{kind="{kind}"}}'] for kind in ("awaited", "bulk")]
    assert ages == [40, 10]


async def test_nothing_waits_in_an_empty_store(app: App) -> None:
    told = await _measured(app)
    ages = {name: value for name, value in told.items() if name.endswith("_seconds")}
    del ages["guiyan_clock_ahead_seconds"]
    assert not any(ages.values())
    assert told['guiyan_outbox{state="uncertain"}'] == 0


async def test_messages_are_counted_by_what_they_wait_for(app: App, clock: _Clock) -> None:
    new = [an_outgoing(clock.now, key=f"re:{number}:0") for number in range(3)]
    await app.database.run(outbox.enqueue, new)
    told = await _measured(app)
    states = [name for name in told if name.startswith("guiyan_outbox{")]
    assert (told['guiyan_outbox{state="queued"}'], len(states)) == (3, len(vitals.WATCHED))


async def test_a_job_that_failed_is_named_until_it_is_done(app: App, clock: _Clock) -> None:
    assert await _after(app, clock.now, is_well=False) == 1
    assert await _after(app, clock.now + timedelta(minutes=1), is_well=True) == 0


async def _after(app: App, slot: datetime, *, is_well: bool) -> float:
    """What is said of a job once a slot of it was run."""
    taken = Taken("seal_trail", slot, f"{slot}")

    def run(session: Session) -> None:
        runs.take_slot(session, taken.job, slot, slot, owner=taken.owner)
        if is_well:
            runs.finish(session, taken, now=slot, counts={})
        else:
            runs.fail(session, taken, now=slot, fault="ValueError")

    await app.database.run(run)
    return (await _measured(app))['guiyan_job_failing{name="seal_trail"}']


async def test_a_channel_that_cannot_work_is_named(app: App) -> None:
    assert (await _measured(app))['guiyan_channel_fault{channel="fake"}'] == 1


async def test_a_clock_ahead_of_the_database_s_shows(app: App, clock: _Clock) -> None:
    clock.now = datetime.now(UTC) + timedelta(hours=2)
    ahead = (await _measured(app))["guiyan_clock_ahead_seconds"]
    assert ahead == (0 if app.database.is_sqlite else pytest.approx(7200, abs=60))


async def test_a_store_that_is_away_is_told_and_counted(tmp_path: Path) -> None:
    (tmp_path / "no.db").write_bytes(b"this is no database " * 200)
    given = {"GUIYAN_DATABASE_URL": f"sqlite:///{tmp_path}/no.db"}
    app, metrics = build(load(given, tmp_path), channels={}), Metrics()
    app.database.on_fault = metrics.store_faults.inc
    await measure(app, metrics)
    with pytest.raises(StoreUnavailable):
        await app.database.run(outbox.counts)
    await app.database.close()
    assert b"guiyan_store_up 0.0" in metrics.text()
    assert b"guiyan_store_faults_total 2.0" in metrics.text()
