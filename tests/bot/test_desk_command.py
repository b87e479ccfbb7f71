"""`guiyan desk` for those whom a servicer talks with: who has them, and what waits."""

from __future__ import annotations

import asyncio
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli import CommandError, main
from bot.commands import desk as command
from bot.settings import Settings, load
from bot.wiring import App, build
from records import send_budgets, tickets
from records.database import Session
from records.send_budgets import Closing
from records.tickets import NewTicket, TicketKind

TALK = "wecom_kf:wk1/wm1"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A store with one request, T1."""
    given = {"GUIYAN_DATABASE_URL": f"sqlite:///{tmp_path}/guiyan.db", "GUIYAN_AREAS": "定陶"}
    settings = load(given, tmp_path)
    asyncio.run(_with_request(settings))
    return settings


async def _with_request(settings: Settings) -> None:
    app = build(settings, channels={})
    await app.open()
    await app.database.run(_raise, app)
    await app.database.close()


def _raise(session: Session, app: App) -> None:
    new, chat = NewTicket("T1", TicketKind.TALK, "想问贷款", is_live=True), TALK.partition(":")[2]
    at = app.now()
    tickets.raise_ticket(session, app.vault, new, channel="wecom_kf", chat=chat, at=at)
    send_budgets.reopen(session, {TALK: at}, {})


async def _hand_over(settings: Settings, servicer: str) -> None:
    why = Closing.HANDED_OVER
    await _change(settings, lambda s: send_budgets.close(s, TALK, why, servicer=servicer))


async def _wrote(settings: Settings, hours: int, used: int) -> None:
    """The person wrote so many hours ago, and was sent so many messages since."""

    def work(session: Session) -> None:
        send_budgets.erase(session, TALK)
        send_budgets.reopen(session, {TALK: datetime.now(UTC) - timedelta(hours=hours)}, {})
        send_budgets.take(session, TALK, used)

    await _change(settings, work)


async def _change(settings: Settings, work: Callable[[Session], object]) -> None:
    app = build(settings, channels={})
    await app.database.run(work)
    await app.database.close()


def _desk(settings: Settings, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    action, number, text = (*words, "", "")[:3]
    options = Namespace(action=action, number=number, text=text, staff="小刘")
    assert command.desk(options, settings) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize(("servicer", "name"), [("LiSi", "LiSi"), ("", "别的同事")])
def test_who_has_the_talk_is_said(
    settings: Settings, capsys: pytest.CaptureFixture[str], servicer: str, name: str
) -> None:
    asyncio.run(_hand_over(settings, servicer))
    for action in (["list"], ["show", "T1"]):
        assert f"{name}正在微信客服里接待" in _desk(settings, capsys, *action)


def test_a_reply_to_whom_a_servicer_has_is_said_to_wait(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(_hand_over(settings, "LiSi"))
    said = _desk(settings, capsys, "reply", "T1", "在吗")
    assert "还没发给对方（T1）：LiSi正在微信客服里接待" in said


def test_each_action_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["desk", "--help"])
    listed = {line.split()[0] for line in capsys.readouterr().out.splitlines() if line.split()[1:]}
    assert listed >= {"list", "show", "take", "reply", "close"}


LATER = "存下了，还没发给对方（T1）"


@pytest.mark.parametrize(
    ("hours", "used", "said"),
    [(47, 4, "已发给对方"), (49, 0, LATER), (1, 5, LATER)],
    ids=["the last of five", "expired", "used up"],
)
def test_a_reply_that_must_wait_is_said_to_wait(
    settings: Settings, capsys: pytest.CaptureFixture[str], hours: int, used: int, said: str
) -> None:
    asyncio.run(_wrote(settings, hours, used))
    assert said in _desk(settings, capsys, "reply", "T1", "在吗")


def test_before_one_answers_it_is_said_that_it_would_wait(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(_wrote(settings, 49, 0))
    assert "眼下发不到对方手里" in _desk(settings, capsys, "show", "T1")


def test_whom_nothing_reaches_is_not_said_to_be_answered(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(_change(settings, lambda s: send_budgets.close(s, TALK, Closing.REFUSED)))
    assert "收不到消息了" in _desk(settings, capsys, "show", "T1")
    with pytest.raises(CommandError, match="没有发：T1的人"):
        _desk(settings, capsys, "reply", "T1", "在吗")
    assert "在吗" not in _desk(settings, capsys, "show", "T1")


def test_a_reply_to_whom_we_talk_with_is_said_to_go(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "接待" not in _desk(settings, capsys, "list")
    assert _desk(settings, capsys, "reply", "T1", "在吗") == "已发给对方（T1）。\n"
