"""The service as a process: healthy, closed to strangers, stopped cleanly."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.support.bot_api import TOKEN, BotApi
from tests.support.program import Program

SECRET = "a-webhook-secret"
UPDATE = {
    "update_id": 1,
    "message": {
        "message_id": 1,
        "date": 1,
        "chat": {"id": 7, "type": "private"},
        "from": {"id": 7, "is_bot": False, "first_name": "x"},
        "text": "定陶个体户能贷多少",
    },
}


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as api:
        api.behaviour.knows_everybody = True
        yield api


@pytest.fixture
async def program(tmp_path: Path, api: BotApi) -> AsyncIterator[Program]:
    settings = {
        "GUIYAN_AREAS": "定陶",
        "GUIYAN_TELEGRAM_TOKEN": TOKEN,
        "GUIYAN_TELEGRAM_BASE_URL": api.url,
        "GUIYAN_TELEGRAM_MODE": "webhook",
        "GUIYAN_TELEGRAM_WEBHOOK_SECRET": SECRET,
        "GUIYAN_PUBLIC_URL": "http://127.0.0.1:9",
    }
    async with Program(tmp_path, settings) as program:
        await program.start()
        await program.ready()
        yield program


@pytest.fixture
async def client(program: Program) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(program.address) as client:
        yield client


async def _metric(client: aiohttp.ClientSession, name: str) -> float:
    async with client.get("/metrics") as answer:
        lines = (await answer.text()).splitlines()
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if line.startswith(name))


async def test_it_says_that_it_is_alive_and_ready(client: aiohttp.ClientSession) -> None:
    async with client.get("/healthz") as alive, client.get("/readyz") as ready:
        assert (alive.status, ready.status) == (200, 200)
        assert set((await ready.json()).values()) == {"ok"}


async def test_a_channel_at_fault_does_not_take_the_pages_away(tmp_path: Path) -> None:
    """A balancer that passed this process by would take the working channels with it."""
    settings = {"GUIYAN_TELEGRAM_TOKEN": TOKEN, "GUIYAN_TELEGRAM_BASE_URL": "http://127.0.0.1:9"}
    async with Program(tmp_path, settings) as program:
        await program.start()
        async with aiohttp.ClientSession(program.address) as client:
            while True:
                async with client.get("/readyz") as ready:
                    told = await ready.json()
                if told["entries"] == "ok" and told["telegram"] != "ok":
                    break
                await asyncio.sleep(0.1)
            async with client.get("/chat") as page:
                assert (ready.status, page.status) == (200, 200)


async def test_nobody_is_named_for_holes_until_the_settings_do(
    client: aiohttp.ClientSession,
) -> None:
    async with client.get("/.well-known/security.txt") as answer:
        assert answer.status == 404


async def test_a_webhook_with_the_secret_is_answered(
    client: aiohttp.ClientSession, api: BotApi
) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with client.post("/telegram/main", json=UPDATE, headers=headers) as answer:
        assert answer.status == 200
    sent = await api.sent_count(2, 20)
    assert any("10万元" in message.text for message in sent)


@pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": "guess"}])
async def test_a_webhook_without_the_secret_is_refused_and_not_stored(
    client: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    async with client.post("/telegram/main", json=UPDATE, headers=headers) as answer:
        assert answer.status == 403
    assert await _metric(client, "guiyan_received_total") == 0


async def test_malformed_json_is_refused(client: aiohttp.ClientSession) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with client.post("/telegram/main", data=b"{", headers=headers) as answer:
        assert answer.status == 400


async def test_a_polite_stop_ends_well_and_answers_first(
    client: aiohttp.ClientSession, program: Program, api: BotApi
) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with client.post("/telegram/main", json=UPDATE, headers=headers) as answer:
        assert answer.status == 200
    assert await program.stop() == 0
    assert len(api.sent) >= 2
    assert "Traceback" not in program.log()


async def test_a_used_port_gets_a_sentence(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        program = Program(tmp_path, {"GUIYAN_AREAS": "定陶"})
        with pytest.raises(RuntimeError, match="cannot listen on"):
            await program.start("--port", str(taken.getsockname()[1]))
        await asyncio.sleep(0)


async def test_no_message_and_no_secret_is_in_the_log(
    client: aiohttp.ClientSession, program: Program, api: BotApi
) -> None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with client.post("/telegram/main", json=UPDATE, headers=headers):
        pass
    await api.sent_count(2, 20)
    await program.stop()
    assert not any(secret in program.log() for secret in (TOKEN, SECRET, "个体户"))
