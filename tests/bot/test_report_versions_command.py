"""`guiyan report …` for papers: from drafted to frozen, corrected, exported, proven."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import update

from bot.cli import main
from outreach.calendars import CHINA
from records import people, schema, staff_accounts
from records.database import Database, Session
from records.people import Person, Source
from records.report_versions import ReportVersion
from records.staff_accounts import StaffRole
from records.vault import Vault

NOVEMBER = datetime(2026, 11, 20, 9, tzinfo=CHINA)
TOWN, COUNTY, KEY = "371703102", "371703", "k" * 40
MAKE = ["report", "make", "month_town", "--area", TOWN, "--period", "2026-11"]


@pytest.fixture(autouse=True)
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A store with one person of a town, its clerk, and one of the county."""
    url = f"sqlite:///{tmp_path}/guiyan.db"
    monkeypatch.setenv("GUIYAN_DATABASE_URL", url)
    monkeypatch.setenv("GUIYAN_SECRET_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    asyncio.run(_run(url, _fill))
    return url


async def _run(url: str, work: object) -> None:
    database = Database(url)
    await schema.migrate(database)
    await database.run(work)  # type: ignore[arg-type]
    await database.close()


def _fill(session: Session) -> None:
    for name, area in (("小周", TOWN), ("王主任", COUNTY)):
        staff_accounts.add(
            session, name, role=StaffRole.STAFF, area=area, at=NOVEMBER, actor="system"
        )
    entered = people.Entered({"intent": "ready"}, {"nickname": "李"}, area=COUNTY)
    people.enter(session, Vault(KEY), "a", entered, at=NOVEMBER, basis="文件一号")
    row = session.get(Person, "a")
    assert row is not None
    row.town, row.source = TOWN, Source.HOUSEHOLD.value


def _forge(session: Session) -> None:
    session.execute(update(ReportVersion).values(signed_by="别人"))


def _freeze() -> None:
    assert main(MAKE) == 0
    for action, name in (("check", "小周"), ("sign", "王主任"), ("freeze", "王主任")):
        assert main(["report", action, "1", "--staff", name]) == 0


def test_a_paper_goes_its_way_and_is_proven(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    _freeze()
    place = ["--line", "1", "--cell", "now", "--staff", "小周"]
    assert main(["report", "correct", "1", "2", *place, "--why", "漏报"]) == 0
    assert main(["report", "behind", "1", *place]) == 0
    assert capsys.readouterr().out.endswith("people\na\n")
    assert main(["report", "export", "1", "t.docx", "--staff", "小周"]) == 0
    words = "\n".join(one.text for one in Document(str(tmp_path / "t.docx")).paragraphs)
    assert "由1更正为2；原因：漏报" in words
    assert main(["report", "verify"]) == 0
    assert capsys.readouterr().out.endswith("1 frozen papers verified, 0 do not fit\n")


def test_what_was_forged_is_named_with_status_1(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _freeze()
    asyncio.run(_run(url, _forge))
    assert main(["report", "verify", "1"]) == 1
    assert "1  FAULT  its hash is not that of what is stored" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (["report", "check", "9", "--staff", "小周"], "there is no report 9"),
        (["report", "check", "1", "--staff", "没有"], "there is no 没有"),
        (["report", "sign", "1", "--staff", "王主任"], "还没有人核对"),
        (["report", "verify", "1"], "report 1 is drafted"),
        (["report", "behind", "1", "--line", "99", "--cell", "now", "--staff", "小周"], "line 99"),
        (["report", "export", "1", "t.pdf", "--staff", "小周"], "t.pdf: give one of"),
        ([*MAKE[:-1], "2026-Q4"], "month_town is made of a month"),
        ([*MAKE[:-1], "November"], "'November' is no period"),
        (["report", "make", "nothing", *MAKE[3:]], "no report is called nothing"),
    ],
)
def test_what_cannot_be_is_one_sentence(
    command: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(MAKE) == 0
    assert main(command) == 1
    assert capsys.readouterr().err.startswith(sentence)


def test_what_is_open_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(MAKE) == 0
    capsys.readouterr()
    assert main(["report", "papers", "--area", TOWN, "--open"]) == 0
    assert capsys.readouterr().out.startswith(
        "1  month_town 乡镇月汇总表  冉堌镇  2026-11  drafted"
    )
