"""kill -9 at random moments under load: nothing lost, nothing doubled, nothing out of order."""

from __future__ import annotations

import asyncio
import os
import random
from collections.abc import AsyncIterator
from itertools import groupby
from pathlib import Path

import pytest

from records import inbound, outbox
from records.database import Database, Session
from records.vault import Vault
from tests.support.bot_api import TOKEN, BotApi
from tests.support.program import Program
from tests.support.several import the_program

KILLS = int(os.environ.get("GUIYAN_TEST_KILLS", "20"))
PEOPLE = 40
BACKLOG = 200  # unanswered messages at which people wait
SECRET = "a key for tests only"
SAYINGS = ["首页", "一次性创业补贴多少钱", "登记", "1", "返回", "谢谢", "创业担保贷款最高多少"]


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
    under_way = 0
    async with _program(api, database_url, tmp_path) as program:
        await program.start()
        await program.ready()
        talk = asyncio.create_task(_keep_talking(api, said))
        for _ in range(KILLS):
            await asyncio.sleep(random.uniform(0.05, 0.6))
            await program.kill()
            under_way += await database.read(_under_way)
            await program.start()
            await program.ready()
        said.set()
        asked = await talk
        await _until_quiet(database)
        await program.stop()
    await _check(api, database, asked, under_way)
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


async def _keep_talking(api: BotApi, until: asyncio.Event) -> int:
    """Everybody says something now and then, while they get answers; how many messages."""
    asked = 0
    while not until.is_set():
        if asked > len(api.sent) + BACKLOG:  # a machine that only ever starts answers nobody
            await asyncio.sleep(0.08)
            continue
        api.say(1000 + asked % PEOPLE, SAYINGS[(asked // PEOPLE) % len(SAYINGS)])
        asked += 1
        await asyncio.sleep(0.08)
    return asked


async def _until_quiet(database: Database) -> None:
    for _ in range(1500):
        if not await database.read(_unfinished):
            return
        await asyncio.sleep(0.2)
    pytest.fail("something is still unanswered five minutes after the last message")


def _unfinished(session: Session) -> bool:
    return bool(inbound.open_conversations(session)) or outbox.waiting(session) > 0


def _under_way(session: Session) -> int:
    return outbox.counts(session).get("sending", 0)


async def _check(api: BotApi, database: Database, asked: int, under_way: int) -> None:
    stored = await database.read(_stored_messages)
    assert stored == asked, "every message is stored exactly once"
    assert await database.read(outbox.counts) == {"sent": await database.read(_queued_messages)}
    for person in range(PEOPLE):
        chat = 1000 + person
        wanted = await database.read(_texts_to, f"telegram:{chat}")
        got = [sent.text for sent in api.sent if sent.chat == chat]
        assert len(wanted) >= asked // PEOPLE, "every message is answered"
        assert _without_repeats(got) == _without_repeats(wanted), "in order, none missing"
    repeats = len(api.sent) - await database.read(_queued_messages)
    assert 0 <= repeats <= under_way, "only what was under way at a kill is repeated"


def _without_repeats(texts: list[str]) -> list[str]:
    return [text for text, _ in groupby(texts)]


def _stored_messages(session: Session) -> int:
    return sum(len(inbound.history(session, f"telegram:{1000 + p}", 10**6)) for p in range(PEOPLE))


def _queued_messages(session: Session) -> int:
    return sum(outbox.counts(session).values())


def _texts_to(session: Session, conversation: str) -> list[str]:
    vault = Vault(SECRET)
    rows = outbox.latest(session, conversation, 10**6)
    return [outbox.as_outgoing(row, vault).text for row in rows]
