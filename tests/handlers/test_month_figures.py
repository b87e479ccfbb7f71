"""月报: which month is meant, and whose figures are shown."""

from __future__ import annotations

from datetime import datetime

import pytest

from handlers.month_figures.seen import month_asked, of_staff, paper_asked
from outreach.calendars import CHINA
from outreach.reports.notices.registry import PAPERS
from outreach.reports.periods import parse
from outreach.reports.versions import schedule
from outreach.reports.versions.schedule import Owed
from records import month_drafts, staff_accounts
from records.database import Database, Session
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault

VAULT = Vault("a key for tests only")
NOW = datetime(2026, 11, 22, 12, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("月报", "2026-10"),
        ("看月报", "2026-10"),
        ("月报 11月", "2026-11"),
        ("月报 12月", "2025-12"),
        ("月报 2025-3", "2025-03"),
        ("月报 2025年3月", "2025-03"),
        ("月报 13月", "None"),
        ("月报怎么写", "None"),
    ],
)
def test_a_month_is_named_or_is_the_last(text: str, month: str) -> None:
    assert str(month_asked(text, NOW)) == month


@pytest.mark.parametrize(
    ("scope", "areas"),
    [
        ("371703", ["371703"]),
        ("371700", ["371702", "371703"]),
        ("", ["371702", "371703", "430381"]),
        ("430381", ["430381"]),
        ("371703102000", []),
    ],
)
async def test_staff_see_the_counties_they_look_after(
    database: Database, scope: str, areas: list[str]
) -> None:
    await database.run(_drafts)
    staff = Staff("小刘", StaffRole.STAFF, scope)
    found = await database.read(of_staff, VAULT, staff, ["月报"], NOW)
    assert found is not None
    assert [one.area for one in found.drafts] == areas


def _drafts(session: Session) -> None:
    for area in ("371703", "371702", "430381", ""):
        month_drafts.keep(session, area, "2026-10", {"registered": 1}, NOW)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("报表", 0),
        ("看报表", 0),
        ("报表 12", 12),
        ("报表12", 12),
        ("报表怎么填", None),
        ("月报", None),
    ],
)
def test_a_paper_is_asked_for_by_its_number(text: str, number: int | None) -> None:
    assert paper_asked(text) == number


@pytest.mark.parametrize(
    ("scope", "owed", "lines"),
    [("371703102", 1, 20), ("371703", 0, 20), ("430381", 0, None), ("371703103", 0, None)],
)
async def test_staff_see_what_they_owe_and_what_is_in_their_area(
    database: Database, scope: str, owed: int, lines: int | None
) -> None:
    number = await database.run(_paper)
    staff = Staff("小刘", StaffRole.STAFF, scope)
    mine = await database.read(of_staff, VAULT, staff, ["报表"], NOW)
    one = await database.read(of_staff, VAULT, staff, [f"报表 {number}"], NOW)
    assert mine is not None
    assert one is not None
    assert len(mine.papers or ()) == owed
    assert [len(each.lines) for each in one.papers or ()] == ([lines] if lines else [])


def _paper(session: Session) -> int:
    staff_accounts.add(
        session, "小刘", role=StaffRole.STAFF, area="371703102", at=NOW, actor="system"
    )
    owed = Owed(PAPERS[0], "371703102", parse("2026-10"))
    return schedule.draft(session, VAULT, owed, lambda code: code, NOW).number
