"""Traces of the real program: one message is one trace, in whichever processes it was done."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.support.bot_api import TOKEN, BotApi
from tests.support.collector import Collector
from tests.support.database import fresh
from tests.support.program import Program, clean_environment

SECRET = "a-webhook-secret"
CHAT, NAME, WORDS = 71530917, "卜算子", "定陶个体户能贷多少"
STEPS = ["received", "stored", "advanced", "answered", "queued", "claimed", "sent", "settled"]


def _update(number: int) -> dict[str, object]:
    sender = {"id": CHAT, "is_bot": False, "first_name": NAME}
    chat = {"id": CHAT, "type": "private"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": sender, "text": WORDS}
    return {"update_id": number, "message": message}


async def _say(address: str, number: int = 1) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with aiohttp.ClientSession(address) as client:
        post = client.post("/telegram/main", json=_update(number), headers=headers)
        async with post as answer:
            assert answer.status == 200


def _settings(api: BotApi, traces: str) -> dict[str, str]:
    return {
        "GUIYAN_AREAS": "定陶",
        "GUIYAN_TELEGRAM_TOKEN": TOKEN,
        "GUIYAN_TELEGRAM_BASE_URL": api.url,
        "GUIYAN_TELEGRAM_MODE": "webhook",
        "GUIYAN_TELEGRAM_WEBHOOK_SECRET": SECRET,
        "GUIYAN_PUBLIC_URL": "http://127.0.0.1:9",
        "GUIYAN_TRACES_URL": traces,
    }


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        api.behaviour.knows_everybody = True
        yield api


@pytest.fixture
async def collector() -> AsyncIterator[Collector]:
    async with Collector() as collector:
        yield collector


def _is_whole(spans: Iterable[Span]) -> bool:
    return sum(span.name == "settled" for span in spans) >= 2 and {s.name for s in spans} >= set(
        STEPS
    )


async def _traced(folder: Path, api: BotApi, collector: Collector) -> list[Span]:
    async with Program(folder, _settings(api, collector.url)) as program:
        await program.start()
        await program.ready()
        await _say(program.address)
        return await collector.until(_is_whole)


async def test_a_message_is_one_trace_with_its_steps_in_order(
    tmp_path: Path, api: BotApi, collector: Collector
) -> None:
    spans = await _traced(tmp_path, api, collector)
    assert len({span.trace_id for span in spans}) == 1
    assert list(dict.fromkeys(span.name for span in spans)) == STEPS
    root = spans[0]
    assert not root.parent_span_id
    assert {span.parent_span_id for span in spans[1:]} == {root.span_id}
    assert len({span.span_id for span in spans}) == len(spans)


async def test_a_trace_tells_nothing_of_anybody(
    tmp_path: Path, api: BotApi, collector: Collector
) -> None:
    await _traced(tmp_path, api, collector)
    told = b"".join(collector.bodies)
    assert b"decision" in told  # attributes are there
    assert not any(str(word).encode() in told for word in (CHAT, NAME, WORDS, "贷", TOKEN))


async def test_two_processes_join_one_trace(
    tmp_path: Path, api: BotApi, collector: Collector, postgres_url: str
) -> None:
    settings = _settings(api, collector.url) | {
        "GUIYAN_DATABASE_URL": await fresh(postgres_url),
        "GUIYAN_SECRET_KEY": "0123456789abcdef" * 3,
    }
    async with AsyncExitStack() as running:
        web, sender = (Program(tmp_path, settings) for _ in range(2))
        for program, part in ((web, "web"), (sender, "sender")):
            await running.enter_async_context(program)
            await program.start("--only", part)
        await web.ready()
        await _say(web.address)
        spans = await collector.until(_is_whole)
    assert len({span.trace_id for span in spans}) == 1


async def test_another_message_is_another_trace_and_a_repeated_call_is_none(
    tmp_path: Path, api: BotApi, collector: Collector
) -> None:
    async with Program(tmp_path, _settings(api, collector.url)) as program:
        await program.start()
        await program.ready()
        for number in (1, 1, 2):
            await _say(program.address, number)
        spans = await collector.until(
            lambda spans: len({s.trace_id for s in spans if s.name == "settled"}) == 2
        )
    assert sum(span.name == "received" for span in spans) == 2


async def test_a_collector_that_is_away_keeps_nobody_waiting(tmp_path: Path, api: BotApi) -> None:
    async with Program(tmp_path, _settings(api, "http://127.0.0.1:9")) as program:
        await program.start()
        await program.ready()
        await _say(program.address)
        assert await api.sent_count(2, 20)
        began = time.monotonic()
        assert await program.stop() == 0
        assert time.monotonic() - began < 8


def test_off_nothing_of_it_is_loaded(tmp_path: Path) -> None:
    script = (
        "import sys, bot.commands.service, bot.settings, bot.wiring; "
        "app = bot.wiring.build(bot.settings.load({}), channels={}); "
        "assert app.tracing is None and app.database.watch is None; "
        "assert not any(name.startswith('opentelemetry') for name in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, env=clean_environment(), check=False
    )
    assert done.returncode == 0


def test_without_its_packages_the_start_says_what_to_install(tmp_path: Path) -> None:
    (tmp_path / "opentelemetry.py").write_text("raise ModuleNotFoundError(name='opentelemetry')")
    settings = {"GUIYAN_TRACES_URL": "http://127.0.0.1:9"}
    paths = f"{tmp_path}:{clean_environment()['PYTHONPATH']}"
    done = subprocess.run(
        [sys.executable, "-m", "bot", "run", "--port", "0"],
        cwd=tmp_path,
        env=clean_environment() | settings | {"PYTHONPATH": paths},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "pip install -r requirements-traces.lock" in done.stderr
