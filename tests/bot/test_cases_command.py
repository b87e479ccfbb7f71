"""`guiyan case`: lists without names, what is owed, texts to copy, refusals in a sentence."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import load
from bot.wiring import App, build
from outreach.cases import moving, serving
from outreach.cases.publishing import Leave
from records.database import Session
from tests.support.told_case import TELLER, told_case


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GUIYAN_DATABASE_URL", f"sqlite:///{tmp_path}/guiyan.db")
    asyncio.run(_filled(f"sqlite:///{tmp_path}/guiyan.db"))


async def _filled(url: str) -> None:
    app = build(load({"GUIYAN_DATABASE_URL": url}), channels={})
    await app.open()
    await app.database.run(_told, app)
    await app.database.close()


def _told(session: Session, app: App) -> None:
    now = app.now() - timedelta(hours=1)
    case = told_case(session, app.vault, now, Leave.NAMELESS)
    moving.nominate(session, app.vault, case.number, why="稳", by="小陈", now=now)
    serving.ask(session, app.vault, case, months=12, by="小刘", now=now)
    serving.answered(session, app.vault, TELLER, says_yes=True, channel="fake", now=now)


@pytest.mark.parametrize(
    ("command", "lines"),
    [
        (["list", "--area", "定陶"], ["1  371703  典型  蘑菇  能讲，不带名字  told"]),
        (["count"], ["recommended 1  missing 4", "counties 1"]),
        (["count", "--area", "湘潭"], ["湘乡  recommended 0  missing 5"]),
        (
            ["card", "--staff", "小刘"],
            ["【创业不用去远方】定陶", "一位老乡", "带动12人（2026年1月1日）"],
        ),
        (["material", "1", "--staff", "小刘"], ["宣传大使", "一位老乡", "不打包票"]),
        (["nominations"], ["(no leave for the name)  蘑菇  小陈: 稳"]),
        (["practice", "--area", "定陶"], ["定陶返乡创业典型做法", "案例1 蘑菇（不留名）", "难处"]),
        (["show", "1", "--staff", "小刘"], ["案例1 典型 老周", "正在讲"]),
    ],
)
def test_what_is_printed(
    command: list[str], lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["case", *command]) == 0
    out = capsys.readouterr().out
    assert [line for line in lines if line not in out] == []
    assert command[0] == "show" or "老周" not in out


def test_a_case_that_is_withdrawn_has_no_card(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["case", "card", "1", "--staff", "小陈"]) == 0
    assert main(["case", "withdraw", "1", "--staff", "小刘", "--why", "错"]) == 0
    assert capsys.readouterr().out.endswith("not told any more; 1 cards are called back\n")
    assert main(["case", "card", "--staff", "小陈"]) == 1


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["show", "9", "--staff", "小刘"], "there is no case 9 that 小刘 looks after"),
        (["show", "1", "--staff", "没有"], "there is no 没有 among the staff"),
        (["list", "--area", "火星"], "no area is called 火星"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    command: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["case", *command]) != 0
    assert capsys.readouterr().err.startswith(sentence)
