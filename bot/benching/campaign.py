"""`bench campaign`: a county's people frozen, queued and written to, beside a plain loop."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.benching import campaign_drain, campaign_queue, campaign_wecom, campaign_world
from bot.benching.campaign_world import AREA, NOW
from bot.benching.program import BenchFailure
from knowledge.areas import Gazetteer
from outreach.campaigns import freezing
from outreach.reach import Lines
from outreach.segments import Office
from records import campaign_drafts, ledger, pushes, schema
from records.campaigns import CampaignState
from records.database import Database, Session, StoreUnavailable
from records.vault import Vault

PEOPLE = 380_000
PARTS = ("freeze", "queue", "drain", "wecom")
FREEZE_GOAL_SECONDS, WRITE_GOAL_MS = 15, 1_000
_OFFICE, _LINES = Office(Gazetteer(), AREA), Lines(frozenset({"telegram"}))


def measure(
    database_url: str = "", people: int = PEOPLE, only: Sequence[str] = PARTS
) -> dict[str, Any]:
    """The figures of campaigns, or `only` of some parts; with fewer `people` to try it out."""
    if unknown := set(only) - set(PARTS):
        raise BenchFailure(
            f"--only takes {', '.join(PARTS)}: {', '.join(sorted(unknown))} is none"
        )
    with tempfile.TemporaryDirectory(prefix="guiyan-bench-") as folder:
        url = database_url or f"sqlite:///{folder}/campaign.db"
        try:
            return asyncio.run(_measured(url, people or PEOPLE, Path(folder), only or PARTS))
        except (StoreUnavailable, ValueError) as fault:
            raise BenchFailure(str(fault)) from fault


async def _measured(url: str, people: int, folder: Path, only: Sequence[str]) -> dict[str, Any]:
    database, vault = Database(url), Vault("bench")
    try:
        await schema.migrate(database)
        if await database.read(pushes.areas):
            raise BenchFailure("this database holds people: name an empty one for the bench")
        found = await _parts(database, vault, folder, people, only)
    finally:
        await database.close()
    load = os.getloadavg()
    return {
        "database": database.url.get_backend_name(),
        "people": people,
        "machine_load": round(load[0], 1),
        **found,
    }


async def _parts(
    database: Database, vault: Vault, folder: Path, people: int, only: Sequence[str]
) -> dict[str, Any]:
    """What was asked for; whatever is queued or sent is frozen before."""
    found: dict[str, Any] = {}
    if set(only) - {"wecom"}:
        _say(f"making {people:,} people")
        await campaign_world.fill(database, vault, people)
        found["frozen"] = await _frozen(database)
        await database.run(_set_running)
    if "queue" in only:
        _say("queueing, and the same by the bare statement")
        found["queued"] = await campaign_queue.measure(database)
    if "drain" in only:
        found |= await campaign_drain.measure(database, vault, folder, _say)
        await database.run(campaign_drain.begin_anew)
    if "wecom" in only:
        found["wecom"] = await campaign_wecom.measure(database, vault, folder, _say)
    return found


async def _frozen(database: Database) -> dict[str, Any]:
    """Everybody written down; somebody's word is stored meanwhile, again and again."""
    await database.run(campaign_world.add, campaign_world.campaign(1))
    _say("previewing")
    began = time.perf_counter()
    await database.read(freezing.preview, _OFFICE, 1, _LINES, NOW)
    previewed = time.perf_counter() - began
    _say("freezing")
    waits: list[float] = []
    beside = asyncio.create_task(_write_now_and_then(database, waits))
    memory, began, used = _memory(), time.perf_counter(), time.process_time()
    await freezing.freeze(database, _OFFICE, 1, _LINES, NOW)
    seconds, used = time.perf_counter() - began, time.process_time() - used
    beside.cancel()
    found = await database.read(ledger.figures, 1)
    return {
        "preview_seconds": round(previewed, 1),
        "seconds": round(seconds, 1),
        "seconds_goal": FREEZE_GOAL_SECONDS,
        "processor_seconds_of_ours": round(used, 1),
        "memory_grew_mb": _memory() - memory,
        "planned": found.planned,
        "left_out": _left_out(found),
        **_write_waits(sorted(waits)),
        "a_write_goal_ms": WRITE_GOAL_MS,
    }


def _left_out(found: ledger.Figures) -> dict[str, int]:
    counted = Counter[str]()
    for one in found.counts:
        counted[one.reason] += one.number if one.stand is ledger.Stand.LEFT_OUT else 0
    return {reason: number for reason, number in counted.most_common() if number}


def _set_running(session: Session) -> None:
    campaign = campaign_drafts.find(session, 1)
    assert campaign is not None
    campaign.state = CampaignState.RUNNING.value


def _write_waits(waits: list[float]) -> dict[str, int]:
    """Nothing where few people were frozen before anybody wrote."""
    if not waits:
        return {}
    p95, most = waits[int(0.95 * len(waits))], waits[-1]
    return {
        "a_write_meanwhile_p95_ms": round(1000 * p95),
        "a_write_meanwhile_most_ms": round(1000 * most),
    }


async def _write_now_and_then(database: Database, waits: list[float]) -> None:
    while True:
        await asyncio.sleep(0.05)
        began = time.perf_counter()
        await database.run(_nothing)
        waits.append(time.perf_counter() - began)


def _nothing(session: Session) -> None:
    """A transaction of its own."""


def _memory() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def _say(what: str) -> None:
    """How far it is: minutes go by before there is a figure."""
    sys.stderr.write(f"bench campaign: {what}\n")
    sys.stderr.flush()
