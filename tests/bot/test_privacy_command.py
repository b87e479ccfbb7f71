"""`guiyan privacy`: consents, requests, retention, incidents, papers, the end of the service."""

from __future__ import annotations

import asyncio
import io
import time
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document

from bot.cli import main
from records import incidents, people
from records.consents import CORE
from records.consents import Said as Agreed
from records.database import Database, Session
from records.incidents import Unit
from records.people import Entered
from records.vault import Vault

OFFICE = "定陶区人社局"
Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said) -> None:
    monkeypatch.setenv("GUIYAN_DATABASE_URL", f"sqlite:///{tmp_path}/guiyan.db")
    monkeypatch.setenv("GUIYAN_OFFICE_NAME", OFFICE)
    monkeypatch.setenv("GUIYAN_PRIVACY_CONTACT", "李主任 0530-0000000")
    for name in ("王芳", "李强"):
        assert main(["staff", "add", name]) == 0
    assert main(["staff", "add", "小刘", "--role", "cadre", "--area", "定陶"]) == 0
    capsys.readouterr()


def _ok(capsys: Said, *words: str) -> str:
    assert main(["privacy", *words]) == 0
    return capsys.readouterr().out


def _fails(capsys: Said, *words: str) -> str:
    assert main(["privacy", *words]) != 0
    return capsys.readouterr().err


def test_a_request_goes_from_its_receipt_to_a_refusal_with_a_reason(capsys: Said) -> None:
    told = _ok(capsys, "requests", "open", "access", "想看我的信息", "--staff", "王芳")
    number = told.split()[0]
    assert number in _ok(capsys, "requests", "list", "--staff", "王芳")
    how = ("--why", "没有核实是本人", "--staff", "王芳")
    told = _ok(capsys, "requests", "refuse", number, *how)
    assert f"tell them yourself; receipt {number}" in told
    shown = _ok(capsys, "requests", "show", number, "--staff", "李强")
    assert "reason: 没有核实是本人" in shown
    assert "已经办结" in _fails(capsys, "requests", "refuse", number, *how)


@pytest.mark.parametrize(
    "words",
    [
        ("requests", "list"),
        ("incident", "list"),
        ("retention", "sign"),
        ("end", "ask", "--why", "x"),
        ("consents", "--kind", "core"),
    ],
)
def test_only_who_looks_after_personal_data_may(capsys: Said, words: tuple[str, ...]) -> None:
    assert "does not look after" in _fails(capsys, *words, "--staff", "小刘")


def test_a_drill_takes_less_than_ten_minutes(capsys: Said, tmp_path: Path) -> None:
    began, by = time.monotonic(), ("--staff", "王芳")
    _ok(capsys, "incident", "open", "账号借给别人用", "--drill", *by)
    assert "exports rest" in _ok(capsys, "incident", "list", *by)
    span = ("--since", "2026-01-01T00:00+08:00", "--until", "2099-01-01T00:00+08:00")
    _ok(capsys, "incident", "affect", "1", "--account", "小刘", *span, *by)
    words = ("--kinds", "姓名电话", "--cause", "借号", "--harm", "诈骗", "--measures", "停号")
    _ok(capsys, "incident", "write", "1", *words, "--advice", "别转账", *by)
    _ok(capsys, "incident", "draft", "1", "--out", str(tmp_path / "drill"), *by)
    told = _ok(capsys, "incident", "close", "1", *by)
    assert "演练要求10分钟内" in told
    assert time.monotonic() - began < 600
    for name in ("regulator.txt", "people.txt"):
        text = (tmp_path / "drill" / name).read_text("utf-8")
        assert "李主任 0530-0000000" in text
        assert "待填" not in text


def test_whom_an_incident_touches_is_told_of_ones_own_county_alone(
    capsys: Said, tmp_path: Path, vault: Vault, now: datetime
) -> None:
    asyncio.run(_touched(Database(f"sqlite:///{tmp_path}/guiyan.db"), vault, now))
    assert main(["staff", "add", "小周", "--area", "定陶"]) == 0
    capsys.readouterr()
    assert _ok(capsys, "incident", "people", "1", "--staff", "小周").split() == ["here"]
    assert _ok(capsys, "incident", "people", "1", "--staff", "王芳").split() == ["far", "here"]


