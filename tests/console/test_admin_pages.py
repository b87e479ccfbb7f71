"""The trail, the settings and how it runs, on pages."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from console.means import Shown
from console.pages.settings import shielded
from console.trail_words import words_of
from console.work import Worker
from console.work_kinds import WORK
from records import audit, outbox, runs
from records.database import Database, Session
from records.outbox import OutboxState
from records.projects import ProjectState
from records.staff_accounts import StaffRole
from records.vault import Vault
from tests.records.test_acts import every_act
from tests.support.builders import an_outgoing
from tests.support.console import Stage


async def _acts(stage: Stage) -> None:
    await stage.database.run(_keep_acts, stage.vault, stage.now)


def _keep_acts(session: Session, vault: Vault, now: datetime) -> None:
    sealed = vault.seal({"why": "约他来办贷款"})
    audit.write(
        session,
        "person.revealed",
        at=now,
        actor="staff:小周",
        subject="p1",
        reason="call_back",
        sealed=sealed,
    )
    audit.write(session, "ticket.read", at=now, actor="staff:小邻", subject="T7")
    audit.write(session, "person.saved", at=now, subject="p2")


async def test_the_acts_of_ones_own_people_are_listed(stage: Stage) -> None:
    await stage.staff("小邻", area="430381")
    browser = await stage.staff()
    await _acts(stage)
    words = (await browser.get("/audit")).words
    assert "看了完整电话 p1 给他打电话、回访 约他来办贷款" in words
    assert ("T7" in words, "p2" in words) == (False, False)


@pytest.mark.parametrize("act", [act for act in every_act() if act[-1] not in "._" and "." in act])
def test_each_act_has_words(act: str) -> None:
    assert words_of(act) != act


@pytest.mark.parametrize("act", ["entered", "edited", "verified", *ProjectState])
def test_each_step_of_a_project_has_words(act: str) -> None:
    assert words_of(f"project.{act}") != f"project.{act}"


async def test_who_looks_after_all_sees_all(stage: Stage) -> None:
    browser = await stage.staff(area="")
    await _acts(stage)
    words = (await browser.get("/audit")).words
    assert all(subject in words for subject in ("p1", "T7", "p2"))


FILTERS = {
    "by=小周&act=person.": ["p1"],
    "of=T7": ["T7"],
    "act=ticket.": ["T7"],
    "since=2026-11-22": [],
    "since=2026-11-21&act=person.": ["p1", "p2"],
    "of='; DROP TABLE audit": [],
}


@pytest.mark.parametrize("query", FILTERS)
async def test_acts_are_looked_for(stage: Stage, query: str) -> None:
    browser = await stage.staff(area="")
    await _acts(stage)
    table = (await browser.get(f"/audit?{query}")).text.partition("<tbody>")[2]
    shown = [subject for subject in ("p1", "T7", "p2") if f">{subject}</a></td>" in table]
    assert shown == FILTERS[query]


async def test_a_wrong_day_is_said(stage: Stage) -> None:
    answer = await (await stage.staff()).get("/audit?since=gestern&before=x")
    assert "没有按日期筛选" in answer.words


@pytest.fixture
async def worker(stage: Stage) -> Worker:
    return Worker(stage.means, WORK)


async def _checked(stage: Stage, worker: Worker) -> str:
    browser = await stage.staff(area="")
    await browser.post("/audit/check")
    await worker.look()
    await worker.settled()
    return (await browser.get("/audit")).words


async def test_a_check_says_that_it_is_whole(stage: Stage, worker: Worker) -> None:
    await _acts(stage)
    assert "完整 核对了" in await _checked(stage, worker)


async def test_a_check_says_what_was_changed(stage: Stage, worker: Worker) -> None:
    await _acts(stage)
    await _checked(stage, worker)
    await stage.database.run(_tamper)
    words = await _checked(stage, worker)
    assert "有 1 处不对" in words
    assert "第 1 号：这一条被改过" in words


def _tamper(session: Session) -> None:
    session.connection().execute(text("UPDATE audit SET subject='p9' WHERE id=1"))


@pytest.mark.parametrize("role", [StaffRole.CADRE, StaffRole.MENTOR, StaffRole.INSPECTOR])
@pytest.mark.parametrize("path", ["/audit", "/staff", "/settings", "/health"])
async def test_others_have_no_such_pages(stage: Stage, role: StaffRole, path: str) -> None:
    assert (await (await stage.staff(role=role)).get(path)).status == 404


SHOWN = {
    "postgresql://guiyan:geheim@db/guiyan": "postgresql://…@db/guiyan",
    "https://model.gov.cn/v1?api_key=geheim&x=1": "https://model.gov.cn/v1?api_key=…&x=1",
    "sqlite:///var/guiyan.db": "sqlite:///var/guiyan.db",
}


@pytest.mark.parametrize("value", SHOWN)
def test_no_password_in_an_address_is_shown(value: str) -> None:
    assert shielded(Shown("X", value, "")).value == SHOWN[value]


async def test_settings_are_shown_to_who_sees_to_the_machine(stage: Stage) -> None:
    browser = await stage.staff("小机", StaffRole.OPERATOR, "")
    assert "guiyan.toml" in (await browser.get("/settings")).words


async def test_how_it_runs(stage: Stage, now: datetime) -> None:
    await stage.database.run(_busy, now)
    words = (await (await stage.staff()).get("/health")).words
    assert "排队等发 1 条" in words
    assert "seal_trail" in words


async def test_channels_are_called_as_people_call_them(stage: Stage, now: datetime) -> None:
    await stage.database.run(_busy, now)
    change = text("UPDATE outbox SET channel='webchat'")
    await stage.database.run(lambda session: session.connection().execute(change))
    await stage.database.run(_refused, now - timedelta(hours=1))
    assert "网页聊天 blocked" in (await (await stage.staff()).get("/health")).words


def _busy(session: Session, now: datetime) -> None:
    outbox.enqueue(session, [an_outgoing(now)])
    runs.take_slot(session, "seal_trail", now, now)


async def test_what_channels_refused_is_said(
    database: Database, stage: Stage, now: datetime
) -> None:
    await database.run(_busy, now)
    await database.run(_refused, now - timedelta(hours=1))
    assert "blocked 1 条" in (await (await stage.staff()).get("/health")).words


def _refused(session: Session, at: datetime) -> None:
    failed = f"UPDATE outbox SET state='{OutboxState.FAILED.value}', failure='blocked'"
    session.connection().execute(text(f"{failed}, settled_at='{at.isoformat(sep=' ')}'"))


async def test_what_was_done_on_the_command_line_says_so(stage: Stage) -> None:
    browser = await stage.staff(area="")
    page = await browser.get("/audit")
    assert "命令行 加了同事 小周" in page.words
