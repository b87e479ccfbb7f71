"""Each in turn is told to stop, or to begin anew, while people write: nothing is lost."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest

from tests.support import database as databases
from tests.support.bot_api import TOKEN, BotApi
from tests.support.program import Program

PARTS = ("web", "worker", "worker", "sender", "sender", "scheduler")
PEOPLE = range(100, 110)
SOON = 45.0  # seconds: what the service's files give a stop


@pytest.fixture
async def store(postgres_url: str) -> AsyncIterator[str]:
    """A database of its own."""
    url = await databases.fresh(postgres_url)
    yield url
    await databases.drop(postgres_url, url)


@asynccontextmanager
async def _house(folder: Path, store: str, api: BotApi) -> AsyncIterator[list[Program]]:
    settings = {
        "GUIYAN_DATABASE_URL": store,
        "GUIYAN_SECRET_KEY": "k" * 32,
        "GUIYAN_AREAS": "定陶",
        "GUIYAN_TELEGRAM_TOKEN": TOKEN,
        "GUIYAN_TELEGRAM_BASE_URL": api.url,
    }
    async with AsyncExitStack() as stack:
        programs = []
        for number, part in enumerate(PARTS):
            home = folder / f"{part}{number}"
            home.mkdir()
            programs.append(await stack.enter_async_context(Program(home, settings)))
            await programs[-1].start("--only", part)
        yield programs


async def _stop_and_go_on(program: Program, part: str) -> tuple[int, float]:
    """Its exit status and how many seconds the stop took."""
    began = time.monotonic()
    status = await program.stop()
    took = time.monotonic() - began
    await program.start("--only", part)
    return status, took


async def _begin_anew(program: Program, _part: str) -> tuple[int, float]:
    """The same by one signal; what it took with the new start."""
    began = time.monotonic()
    await program.read_anew()
    return 0, time.monotonic() - began


@pytest.mark.parametrize("go_on", [_stop_and_go_on, _begin_anew])
async def test_whoever_stops_ends_soon_and_nothing_is_lost_or_doubled(
    tmp_path: Path, store: str, go_on: Callable[[Program, str], Awaitable[tuple[int, float]]]
) -> None:
    async with BotApi() as api, _house(tmp_path, store, api) as programs:
        over = asyncio.Event()

        async def write() -> int:
            said = 0
            while not over.is_set():
                for person in PEOPLE:
                    api.say(person, "首页")
                said += 1
                await asyncio.sleep(1.0)
            return said

        writing = asyncio.create_task(write())
        ends = []
        for program, part in zip(programs, PARTS, strict=True):
            await asyncio.sleep(1.0)
            ends.append(await go_on(program, part))
        over.set()
        said = await writing
        await api.sent_count((said + 1) * len(PEOPLE), 60)
        await asyncio.sleep(1.0)  # a second copy would come now
        answered = Counter(one.chat for one in api.sent)
    assert [status for status, _ in ends] == [0] * len(PARTS)
    assert max(took for _, took in ends) < SOON, ends
    assert set(answered.values()) == {said + 1}  # the first answer introduces itself
