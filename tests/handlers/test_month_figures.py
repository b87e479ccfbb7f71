"""月报: which month is meant, and whose figures are shown."""

from __future__ import annotations

from datetime import datetime

import pytest

from handlers.month_figures.seen import month_asked, of_staff
from outreach.calendars import CHINA
from records import month_drafts
from records.database import Database, Session
from records.staff_accounts import Staff, StaffRole

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
    found = await database.read(of_staff, staff, ["月报"], NOW)
    assert found is not None
    assert [one.area for one in found.drafts] == areas


def _drafts(session: Session) -> None:
    for area in ("371703", "371702", "430381", ""):
        month_drafts.keep(session, area, "2026-10", {"registered": 1}, NOW)