async def _touched(database: Database, vault: Vault, now: datetime) -> None:
    await database.run(_touch, vault, now)
    await database.close()


def _touch(session: Session, vault: Vault, now: datetime) -> None:
    """An incident that touches one person of 定陶 and one of 湘乡."""
    for name, area in (("here", "371703"), ("far", "430381")):
        said = (Agreed(CORE, True, now, "1"),)
        people.enter(session, vault, name, Entered({}, {}, area=area, said=said), at=now)
    how = {"unit": Unit.OPERATOR, "is_drill": True, "by": "王芳", "at": now}
    number = incidents.open_one(session, vault, {}, **how)  # type: ignore[arg-type]
    incidents.affect(session, number, ["here", "far"], at=now)


def test_the_impact_assessment_says_how_the_program_runs(capsys: Said, tmp_path: Path) -> None:
    _ok(capsys, "pia", "--out", str(tmp_path / "pia.md"))
    text = (tmp_path / "pia.md").read_text("utf-8")
    for word in (
        OFFICE,
        "李主任",
        "SQLite",
        "企业微信应用 | 关",
        "网页聊天 | 开",
        "最后联系满12个月",
    ):
        assert word in text
    assert "GUIYAN_SECRET_KEY" not in text


def test_the_papers_are_documents_that_open(capsys: Said, tmp_path: Path) -> None:
    for part in ("pia", "audit"):
        path = tmp_path / f"{part}.docx"
        _ok(capsys, part, "--out", str(path))
        document = Document(io.BytesIO(path.read_bytes()))
        assert "个人信息保护" in document.paragraphs[0].text
        assert document.tables


def test_the_self_audit_counts_what_was_done(capsys: Said, tmp_path: Path) -> None:
    by = ("--staff", "王芳")
    _ok(capsys, "requests", "open", "complaint", "总发消息", *by)
    _ok(capsys, "incident", "open", "x", "--drill", *by)
    _ok(capsys, "audit", "--out", str(tmp_path / "a.md"))
    text = (tmp_path / "a.md").read_text("utf-8")
    assert "| 投诉 | 1 |" in text
    assert "安全事件0起，演练1次" in text
    assert "| 加了同事 | 3 |" in text


def test_retention_is_previewed_reported_and_signed(capsys: Said) -> None:
    assert "没填完的登记（停下30天）" in _ok(capsys, "retention", "preview")
    assert main(["jobs", "run", "retention_report"]) == 0
    assert "not signed" in _ok(capsys, "retention", "show")
    assert "第二天" in _fails(capsys, "retention", "sign", "--staff", "王芳")


def test_the_service_ends_by_two_people_and_leaves_a_proof(capsys: Said, tmp_path: Path) -> None:
    folder = str(tmp_path / "out")
    number = _ok(capsys, "end", "ask", "--why", "合同到期", "--staff", "王芳").split()[0]
    assert "另一位" in _fails(capsys, "end", "agree", number, "--staff", "王芳")
    _ok(capsys, "end", "agree", number, "--staff", "李强")
    _ok(capsys, "end", "export", folder, "--staff", "王芳")
    how = ("end", "wipe", folder, number, "--staff", "王芳")
    assert "type the office's whole name" in _fails(capsys, *how)
    assert "wiped" in _ok(capsys, *how, "--confirm", OFFICE)
    assert (tmp_path / "out" / "wiped.json").is_file()
    assert main(["staff", "list"]) == 0
    assert capsys.readouterr().out == ""


def test_nothing_is_handed_over_while_exports_rest(capsys: Said, tmp_path: Path) -> None:
    _ok(capsys, "incident", "open", "x", "--staff", "王芳")
    told = _fails(capsys, "end", "export", str(tmp_path / "out"), "--staff", "王芳")
    assert "导出暂停" in told
    assert main(["sages", "--out", str(tmp_path / "book.txt")]) == 1
    assert "导出暂停" in capsys.readouterr().err
    assert not (tmp_path / "book.txt").exists()
