"""A sender told to stop while the store is away ends in order: its lease ends by itself."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.bot_api import TOKEN, BotApi
from tests.support.postgres import Postgres
from tests.support.program import Program


@pytest.fixture
def server() -> Iterator[Postgres]:
    """A PostgreSQL that a test may crash; it does not run at the end."""
    server = Postgres()
    server.start()
    yield server
    server.remove()


async def test_it_ends_in_order(server: Postgres, tmp_path: Path) -> None:
    async with BotApi() as api:
        wire = {"GUIYAN_TELEGRAM_TOKEN": TOKEN, "GUIYAN_TELEGRAM_BASE_URL": api.url}
        shared = {"GUIYAN_DATABASE_URL": server.url, "GUIYAN_SECRET_KEY": "k" * 32}
        async with Program(tmp_path, {**wire, **shared}) as sender:
            await sender.start("--only", "sender")
            await sender.ready()
            server.stop(signal.SIGQUIT)
            assert await sender.stop() == 0
            assert "stopped before all was done" in sender.log()
