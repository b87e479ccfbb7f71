"""A setting changes as processes are started again, one after another; SIGHUP stops in order."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.support import database as databases
from tests.support.program import Program

FORMER, NEXT = "tel:+86-530-0000000", "tel:+86-530-0000001"


@pytest.fixture
async def two(postgres_url: str, tmp_path: Path) -> AsyncIterator[list[Program]]:
    """Processes that take messages in, over one store."""
    url = await databases.fresh(postgres_url)
    shared = {"GUIYAN_DATABASE_URL": url, "GUIYAN_SECRET_KEY": "k" * 32, "GUIYAN_AREAS": "定陶"}
    folders = [tmp_path / "one", tmp_path / "two"]
    for folder in folders:
        folder.mkdir()
    settings = {**shared, "GUIYAN_SECURITY_CONTACT": FORMER}
    one, other = (Program(folder, settings) for folder in folders)
    async with one, other:
        for program in (one, other):
            await program.start("--only", "intake")
        yield [one, other]
    await databases.drop(postgres_url, url)


async def _told(programs: list[Program]) -> list[str]:
    """Whom each names."""
    told = []
    async with aiohttp.ClientSession() as client:
        for program in programs:
            async with client.get(f"{program.address}/.well-known/security.txt") as answer:
                page = await answer.text()
            told += [one for one in (FORMER, NEXT) if f"Contact: {one}" in page]
    return told


async def test_each_has_the_setting_it_was_started_with(two: list[Program]) -> None:
    assert await _told(two) == [FORMER, FORMER]
    for program, told in zip(two, ([NEXT, FORMER], [NEXT, NEXT]), strict=True):
        program.settings["GUIYAN_SECURITY_CONTACT"] = NEXT
        assert await program.hang_up() == 0
        await program.start("--only", "intake")
        assert await _told(two) == told
