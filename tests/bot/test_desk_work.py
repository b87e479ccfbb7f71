"""`guiyan desk` beyond a talk: the list with last days, moves, applications, figures."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli import main
from bot.settings import load
from bot.wiring import build
from records import tickets
from records.database import Session
from records.tickets import NewTicket, TicketKind
from records.vault import Vault

FRIDAY = "2026-11-20T10:00:00+08:00"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store with two requests, on a Friday."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GUIYAN_NOW", FRIDAY)
    monkeypatch.setenv("GUIYAN_AREAS", "定陶")
    asyncio.run(_raise_two())


async def _raise_two() -> None:
    app = build(load(), channels={})
    await app.open()
    await app.database.run(_raise, app.vault)
    await app.database.close()


def _raise(session: Session, vault: Vault) -> None:
    slow = NewTicket("G7K2M4", TicketKind.COMPLAINT, "没人理", area="371703", working_days=3)
    late = NewTicket("H8M3N5", TicketKind.TALK, "孩子转学", area="371703", matter="school")
    for new, day in ((slow, 19), (late, 17)):
        at = datetime(2026, 11, day, 1, 0, tzinfo=UTC)
        tickets.raise_ticket(session, vault, new, channel="telegram", chat="1", at=at)


def _desk(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["desk", *words]) == 0
    return capsys.readouterr().out


def test_the_list_has_level_subject_and_last_day_late_ones_first(
    capsys: pytest.CaptureFixture[str],
) -> None:
    first, second = _desk(capsys, "list").splitlines()
    assert "H8M3N5" in first
    assert "已超期2个工作日" in first
    assert "县里子女入学" in first
    assert "最晚11月24日" in second


def test_a_move_says_where_it_ends_and_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    said = _desk(capsys, "move", "G7K2M4", "--to", "town", "--matter", "教育", "--why", "镇小学")
    assert "镇里没有人在这儿值守" in said
    assert "转到县里，子女入学：镇小学" in _desk(capsys, "show", "G7K2M4")


def test_an_application_runs_from_its_submission_to_its_decision(
    capsys: pytest.CaptureFixture[str],
) -> None:
    given = ("--submitted", "2026-11-16", "--missing", "租房合同", "--until", "2026-12-01")
    said = _desk(capsys, "open", "H8M3N5", "一次性创业补贴", *given)
    number = re.findall(r"[2-9A-Y]{6}", said)[0]
    assert "7个工作日内（最晚11月25日）" in said
    assert "还缺租房合同" in _desk(capsys, "show", number)
    assert "补齐" in _desk(capsys, "papers", number)
    _desk(capsys, "decide", number, "granted")
    assert "审批用时：中位4个工作日，最长4个工作日，1件" in _desk(
        capsys, "figures", "--area", "定陶"
    )


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (("move", "G7K2M4"), 2, "要转到哪儿"),
        (("move", "G7K2M4", "--matter", "天文"), 2, "没有“天文”这个科目"),
        (("move", "ZZZZZZ", "--to", "town"), 1, "没有编号是ZZZZZZ"),
        (("open", "13900000000", "补贴"), 1, "登记的没有人"),
        (("open", "G7K2M4", "补贴", "--missing", "合同"), 2, "--until"),
        (("open", "G7K2M4", "补贴", "--submitted", "2027-01-01"), 2, "不能在今天以后"),
        (("open", "G7K2M4", "补贴", "--submitted", "昨天"), 2, "不是日子"),
        (("decide", "G7K2M4", "granted"), 1, "不是申请"),
        (("figures", "--area", "月亮"), 2, "没有“月亮”"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    capsys: pytest.CaptureFixture[str], words: tuple[str, ...], status: int, said: str
) -> None:
    assert main(["desk", *words]) == status
    assert said in capsys.readouterr().err


def test_an_application_is_not_closed_without_a_decision(
    capsys: pytest.CaptureFixture[str],
) -> None:
    number = re.findall(r"[2-9A-Y]{6}", _desk(capsys, "open", "H8M3N5", "补贴"))[0]
    assert main(["desk", "close", number]) == 1
    assert "要写结论" in capsys.readouterr().err
    assert main(["desk", "decide", number, "refused"]) == 2
