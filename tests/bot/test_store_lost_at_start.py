"""A worker whose connections are thrown out while it reads the entries goes on by itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from tests.support import database as databases
from tests.support.program import Program

_THROW_OUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


@pytest.fixture
async def store(postgres_url: str) -> AsyncIterator[str]:
    """A database of its own."""
    url = await databases.fresh(postgres_url)
    yield url
    await databases.drop(postgres_url, url)


async def _throw_out(connection: asyncpg.Connection, seconds: float) -> None:
    """Everybody else, again and again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        await connection.execute(_THROW_OUT)
        await asyncio.sleep(0.005)


async def test_a_worker_goes_on(tmp_path: Path, store: str) -> None:
    settings = {"GUIYAN_DATABASE_URL": store, "GUIYAN_SECRET_KEY": "k" * 32}
    connection = await asyncpg.connect(store)  # before: entries are read in a moment
    async with Program(tmp_path, settings) as worker:
        await worker.start("--only", "worker")
        await _throw_out(connection, 3.0)
        await connection.close()
        await worker.ready()
        assert worker.is_running
        assert "entries not read, will try again" in worker.log()
