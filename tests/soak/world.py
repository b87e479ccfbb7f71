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

from records import schema
from records.database import Database
from records.vault import Vault
from tests.chaos.fleet import Fleet
from tests.chaos.machines import HERE
from tests.chaos.server import Server, free_port
from tests.soak import staff
from tests.support import county
from tests.support.bot_api import TOKEN, BotApi
from tests.support.bot_api_limits import SendLimits
from tests.support.wecom.server import WeCom

SECRET = "a key that only tests ever use, long"
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
    ahead = county.until_the_morning(datetime.now(UTC))
    try:
        await schema.migrate(database)
        vault, now = Vault(SECRET), datetime.now(UTC) + ahead
        await county.begin(database, vault, people, now)
        await database.run(staff.sign_in, vault, now)
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
    api.ahead = ahead.total_seconds()
    wecom.clock.advance(api.ahead)


def _settings(url: str, api: BotApi, wecom: WeCom, ahead: timedelta) -> dict[str, str]:
    return {
        **wecom.settings(),
        "GUIYAN_DATABASE_URL": url,
        "GUIYAN_SECRET_KEY": SECRET,
        "GUIYAN_AREAS": "定陶",  # who asks for a human is this county's
        "GUIYAN_TELEGRAM_TOKEN": TOKEN,
        "GUIYAN_TELEGRAM_BASE_URL": api.url,
        "GUIYAN_NOW": county.as_setting(ahead),
    }
