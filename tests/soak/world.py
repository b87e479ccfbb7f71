"""A county at work: the program as eight processes over PostgreSQL, people, a campaign, staff."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.benching import campaign_world
from knowledge.areas import Gazetteer
from outreach.calendars import CHINA
from outreach.campaigns import freezing
from outreach.reach import Lines
from outreach.segments import Office
from records import campaign_drafts, schema
from records.campaigns import CampaignState
from records.database import Database, Session
from records.keyring import open_store
from records.vault import Vault
from tests.chaos.fleet import Fleet
from tests.chaos.machines import HERE
from tests.chaos.server import Server, free_port
from tests.soak import staff
from tests.support.bot_api import TOKEN, BotApi
from tests.support.bot_api_limits import SendLimits
from tests.support.wecom.server import WeCom

SECRET = "a key that only tests ever use, long"
CAMPAIGN = 1
_LATENCY = (0.02, 0.08)  # seconds that a call of a provider takes


@dataclass(frozen=True, slots=True)
class World:
    """All that runs."""

    database: Database
    api: BotApi
    wecom: WeCom
    fleet: Fleet

    @property
    def address(self) -> str:
        """Of the process that takes messages in and serves pages."""
        return self.fleet.members[0].program.address


@asynccontextmanager
async def a_county(folder: Path, people: int, tell: Callable[[str], None]) -> AsyncIterator[World]:
    """Everything started and ready, with a campaign under way to so many people."""
    os.chmod(folder, 0o755)  # the store's server is another user's
    store = Server(HERE, folder / "store", free_port(), is_small=False)
    await asyncio.to_thread(store.make)
    await asyncio.to_thread(store.start)
    url = f"postgresql://postgres@{HERE.address}:{store.port}/postgres"
    database = Database(url)
    ahead = _until_ten(datetime.now(UTC))
    try:
        await schema.migrate(database)
        await _fill(database, people, datetime.now(UTC) + ahead)
        tell("everybody is made up, and the campaign frozen")
        async with BotApi() as api, WeCom() as wecom:
            _as_over_a_line(api, wecom, ahead)
            fleet = Fleet(folder, _settings(url, api, wecom, ahead), None)
            try:
                await fleet.start()
                await wecom.listen(fleet.members[0].program.address)
                yield World(database, api, wecom, fleet)
            finally:
                await fleet.end()
    finally:
        await database.close()
        await asyncio.to_thread(store.stop, signal.SIGINT)


def _as_over_a_line(api: BotApi, wecom: WeCom, ahead: timedelta) -> None:
    api.behaviour.latency = wecom.latency = _LATENCY
    api.behaviour.knows_everybody = True
    api.behaviour.limits = SendLimits()
    wecom.clock.advance(ahead.total_seconds())


def _until_ten(now: datetime) -> timedelta:
    """Campaigns rest at night: it is the next ten in the morning in China, to the minute."""
    there = now.astimezone(CHINA)
    ten = there.replace(hour=10, minute=0, second=0, microsecond=0)
    ahead = ten - there if ten > there else ten + timedelta(days=1) - there
    return timedelta(minutes=ahead // timedelta(minutes=1))


async def _fill(database: Database, people: int, now: datetime) -> None:
    vault = Vault(SECRET)
    await open_store(database, vault, now)
    await campaign_world.fill(database, vault, people)
    await database.run(campaign_world.add, campaign_world.campaign(CAMPAIGN))
    office = Office(Gazetteer(), campaign_world.AREA)
    await freezing.freeze(database, office, CAMPAIGN, Lines(frozenset({"telegram"})), now)
    await database.run(_begin, now)
    await database.run(staff.sign_in, vault, now)
    await database.analyse()  # as the service does every hour


def _begin(session: Session, now: datetime) -> None:
    campaign = campaign_drafts.find(session, CAMPAIGN)
    assert campaign is not None
    campaign.state = CampaignState.RUNNING.value


def _settings(url: str, api: BotApi, wecom: WeCom, ahead: timedelta) -> dict[str, str]:
    minutes = ahead // timedelta(minutes=1)
    return {
        **wecom.settings(),
        "GUIYAN_DATABASE_URL": url,
        "GUIYAN_SECRET_KEY": SECRET,
        "GUIYAN_AREAS": "定陶",  # who asks for a human is this county's
        "GUIYAN_TELEGRAM_TOKEN": TOKEN,
        "GUIYAN_TELEGRAM_BASE_URL": api.url,
        "GUIYAN_NOW": f"+{minutes // 60}:{minutes % 60:02}",
    }
