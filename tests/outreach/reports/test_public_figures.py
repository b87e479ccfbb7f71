"""Figures of several units in public: none of one to four is told, and none gives one away."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from outreach.calendars import CHINA
from outreach.reports.ledgers.briefing import BRIEFING
from outreach.reports.ledgers.evidence import EVIDENCE
from outreach.reports.table import Report, Value
from outreach.reports.targets_tables import everything
from records import visits
from records.database import Database, Session
from records.vault import Vault
from records.visits import Told, VisitKind
from tests.support.reporting import CITY, COUNTY, OTHER, a_business, a_person, asked

NOW = datetime(2026, 11, 22, 12, tzinfo=CHINA)


async def _figures(database: Database, vault: Vault, report: Report) -> dict[Value, Value]:
    wanted = asked(COUNTY, vault, NOW, period="2026", is_public=True)
    table = await database.read(report.build, wanted)
    return {row.cells["what"]: row.cells["value"] for row in table.rows}


def _reached(session: Session, vault: Vault, spoken: int, silent: int) -> None:
    people = [a_person(session, NOW) for _ in range(spoken + silent)]
    for one in people[:spoken]:
        visits.log(session, vault, one, Told(VisitKind.GUIDANCE), helper="陈姐", at=NOW)


@pytest.mark.parametrize("report", [BRIEFING, EVIDENCE], ids=lambda one: one.name)
async def test_the_few_who_were_reached_are_told_by_no_difference(
    database: Database, vault: Vault, report: Report
) -> None:
    await database.run(_reached, vault, 3, 20)
    found = await _figures(database, vault, report)
    assert found["有创业意向"] == 23
    assert found["服务覆盖率"] == "—"
    assert found.get("联系过的", "<5") == "<5"
    assert found.get("有创业意向，还没联系过", "—") == "—"


@pytest.mark.parametrize("report", [BRIEFING, EVIDENCE], ids=lambda one: one.name)
async def test_the_few_who_were_not_reached_are_told_by_no_difference(
    database: Database, vault: Vault, report: Report
) -> None:
    await database.run(_reached, vault, 20, 2)
    found = await _figures(database, vault, report)
    assert found["服务覆盖率"] == "—"
    assert found.get("联系过的", "—") == "—"
    assert found.get("有创业意向，还没联系过", "<5") == "<5"


async def test_the_staff_of_few_businesses_are_not_told(database: Database, vault: Vault) -> None:
    def fill(session: Session) -> None:
        a_business(session, a_person(session, NOW), now=NOW)

    await database.run(fill)
    found = await _figures(database, vault, BRIEFING)
    assert (found["在营主体"], found["员工数"]) == ("<5", "—")


async def test_a_county_of_few_is_told_by_no_difference_to_the_city(
    database: Database, vault: Vault
) -> None:
    def fill(session: Session) -> None:
        for number in range(10):
            area = COUNTY if number < 3 else OTHER
            owner = a_person(session, NOW, area=area, phone=f"p{number}")
            a_business(session, owner, area=area, began=date(2023, 5, 1), now=NOW)

    await database.run(fill)
    wanted = asked(CITY, vault, NOW, period="2023", is_public=True)
    table = await database.read(everything, wanted)
    of_households = [row for row in table.rows if row.cells["measure"] == "返乡创业户数"]
    told = {row.cells["name"]: row.cells["actual"] for row in of_households}
    assert told["湘乡市"] == "<5"
    assert "—" in told.values()
