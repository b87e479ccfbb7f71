"""Two processes take in by a webhook, one is killed -9 as it acknowledges: nothing is lost."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from records.database import Database
from tests.support import database as databases
from tests.support.bot_api import TOKEN, BotApi
from tests.support.chatting import SECRET, check, keep_talking, until_quiet
from tests.support.front import Front, before
from tests.support.program import Program

KILLS = 6
PAUSE = 0.01  # seconds between two messages: something is nearly always being stored
PARTS = ("intake", "intake", "worker", "sender")


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        api.behaviour.latency = (0.02, 0.05)
        api.behaviour.knows_everybody = True
        api.updates.retry_first = 0.1
        yield api


@pytest.fixture
async def store(postgres_url: str) -> AsyncIterator[str]:
    url = await databases.fresh(postgres_url)
    yield url
    await databases.drop(postgres_url, url)


async def test_what_was_acknowledged_is_answered_once(
    api: BotApi, store: str, tmp_path: Path
) -> None:
    said = asyncio.Event()
    async with _house(api, store, tmp_path) as front:
        talk = asyncio.create_task(keep_talking(api, said, PAUSE))
        for _ in range(KILLS):
            await asyncio.sleep(random.uniform(0.05, 0.6))
            await _kill_and_start(random.choice(front.programs))
        said.set()
        asked = await talk
        await api.until(lambda: not api.updates.pending, 60)
        database = Database(store)
        await until_quiet(database)
    await check(api, database, asked, doubtful=0)
    assert front.answers[200] >= asked
    await database.close()


async def _kill_and_start(program: Program) -> None:
    """The other one goes on meanwhile."""
    await program.kill()
    await asyncio.sleep(random.uniform(0.0, 0.5))
    await program.start("--only", "intake")
    await program.ready()


@asynccontextmanager
async def _house(api: BotApi, store: str, folder: Path) -> AsyncIterator[Front]:
    settings = {
        "GUIYAN_DATABASE_URL": store,
        "GUIYAN_SECRET_KEY": SECRET,
        "GUIYAN_AREAS": "定陶",
        "GUIYAN_TELEGRAM_TOKEN": TOKEN,
        "GUIYAN_TELEGRAM_BASE_URL": api.url,
        "GUIYAN_TELEGRAM_MODE": "webhook",
        "GUIYAN_TELEGRAM_WEBHOOK_SECRET": "the-webhook-s-secret",
    }
    programs = [Program(folder, settings) for _ in PARTS]
    intakes = [one for one, part in zip(programs, PARTS, strict=True) if part == "intake"]
    async with AsyncExitStack() as stack:
        front = await stack.enter_async_context(before(intakes))
        for program, part in zip(programs, PARTS, strict=True):
            await stack.enter_async_context(program)
            program.settings["GUIYAN_PUBLIC_URL"] = front.address
            await program.start("--only", part)
            await program.ready()
        yield front
