"""`guiyan partition`: what an operator sees of it; the partitions are in tests/records."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cli import main
from tests.support import database as databases
from tests.support.program import clean_environment


@pytest.fixture
async def store(postgres_url: str) -> AsyncIterator[str]:
    """A database whose tables are whole."""
    url = await databases.empty(postgres_url)
    await databases.migrate(url)
    yield url
    await databases.drop(postgres_url, url)


def _settled(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    for name, value in clean_environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("GUIYAN_DATABASE_URL", url)
    monkeypatch.setenv("GUIYAN_SECRET_KEY", "k" * 32)


def test_it_says_what_it_did_and_that_it_was_done(
    store: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _settled(monkeypatch, store)
    assert main(["partition", "--rows", "100000"]) == 0
    told = ["inbound: 0 rows, partitions of 100,000", "outbox: 0 rows, partitions of 100,000"]
    assert capsys.readouterr().out.splitlines() == told
    assert main(["partition"]) == 0
    assert "already" in capsys.readouterr().out


def test_the_embedded_default_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _settled(monkeypatch, f"sqlite:///{tmp_path}/guiyan.db")
    assert main(["partition"]) == 2
    assert "partitions are PostgreSQL's" in capsys.readouterr().err


async def test_an_older_schema_is_brought_up_first(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    url = await databases.empty(postgres_url)
    _settled(monkeypatch, url)
    status = await asyncio.to_thread(main, ["partition"])  # it has a loop of its own
    assert (status, "guiyan migrate" in capsys.readouterr().err) == (1, True)
    await databases.drop(postgres_url, url)
