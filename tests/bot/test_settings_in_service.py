"""Settings of a service that runs: SIGHUP reads them anew, in each process for itself."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.support import database as databases
from tests.support.program import Program

FORMER, NEXT = "tel:+86-530-0000000", "tel:+86-530-0000001"


@pytest.fixture
async def two(postgres_url: str, tmp_path: Path) -> AsyncIterator[list[Program]]:
    """Processes that take messages in, over one store, each with a file of settings."""
    url = await databases.fresh(postgres_url)
    shared = {"GUIYAN_DATABASE_URL": url, "GUIYAN_SECRET_KEY": "k" * 32, "GUIYAN_AREAS": "定陶"}
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
        _write(folder, f'security_contact = "{FORMER}"')
    one, other = (Program(folder, shared) for folder in folders)
    async with one, other:
        for program in (one, other):
            await program.start("--only", "intake")
        yield [one, other]
    await databases.drop(postgres_url, url)


def _write(folder: Path, line: str) -> None:
    (folder / "guiyan.toml").write_text(line, encoding="utf-8")


async def _told(programs: list[Program]) -> list[str]:
    """Whom each names."""
    told = []
    async with aiohttp.ClientSession() as client:
        for program in programs:
            async with client.get(f"{program.address}/.well-known/security.txt") as answer:
                page = await answer.text()
            told += [one for one in (FORMER, NEXT) if f"Contact: {one}" in page]
    return told


async def test_each_reads_them_anew_when_it_is_told(two: list[Program], tmp_path: Path) -> None:
    assert await _told(two) == [FORMER, FORMER]
    for folder, program, told in zip(
        ("one", "two"), two, ([NEXT, FORMER], [NEXT, NEXT]), strict=True
    ):
        _write(tmp_path / folder, f'security_contact = "{NEXT}"')
        await program.read_anew()
        assert (await _told(two), program.is_running) == (told, True)
    assert [await program.stop() for program in two] == [0, 0]


async def test_wrong_ones_are_told_and_change_nothing(two: list[Program], tmp_path: Path) -> None:
    _write(tmp_path / "one", 'http_port = "none"')
    two[0].send_signal(signal.SIGHUP)
    async with asyncio.timeout(10):
        while "settings not read anew" not in two[0].log():  # noqa: ASYNC110 (another process)
            await asyncio.sleep(0.05)
    assert "GUIYAN_HTTP_PORT" in two[0].log()
    assert await _told(two) == [FORMER, FORMER]


async def test_a_terminal_that_is_closed_ends_it(tmp_path: Path) -> None:
    _, its_side = os.openpty()
    async with Program(tmp_path, {"GUIYAN_AREAS": "定陶"}, stdin=its_side) as program:
        await program.start()
        assert await program.hang_up() == 0
