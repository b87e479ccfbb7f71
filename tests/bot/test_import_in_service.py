"""A spreadsheet that an operator brings in is the next answer of the program that runs."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.cli import main
from tests.knowledge.exchange.tables import CAP, by_hand
from tests.support.asking import Asker
from tests.support.program import Program

SETTINGS = {"GUIYAN_AREAS": "定陶", "GUIYAN_SECRET_KEY": "a key for tests only, and nothing else"}
RAISED = {"编号": CAP, "数字": "cap｜120000｜元｜最高｜最高12万元"}
BOTH, SOLE = "定陶创业担保贷款最高能贷多少", "定陶个体户创业担保贷款最高多少"


async def test_an_import_is_the_next_answer_of_a_running_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "in.xlsx").write_bytes(by_hand([RAISED]))
    async with Program(tmp_path, SETTINGS) as program:
        address = await program.start()
        await program.ready()
        async with Asker(address) as asker:
            assert "最高10万元" in await asker.ask(BOTH)
            assert await asyncio.to_thread(main, ["knowledge", "import", "in.xlsx"]) == 0
            assert "最高12万元" in await asker.ask(BOTH)
            assert "最高12万元" in await asker.ask(SOLE)
