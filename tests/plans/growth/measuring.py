"""What the program's own calls cost among so many contacts."""

from __future__ import annotations

import random
import re
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any

from sqlmodel import Session

from bot.benching import campaign_world
from knowledge.areas import Gazetteer
from outreach.campaigns import freezing as freezes
from outreach.reach import Lines
from outreach.reminders import send_due
from outreach.segments import Office
from records import (
    campaign_drafts,
    conversations,
    feeding,
    freezing,
    outbox,
    people,
    reminders,
    sending,
)
from records.campaigns import CampaignState
from records.database import Database
from records.freezing import Terms
from records.outbox import OutboxState
from records.sending import Claim, Outcome
from tests.plans.filling import NOW
from tests.plans.growth.contacts import AREA, settle_down
from tests.plans.growth.cost import Cost, Watch, each
from tests.plans.growth.pages import pages
from tests.plans.growth.turns import turns
from tests.plans.growth.world import Often, World, account

PAGE, LARGEST_PAGE = 5_000, 10_000  # people
QUEUED, CLAIMED = 4_500, 100  # rows: of 5,000 people some are held out
_EVERYBODY = 900_000  # the first campaign, whose number no made-up message has
_LINES = Lines(frozenset({"telegram"}))


async def measured(world: World, number: int, often: Often) -> dict[str, float]:
    """All of it in one round, whose number counts up from 0.

    Microseconds (us), milliseconds (ms), rows a second, megabytes at the most in memory (Linux).
    """
    _forget_peak()
    found = await _lookups(world, often.lookups)
    found |= await world.database.read(pages, world)
    found |= await turns(world, number, often)
    found |= await _reminders(world, NOW + timedelta(days=number))
    found |= await _campaign(world, _EVERYBODY + 2 * number, often)
    found |= await _county(world.database, _EVERYBODY + 2 * number + 1)
    return found | {"memory_mb": _peak()}


def _forget_peak() -> None:
    """The peak of memory counts from here."""
    Path("/proc/self/clear_refs").write_text("5")


def _peak() -> float:
    found = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) / 1024 if found else 0.0


async def _lookups(world: World, many: int) -> dict[str, float]:
    draw = random.Random()
    keys = [account(draw.randrange(world.contacts)) for _ in range(many)]

    def talk(session: Session, key: str) -> object:
        return conversations.load(session, [key])

    def person(session: Session, key: str) -> object:
        return people.profiles_of(session, world.vault, [key])

    found = {}
    for name, look in (("talk", talk), ("person", person)):
        await world.database.read(each, look, keys[:1])  # statements are built
        cost = await world.database.read(each, look, keys)
        found[f"{name}_p50_us"] = 1e6 * cost.p50()
        found[f"{name}_p99_us"] = 1e6 * cost.p99()
        found[f"{name}_cpu_us"] = 1e6 * cost.used()
    return found


async def _reminders(world: World, now: datetime, looks: int = 5) -> dict[str, float]:
    """One day's: a look for the first hundred, then all that are due brought into the outbox."""
    look, whole, watch = Cost(), Cost(), Watch(world.database)
    async with watch.piece(look):
        for _ in range(looks):
            await world.database.read(_due, now)
    async with watch.piece(whole):
        counts = await send_due(world.database, world.vault, now, _LINES)
    await world.database.run(reminders.drop_late, now + timedelta(days=1))  # nothing is left
    due = counts["queued"] + counts["waiting"] + counts["unwelcome"] + counts["late"]
    return {
        "reminders_due": due,
        "reminders_look_cpu_ms": 1000 * look.used() / looks,
        "reminders_ms": 1000 * whole.p50(),
        "reminder_cpu_ms": 1000 * whole.used() / max(1, due),
    }


def _due(session: Session, now: datetime) -> int:
    return len(reminders.due(session, now, limit=CLAIMED))


async def _campaign(world: World, number: int, often: Often) -> dict[str, float]:
    """Pages of a campaign for everybody, frozen and queued, and claims of it."""
    database, frozen, fed = world.database, Cost(), Cost()
    watch, terms = Watch(database), await _began(database, number, "")
    for _ in range(min(often.pages, max(1, world.contacts // PAGE))):
        async with watch.piece(frozen):
            await database.run(freezing.page, terms, PAGE)
    await database.run(_set_running, number)
    rows: list[int] = []
    while len(rows) < len(frozen.took) and (not rows or rows[-1] == QUEUED):
        async with watch.piece(fed):
            rows.append(await database.run(feeding.feed, number, "telegram", QUEUED, NOW))
    await settle_down(database, "outbox, campaign_recipient")
    claims = await _claims(world, often.claims)
    await database.run(feeding.stop, number, NOW)  # nothing is left
    paces = [many / took for many, took in zip(rows, fed.took, strict=True)]
    return {
        "page_ms": 1000 * frozen.p50(),
        "page_cpu_ms": 1000 * frozen.used(),
        "queued_rows_a_second": median(paces),
        "queued_cpu_us": 1e6 * fed.used() / median(rows),
        **claims,
    }


async def _claims(world: World, many: int) -> dict[str, float]:
    database, cost, watch = world.database, Cost(), Watch(world.database)
    words = outbox.sealed_content(world.vault, campaign_world.TEXT)
    ended: list[Outcome] = []
    for number in range(many):
        claim = Claim(f"growth {number}", ("telegram",), CLAIMED, NOW)
        async with watch.piece(cost):
            rows = await database.batch(sending.claim, claim)
        ended += [Outcome(row.id, OutboxState.SENT, NOW, payload=words) for row in rows]
    await database.run(sending.settle, ended)
    return {
        "claim_p50_ms": 1000 * cost.p50(),
        "claim_p99_ms": 1000 * cost.p99(),
        "claim_cpu_ms": 1000 * cost.used(),
        "claimed": len(ended) / many,
    }


async def _county(database: Database, number: int) -> dict[str, float]:
    """Every page of a campaign for the people of one area, who are as many at all sizes."""
    whole, terms = Cost(), await _began(database, number, AREA)
    async with Watch(database).piece(whole):
        while await database.run(freezing.page, terms, LARGEST_PAGE):
            pass
    return {
        "county_freeze_ms": 1000 * whole.p50(),
        "county_freeze_cpu_ms": 1000 * whole.used(),
    }


async def _began(database: Database, number: int, area: str) -> Terms:
    """A campaign that was submitted, for everybody of an area."""
    await database.run(campaign_world.add, campaign_world.campaign(number, area))
    terms = await database.read(freezes.terms_of, _office(area), number, _LINES, NOW)
    assert terms is not None
    return terms


def _office(area: str) -> Office:
    return Office(Gazetteer(), area)


def _set_running(session: Session, number: int) -> None:
    campaign: Any = campaign_drafts.find(session, number)
    campaign.state = CampaignState.RUNNING.value
