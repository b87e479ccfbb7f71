"""One round after another: something goes wrong while people talk, and all must come right."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from records import schema
from records.database import Database
from records.vault import Vault
from tests.chaos import mailing
from tests.chaos.account import account, quiet
from tests.chaos.clocks import library
from tests.chaos.faults import EVERY, RARE, STRANDED, WITH_CLOCKS, Fault, World, why_not
from tests.chaos.fleet import Fleet
from tests.chaos.machines import OURS, Machines
from tests.chaos.report import Report
from tests.chaos.store import Store
from tests.chaos.talk import Crowd
from tests.support import county
from tests.support.bot_api import TOKEN, BotApi

SECRET = "a key that only tests ever use, long"
_CALM = (0.2, 0.6)  # seconds between two rounds
_SETTLED = 120.0


async def run(
    folder: Path,
    rounds: int,
    seed: int,
    *,
    machines: Machines | None,
    no_machines: str = "",
    only: Sequence[str] = (),
    tell: Callable[[str], None] = lambda line: None,
) -> Report:
    """So many rounds, and the account at the end. `no_machines`: why there are none."""
    rng, report, faketime = random.Random(seed), Report(seed), library()
    no_clocks = "" if faketime else "libfaketime is not installed"
    reasons = {one: why_not(one, no_machines, no_clocks) for one in EVERY}
    report.left_out = [f"{one.__name__} ({why})" for one, why in reasons.items() if why]
    wanted = [one for one in EVERY if not only or one.__name__ in only]
    chosen = [one for one in wanted if not reasons[one]]
    # Where no clock is moved the library would only stand between.
    moving = faketime if set(chosen) & set(WITH_CLOCKS) else None
    ahead = county.until_the_morning(datetime.now(UTC))
    async with _world(folder, machines, moving, ahead) as (world, database):
        crowd = world.crowd
        talk = asyncio.create_task(crowd.talk())
        await crowd.answered(STRANDED)
        for fault in _order(chosen, rounds, rng):
            known = len(report.broken)
            await _round(world, fault, rng, report)
            for one in report.broken[known:]:
                tell(one)
            took = report.recoveries[fault.__name__][-1]
            tell(f"seed {seed}, {report.rounds}/{rounds} {fault.__name__} {took} s"
                 f", {len(report.broken)} broken")  # fmt: skip
        crowd.stop()
        await talk
        await county.end(database, datetime.now(UTC) + ahead)
        if not await quiet(database, _SETTLED):
            report.broken.append(f"something is still open {_SETTLED:.0f} s after the last word")
        report.account = await account(world.api, database, crowd.said, Vault(SECRET))
        report.broken += [*report.account.broken, *await mailing.broken(database, world.api)]
        await world.fleet.stop()
    return report


def _order(faults: Sequence[Fault], rounds: int, rng: random.Random) -> list[Fault]:
    """Each as often as any other, in any order; but what is rare once, if there are others."""
    order = rng.sample(faults, len(faults))
    often = [one for one in faults if one not in RARE] or faults
    while len(order) < rounds:
        order += rng.sample(often, len(often))
    return order[:rounds]


async def _round(world: World, fault: Fault, rng: random.Random, report: Report) -> None:
    before = world.store.deadlocks()
    try:
        meanwhile = await fault(world, rng) or 0.0
        report.note(fault.__name__, max(meanwhile, await world.crowd.answered(STRANDED)))
    except TimeoutError:
        report.note(fault.__name__, STRANDED)
    which = f"round {report.rounds}, {fault.__name__}"
    report.broken += [f"{which}: died by itself: {one}" for one in await world.fleet.bury()]
    if world.store.deadlocks() > before:
        report.broken.append(f"{which}: a deadlock")
    await asyncio.sleep(rng.uniform(*_CALM))


@asynccontextmanager
async def _world(
    folder: Path, machines: Machines | None, faketime: Path | None, ahead: timedelta
) -> AsyncIterator[tuple[World, Database]]:
    os.chmod(folder, 0o755)  # the store's servers are another user's
    store = Store(folder, machines)
    try:
        await store.start()
        host = machines[OURS].address if machines else "127.0.0.1"
        async with BotApi(host=host) as api:
            api.behaviour.latency = (0.02, 0.05)
            api.behaviour.knows_everybody = True
            api.ahead = ahead.total_seconds()
            database = Database(store.url)
            await schema.migrate(database)
            await county.begin(database, Vault(SECRET), mailing.PEOPLE, datetime.now(UTC) + ahead)
            settings = _settings(store.url, api) | {"GUIYAN_NOW": county.as_setting(ahead)}
            fleet = Fleet(folder, settings, machines, faketime)
            try:
                await fleet.start()
                yield World(fleet, store, api, machines, Crowd(api)), database
            finally:
                await fleet.end()
                await database.close()
    finally:
        store.stop()


def _settings(url: str, api: BotApi) -> dict[str, str]:
    return {
        "GUIYAN_DATABASE_URL": url,
        "GUIYAN_SECRET_KEY": SECRET,
        "GUIYAN_AREAS": "定陶",  # reading one pack takes a fraction of reading all
        "GUIYAN_TELEGRAM_TOKEN": TOKEN,
        "GUIYAN_TELEGRAM_BASE_URL": api.url,
    }
