"""`guiyan signing`: add, pay in steps, list; what cannot be is one sentence."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import main
from records import events, schema
from records.database import Database
from records.events import EventKind, NewEvent

NOW = datetime(2026, 3, 1, 2, tzinfo=UTC)
ADD = ["signing", "add", "1", "--project", "粉丝厂", "--firm", "甲公司", "--party", "某镇"]


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path}/guiyan.db"
    monkeypatch.setenv("GUIYAN_DATABASE_URL", url)
    asyncio.run(_event(url))


async def _event(url: str) -> None:
    database = Database(url)
    await schema.migrate(database)
    told = NewEvent(EventKind.SIGNING, "签约会", "371703", NOW, "小刘")
    await database.run(events.add, told, NOW)
    await database.close()


def test_money_comes_in_steps(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*ADD, "--planned", "900", "--landed", "100"]) == 0
    assert main(["signing", "paid", "1", "250", "--on", "2026-04-02"]) == 0
    assert capsys.readouterr().out.endswith("signing 1: 350 yuan have landed\n")
    assert main(["signing", "list", "--year", "2026", "--area", "定陶"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].endswith("粉丝厂  甲公司  with 某镇  planned 900 yuan  landed 350 yuan")
    assert lines[2] == "    2026-04-02  250 yuan  typed by terminal"
    assert lines[3] == "projects 1  firms 1  planned 900 yuan  landed 350 yuan"


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["signing", "paid", "9", "5"], "there is no signing 9"),
        (["signing", "add", "7", "--project", "a", "--firm", "b"], "there is no event 7"),
        ([*ADD, "--staff", "没有"], "there is no 没有"),
        (["signing", "paid", "1", "5", "--on", "2999-01-01"], "2999-01-01 is to come"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    command: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(command) == 1
    assert capsys.readouterr().err.startswith(sentence)
