"""`bench campaign`: a county's people frozen, queued and written to, beside a plain loop."""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bot.benching import campaign_drain, campaign_world
from bot.benching.campaign_world import AREA, NOW
from bot.benching.program import BenchFailure
from knowledge.areas import Gazetteer
from outreach.campaigns import freezing
from outreach.reach import Lines
from outreach.segments import Office
from records import campaign_drafts, feeding, ledger, pushes, schema
from records.campaigns import CampaignState
from records.database import Database, Session, StoreUnavailable
from records.vault import Vault

PEOPLE = 380_000
FREEZE_GOAL_SECONDS, QUEUE_GOAL, _PORTION = 15, 0.8, 5_000
_RAW = (  # what the feeder writes, without asking whose turn it is
    "INSERT INTO outbox (channel, chat, conversation, dedupe_key, payload, priority, state, due,"
    " attempts, claimed_by, failure, outer_id, created_at, counted)"
    " SELECT channel, substr(account, 10), account, 'raw/1/' || person_id, {empty}, 9, 'queued',"
    " due, 0, '', '', '', due, 0 FROM campaign_recipient"
    " WHERE campaign_id = 1 AND state = 'planned' AND person_id > '{first}'"
    " AND person_id <= '{last}'"
)


def measure(database_url: str = "", people: int = PEOPLE) -> dict[str, Any]:
    """All figures of campaigns; `people` may be fewer, to try it out."""
    with tempfile.TemporaryDirectory(prefix="guiyan-bench-") as folder:
        url = database_url or f"sqlite:///{folder}/campaign.db"
        try:
            return asyncio.run(_measured(url, people, Path(folder)))
        except (StoreUnavailable, ValueError) as fault:
            raise BenchFailure(str(fault)) from fault


async def _measured(url: str, people: int, folder: Path) -> dict[str, Any]:
    database, vault = Database(url), Vault("bench")
    try:
        await schema.migrate(database)
        if await database.read(pushes.areas):
            raise BenchFailure("this database holds people: name an empty one for the bench")
        _say(f"making {people:,} people")
        await campaign_world.fill(database, vault, people)
        frozen = await _frozen(database)
        queued = await _queued(database, people)
        drained = await campaign_drain.measure(database, vault, folder, _say)
    finally:
        await database.close()
    return {
        "database": database.url.get_backend_name(),
        "people": people,
        "machine_load": round(os.getloadavg()[0], 1),
        "frozen": frozen,
        "queued": queued,
        **drained,
    }


async def _frozen(database: Database) -> dict[str, Any]:
    """Everybody written down; somebody's word is stored meanwhile, again and again."""
    await database.run(campaign_world.add, campaign_world.campaign(1))
    _say("freezing")
    waits: list[float] = []
    beside = asyncio.create_task(_write_now_and_then(database, waits))
    memory, began = _memory(), time.perf_counter()
    office, lines = Office(Gazetteer(), AREA), Lines(frozenset({"telegram"}))
    await freezing.freeze(database, office, 1, lines, NOW)
    seconds = time.perf_counter() - began
    beside.cancel()
    found = await database.read(ledger.figures, 1)
    return {
        "seconds": round(seconds, 1),
        "seconds_goal": FREEZE_GOAL_SECONDS,
        "memory_grew_mb": _memory() - memory,
        "planned": found.planned,
        "left_out": {c.reason: c.number for c in found.counts if c.stand == ledger.Stand.LEFT_OUT},
        "a_write_meanwhile_p95_ms": round(1000 * sorted(waits)[int(0.95 * len(waits))]),
        "a_write_meanwhile_most_ms": round(1000 * max(waits)),
    }


async def _queued(database: Database, people: int) -> dict[str, Any]:
    """All that is due handed to the outbox, and the same rows by the bare statement."""
    await database.run(_set_running)
    ours, bare = [], []
    for _ in range(2):  # in turn: the machine is not alike all the time
        _say("queueing, and the same by the bare statement")
        began, count = time.perf_counter(), 0
        while fed := await database.run(feeding.feed, 1, "telegram", _PORTION, NOW):
            count += fed
        ours.append(count / (time.perf_counter() - began))
        await database.run(campaign_drain.begin_anew)
        began, count = time.perf_counter(), 0
        for start in range(0, people, _PORTION):
            count += await database.run(_raw, start, _empty(database))
        bare.append(count / (time.perf_counter() - began))
        await database.run(campaign_drain.begin_anew)
    return {
        "a_second": round(max(ours)),
        "bare_insert_select_a_second": round(max(bare)),
        "ratio": round(max(ours) / max(bare), 2),
        "ratio_goal": QUEUE_GOAL,
    }


def _raw(session: Session, start: int, empty: str) -> int:
    first = f"b{start - 1:07}" if start else ""
    statement = _RAW.format(empty=empty, first=first, last=f"b{start + _PORTION - 1:07}")
    return int(session.connection().exec_driver_sql(statement).rowcount)


def _empty(database: Database) -> str:
    return "x''" if database.is_sqlite else "''::bytea"


def _set_running(session: Session) -> None:
    campaign = campaign_drafts.find(session, 1)
    assert campaign is not None
    campaign.state = CampaignState.RUNNING.value


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
