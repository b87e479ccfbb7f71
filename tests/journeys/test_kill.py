"""kill -9 at random moments under load: nothing lost, nothing doubled, nothing out of order."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from records.database import Database
from tests.support.bot_api import TOKEN, BotApi
from tests.support.chatting import SECRET, check, keep_talking, under_way, until_quiet
from tests.support.program import Program
from tests.support.several import the_program

KILLS = int(os.environ.get("GUIYAN_TEST_KILLS", "20"))


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        api.behaviour.latency = (0.02, 0.05)
        api.behaviour.knows_everybody = True
        yield api


async def test_a_thousand_kills_lose_nothing(
    api: BotApi, database_url: str, tmp_path: Path
) -> None:
    said = asyncio.Event()
    database = Database(database_url)
    doubtful = 0
    async with _program(api, database_url, tmp_path) as program:
        await program.start()
        await program.ready()
        talk = asyncio.create_task(keep_talking(api, said))
        for _ in range(KILLS):
            await asyncio.sleep(random.uniform(0.05, 0.6))
            await program.kill()
            doubtful += await database.read(under_way)
            await program.start()
            await program.ready()
        said.set()
        asked = await talk
        await until_quiet(database)
        await program.stop()
    await check(api, database, asked, doubtful)
    await database.close()


def _program(api: BotApi, database_url: str, folder: Path) -> Program:
    settings = {
        "GUIYAN_DATABASE_URL": database_url,
        "GUIYAN_SECRET_KEY": SECRET,
        "GUIYAN_AREAS": "定陶",  # reading one pack takes a fraction of reading all
        "GUIYAN_TELEGRAM_TOKEN": TOKEN,
        "GUIYAN_TELEGRAM_BASE_URL": api.url,
    }
    return the_program(folder, settings)
