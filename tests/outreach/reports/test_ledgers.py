"""Ledgers and measures against a small world that was counted by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from outreach.reports.ledgers.assessment import ASSESSMENT
from outreach.reports.ledgers.cases import CASES
from outreach.reports.ledgers.coverage import COVERAGE
from outreach.reports.ledgers.entities import ENTITY_LEDGER
from outreach.reports.ledgers.evidence import EVIDENCE
from outreach.reports.ledgers.loans import LOANS
from outreach.reports.ledgers.people import PEOPLE_LEDGER
from outreach.reports.ledgers.registry import LEDGERS
from outreach.reports.ledgers.signings import SIGNINGS, band
from outreach.reports.ledgers.subsidies import SUBSIDY_CLOCKS
from outreach.reports.ledgers.surveys import AWARENESS, SATISFACTION
from outreach.reports.ledgers.survival import SURVIVAL
from outreach.reports.ledgers.tickets import TICKET_TIMES
from outreach.reports.ledgers.training import TRAINING
from outreach.reports.ledgers.village import VILLAGE_LIST
from outreach.reports.table import Report, Unit
from records.database import Database, Session
from records.sites import SiteRow
from records.vault import Vault
from tests.support.ledger_world import (
    CITY,
    HERE,
    TOWN,
    VILLAGE,
    asked,
    at,
    cells,
    made,
    settle,
)

DAY = "2026-11-22"
WHOLE: dict[str, tuple[Report, str, dict[str, Any]]] = {
    "coverage": (COVERAGE, DAY, {"intending": 3, "reached": 2, "unreached": 1, "coverage": 66.7}),
    "survival": (
        SURVIVAL,
        "2026",
        {"year_old": 3, "open": 2, "closed": 1, "unknown": 0, "rate": 66.7, "known": 100.0},
    ),
    "satisfaction": (
        SATISFACTION,
        "2026-Q4",
        {"asked": 4, "answered": 3, "response": 75.0, "good": 2, "satisfaction": 66.7, "bad": 1},
    ),
    "awareness": (
        AWARENESS,
        "2026",
        {"asked": 3, "answered": 2, "good": 1, "awareness": 33.3, "response": 66.7},
    ),
    "loans": (
        LOANS,
        "2026",
        {
            "wanted": 2,
            "own_to_50k": 1,
            "own_unsaid": 1,
            "asked": 2,
            "done": 2,
            "applied": 1,
            "granted": 1,
        },
    ),
    "subsidies": (
        SUBSIDY_CLOCKS,
        "2026-Q4",
        {
            **{"submitted": 3, "decided": 2, "granted": 2, "late": 2, "on_time": 33.3},
            **{"decision": 16.5, "longest": 29, "paid": 1, "payment": 20.0, "unpaid": 1},
        },
    ),
    "tickets": (
        TICKET_TIMES,
        "2026-10",
        {
            **{"opened": 4, "closed": 3, "p50": 1, "p90": 7, "late": 1, "overdue": 1},
            **{"again": 1, "unknown": 0},
        },
    ),
    "training": (
        TRAINING,
        "2026",
        {
            **{"came": 4, "founded": 1, "employed": 1, "neither": 0, "unknown": 2},
            **{"rate": 66.7, "response": 66.7},
        },
    ),
    "cases": (CASES, "2026", {"recommended": 0, "owed": 10, "leads": 0}),
    "assessment": (
        ASSESSMENT,
        "2026",
        {"founders": 2, "open": 4, "new": 1, "planned": 1_500_000, "landed": 250_000},
    ),
    "signings": (SIGNINGS, "2026", {"planned": 1_500_000, "landed": 250_000, "steps": 2}),
}


@pytest.mark.parametrize("name", WHOLE)
async def test_the_whole_is_what_was_counted_by_hand(
    database: Database, vault: Vault, name: str
) -> None:
    report, period, by_hand = WHOLE[name]
    table = await database.run(made, report, asked(vault, CITY, period), vault)
    whole = next(row for row in table.rows if row.is_total).cells
    assert {key: whole[key] for key in by_hand} == by_hand


async def test_people_are_one_row_each_with_masked_phones(
    database: Database, vault: Vault
) -> None:
    table = await database.run(made, PEOPLE_LEDGER, asked(vault, HERE, DAY), vault)
    assert [row.cells["name"] for row in table.rows] == ["甲", "乙", "丙"]
    first = table.rows[0].cells
    assert (first["county"], first["town"], first["village"]) == ("定陶", "某镇", "某村")
    assert first["lacks"] == "本钱、场地"
    assert first["last"] == date(2026, 3, 1)
    assert all("****" in str(row.cells["phone"]) for row in table.rows)


async def test_three_totals_stand_over_the_businesses(database: Database, vault: Vault) -> None:
    table = await database.run(made, ENTITY_LEDGER, asked(vault, HERE, DAY), vault)
    assert table.subtitle.endswith("人数1人，企业数2个，员工数4人")
    top = table.rows[0].cells
    assert (top["name"], top["founder"], top["headcount"]) == ("企业数2个", "人数1人", 4)
    assert top["brought"] == 3
    noodles = cells(table, "name", "面馆").cells
    assert (noodles["brought"], noodles["light"], noodles["m12"]) == (3, "绿", "")


async def test_a_county_has_a_row_for_each_village(database: Database, vault: Vault) -> None:
    table = await database.run(made, VILLAGE_LIST, asked(vault, HERE, DAY), vault)
    assert dict(table.rows[0].cells) == {
        "town": "合计",
        "registered": 3,
        "intending": 2,
        "alone": 2,
        "unheard": 0,
    }
    village = cells(table, "village", "某村")
    assert (village.cells["registered"], village.area) == (1, VILLAGE)
    assert not cells(table, "village", "没写清是哪个村").opens


async def test_a_village_has_a_row_for_each_of_its_people(
    database: Database, vault: Vault
) -> None:
    table = await database.run(made, VILLAGE_LIST, asked(vault, VILLAGE, DAY), vault)
    assert [row.cells["name"] for row in table.rows] == ["甲"]


async def test_signings_show_who_signed_with_whom(database: Database, vault: Vault) -> None:
    table = await database.run(made, SIGNINGS, asked(vault, HERE, "2026"), vault)
    top, first, second = (row.cells for row in table.rows)
    assert (top["project"], top["firm"]) == ("项目数2个", "企业数1个")
    assert (first["party"], first["landed"], first["steps"]) == ("某镇", 200_000, 1)
    assert (second["landed"], second["last"]) == (50_000, date(2026, 8, 1))


@pytest.mark.parametrize(
    ("planned", "name"),
    [
        (9_999_999, "不到1000万"),
        (10_000_000, "1000万—1亿"),
        (100_000_000, "1亿—100亿"),
        (10_000_000_000, "100亿以上"),
        (None, "没说投资额"),
    ],
)
def test_each_signing_is_in_one_band(planned: int | None, name: str) -> None:
    assert band(planned) == name


async def test_the_ledger_says_how_many_are_of_which_size(
    database: Database, vault: Vault
) -> None:
    table = await database.run(made, SIGNINGS, asked(vault, HERE, "2026"), vault)
    assert "不到1000万2个，没说投资额0个" in table.notes[-1]


async def test_towns_are_assessed_by_their_own_figures(database: Database, vault: Vault) -> None:
    await database.run(_a_park_in_town)
    table = await database.run(made, ASSESSMENT, asked(vault, HERE, "2026"), vault)
    town = cells(table, "place", "某镇").cells
    assert (town["parks"], town["founders"], town["planned"]) == (1, 0, 0)
    assert "不排名" in "".join(table.notes)


def _a_park_in_town(session: Session) -> None:
    row = SiteRow(
        name="产业园",
        key="产业园",
        kind="park",
        fits="workshop",
        level="town",
        county=HERE,
        town=TOWN,
        contact="管委会",
        source_dept="管委会",
        verified_on=date(2026, 1, 1),
        entered_by="staff:小刘",
        updated_at=at(1, 1),
    )
    session.add(row)


async def test_a_town_counts_its_own_people_only(database: Database, vault: Vault) -> None:
    table = await database.run(made, COVERAGE, asked(vault, TOWN, DAY), vault)
    assert [row.cells["intending"] for row in table.rows] == [1]


async def test_evidence_names_the_source_of_each_figure(database: Database, vault: Vault) -> None:
    table = await database.run(made, EVIDENCE, asked(vault, HERE, "2026"), vault)
    founders = cells(table, "what", "返乡创业人数").cells
    assert (founders["value"], founders["unit"], founders["source"]) == (1, "人", "主体台账")


def _lists(session: Session, report: Report, vault: Vault, period: str) -> list[tuple[Any, int]]:
    settle(session, vault)
    wanted = asked(vault, CITY, period)
    table = report.build(session, wanted)
    whole = next(row for row in table.rows if row.is_total)
    return [
        (whole.cells[key], len(report.lists[name](session, wanted).ids))
        for key, name in whole.opens.items()
    ]


@pytest.mark.parametrize(
    ("report", "period"),
    [
        *((COVERAGE, DAY), (SURVIVAL, "2026"), (SATISFACTION, "2026-Q4"), (AWARENESS, "2026")),
        *((SUBSIDY_CLOCKS, "2026-Q4"), (TICKET_TIMES, "2026-10"), (CASES, "2026")),
    ],
    ids=lambda one: one.name if isinstance(one, Report) else "",
)
async def test_the_list_behind_a_figure_is_as_long_as_the_figure(
    database: Database, vault: Vault, report: Report, period: str
) -> None:
    found = await database.run(_lists, report, vault, period)
    assert found
    assert [figure for figure, _ in found] == [listed for _, listed in found]


PERIODS = {"day": DAY, "month": "2026-10", "quarter": "2026-Q4", "year": "2026"}


@pytest.mark.parametrize("report", LEDGERS, ids=lambda one: one.name)
async def test_every_report_is_made_of_every_kind_of_place(
    database: Database, vault: Vault, report: Report
) -> None:
    period = PERIODS[report.period.value]
    await database.run(settle, vault)
    for area in ("", CITY, HERE, TOWN, VILLAGE):
        table = await database.read(report.build, asked(vault, area, period))
        keys = {column.key for column in table.columns}
        assert all(set(row.cells) <= keys for row in table.rows)
        assert all(set(row.opens.values()) <= set(report.lists) for row in table.rows)


def test_no_report_has_a_column_of_money_that_people_have_or_owe() -> None:
    assert not LOANS.lists
    assert {one.name for one in LEDGERS} >= {"people_ledger", "station_duty", "briefing"}
    assert len({one.name for one in LEDGERS}) == len({one.title for one in LEDGERS}) == 18


async def _shown(database: Database, vault: Vault, report: Report, period: str) -> list[Any]:
    wanted = asked(vault, CITY, period, is_public=True)
    table = await database.run(made, report, wanted, vault)
    units = {Unit.PEOPLE, Unit.PIECES, Unit.CASES, Unit.TIMES, Unit.LOANS}
    counted = [column.key for column in table.columns if column.unit in units]
    return [row.cells.get(key) for row in table.rows for key in counted]


@pytest.mark.parametrize("report", LEDGERS, ids=lambda one: one.name)
async def test_in_public_no_small_figure_stands(
    database: Database, vault: Vault, report: Report
) -> None:
    found = await _shown(database, vault, report, PERIODS[report.period.value])
    assert not [each for each in found if isinstance(each, int) and 0 < each < 5]


@pytest.mark.parametrize("report", [PEOPLE_LEDGER, ENTITY_LEDGER])
async def test_in_public_there_are_no_people(
    database: Database, vault: Vault, report: Report
) -> None:
    wanted = asked(vault, HERE, DAY, is_public=True)
    table = await database.run(made, report, wanted, vault)
    assert (list(table.rows), table.subtitle) == ([], "")
