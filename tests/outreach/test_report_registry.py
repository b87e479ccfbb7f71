"""Every report: documented, tested, made from an empty and a full register, on both databases."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from outreach.reports import exporting
from outreach.reports.periods import PeriodKind, containing
from outreach.reports.registry import REPORTS
from outreach.reports.table import Asked, Report
from outreach.reports.writing.files import WRITERS
from outreach.reports.writing.mark import Mark
from records.database import Database, Session
from records.vault import Vault
from registry import demo_people
from tests.support.reporting import CITY, COUNTY, TOWN, a_business, a_person, asked

ROOT = Path(__file__).parents[2]
NAMES = [report.name for report in REPORTS]


def _wanted(report: Report, area: str, vault: Vault, now: datetime, *, is_public: bool) -> Asked:
    period = str(containing(report.period, now.date()))
    return asked(area, vault, now, period=period, is_public=is_public)


def _full(session: Session, vault: Vault, now: datetime) -> None:
    demo_people.load(session, vault, now)
    for told in ("half_year returned rural running", "half_year away unsure thinking"):
        owner = a_person(session, now, told, sealed=vault.seal({}))
        a_business(session, owner, sealed=vault.seal({"name": "店", "credit_code": ""}), now=now)


def test_no_two_reports_have_one_name() -> None:
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_report_is_in_the_reference(name: str) -> None:
    assert f"| `{name}` |" in (ROOT / "docs/reference/reports.md").read_text("utf-8")


@pytest.mark.parametrize("report", REPORTS, ids=NAMES)
def test_each_report_has_a_test(report: Report) -> None:
    module = report.build.__module__.rpartition(".")[2]
    words = (report.name, report.name.upper(), f" {module}")
    tests = (ROOT / "tests").glob("**/test_*.py")
    texts = (file.read_text("utf-8") for file in tests if file != Path(__file__))
    assert any(word in text for text in texts if "outreach.reports" in text for word in words)


@pytest.mark.parametrize("is_full", [False, True])
async def test_each_report_is_made_for_each_kind_of_area(
    database: Database, vault: Vault, now: datetime, is_full: bool
) -> None:
    if is_full:
        await database.run(lambda s: _full(s, vault, now))
    for report in REPORTS:
        for area in (CITY, COUNTY, TOWN):
            for is_public in (False, True):
                wanted = _wanted(report, area, vault, now, is_public=is_public)
                table = await database.read(report.build, wanted)
                keys = {column.key for column in table.columns}
                assert keys >= {key for row in table.rows for key in row.cells}, report.name
                opened = {name for row in table.rows for name in row.opens.values()}
                assert opened <= report.lists.keys(), report.name
                assert WRITERS[".xlsx"](table, Mark("小刘", now)), report.name


@pytest.mark.parametrize("report", REPORTS, ids=NAMES)
def test_how_things_stand_is_told_of_any_span_as_of_its_last_day(report: Report) -> None:
    year = containing(PeriodKind.YEAR, date(2026, 1, 1))
    found = exporting.fitting(report, year)
    if report.period is PeriodKind.DAY:
        assert str(found) == "2026-12-31"
    elif report.period is PeriodKind.YEAR:
        assert found == year
    else:
        assert found is None or report.also
