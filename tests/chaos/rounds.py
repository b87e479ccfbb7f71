"""One round after another: something goes wrong while people talk, and all must come right."""

from __future__ import annotations

import asyncio
import random
import signal
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from records import schema
from records.database import Database
from records.vault import Vault
from tests.chaos.faults import FAULTS, Fault, World
from tests.chaos.fleet import Fleet
from tests.chaos.talk import Account, Crowd, account, quiet
from tests.support.bot_api import TOKEN, BotApi
from tests.support.postgres import Postgres

SECRET = "a key that only tests ever use, long"
RECOVERY = 10.0  # seconds within which somebody is answered again
_STRANDED = 60.0  # seconds after which we give up
_CALM = (0.2, 1.0)  # seconds between two rounds
_SETTLED = 120.0


@dataclass(slots=True)
class Report:
    """What a run of rounds found."""

    seed: int
    rounds: int = 0
    recoveries: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    broken: list[str] = field(default_factory=list)
    account: Account | None = None

    def note(self, fault: Fault, seconds: float) -> None:
        """How long it took until somebody was answered again."""
        self.rounds += 1
        self.recoveries[fault.__name__].append(seconds)
        if seconds > RECOVERY:
            self.broken.append(f"round {self.rounds}, {fault.__name__}: {seconds:.1f} s silent")

    def as_text(self) -> str:
        """As a table, in Markdown."""
        lines = [f"seed {self.seed}, {self.rounds} rounds", ""]
        lines += ["| fault | rounds | median s | worst s |", "|---|---|---|---|"]
        for name, seconds in sorted(self.recoveries.items()):
            ordered = sorted(seconds)
            middle, worst = ordered[len(ordered) // 2], ordered[-1]
            lines.append(f"| {name} | {len(ordered)} | {middle:.1f} | {worst:.1f} |")
        if (one := self.account) is not None:
            lines += ["", f"said {one.said}, replies queued {one.queued}, heard {one.heard}, "
                      f"of these repeated {one.repeated}"]  # fmt: skip
        lines += ["", *(self.broken or ["no invariant broken"])]
        return "\n".join(lines) + "\n"


async def run(
    folder: Path,
    rounds: int,
    seed: int,
    *,
    only: str = "",
    tell: Callable[[str], None] = lambda line: None,
) -> Report:
    """So many rounds, and the account at the end."""
    rng, report = random.Random(seed), Report(seed)
    faults = [fault for fault in FAULTS if only in ("", fault.__name__)]
    async with _world(folder) as (world, database):
        crowd = Crowd(world.api)
        talk = asyncio.create_task(crowd.talk())
        await crowd.answered(_STRANDED)
        for _ in range(rounds):
            await _round(world, crowd, rng.choice(faults), rng, report)
            tell(f"{report.rounds}/{rounds} {report.broken[-1] if report.broken else 'whole'}")
        crowd.stop()
        await talk
        if not await quiet(database, _SETTLED):
            report.broken.append(f"something is still open {_SETTLED:.0f} s after the last word")
        report.broken += world.fleet.dead()
        report.account = await account(world.api, database, crowd.said, Vault(SECRET))
        report.broken += report.account.broken
        await world.fleet.stop()
    return report


async def _round(
    world: World, crowd: Crowd, fault: Fault, rng: random.Random, report: Report
) -> None:
    await fault(world, rng)
    try:
        report.note(fault, await crowd.answered(_STRANDED))
    except TimeoutError:
        report.note(fault, _STRANDED)
    await asyncio.sleep(rng.uniform(*_CALM))


@asynccontextmanager
async def _world(folder: Path) -> AsyncIterator[tuple[World, Database]]:
    server = Postgres()
    server.start()
    try:
        async with BotApi() as api:
            api.behaviour.latency = (0.02, 0.05)
            api.behaviour.knows_everybody = True
            database = Database(server.url)
            await schema.migrate(database)
            fleet = Fleet(folder, _settings(server.url, api))
            await fleet.start()
            yield World(fleet, server, api), database
            await database.close()
    finally:
        server.stop(signal.SIGINT)
        server.remove()


def _settings(url: str, api: BotApi) -> dict[str, str]:
    return {
        "GUIYAN_DATABASE_URL": url,
        "GUIYAN_SECRET_KEY": SECRET,
        "GUIYAN_AREAS": "定陶",  # reading one pack takes a fraction of reading all
        "GUIYAN_TELEGRAM_TOKEN": TOKEN,
        "GUIYAN_TELEGRAM_BASE_URL": api.url,
    }
