"""Reports on pages: chosen, made in the background, opened, taken; and who may not."""

from __future__ import annotations

import io
from dataclasses import replace

import openpyxl
import pytest

from console.reports import making
from console.reports.making import Wanted
from console.work_kinds import WORK
from records import audit, people
from records.consents import CORE, Said
from records.database import Session
from records.erasure import FormerPerson
from records.people import Entered, Source
from records.staff_accounts import StaffRole
from tests.support.console import Answer, Browser, Stage
from tests.support.working import work

COUNTY, NEXT, CITY, TOWN = "430381", "430321", "430300", "430381001"


async def enter(stage: Stage, person_id: str, name: str, *, area: str = COUNTY) -> None:
    """Somebody from the town, half a year away, at home now, who wants to begin."""
    codes = {"where_now": "returned", "away_half_year": "half_year", "hukou": "rural"}
    codes["intent"] = "ready"
    texts = {"nickname": name, "phone": "13800001234"}

    def keep(session: Session) -> None:
        new = Entered(codes, texts, area, Source.CHAT, (Said(CORE, True, stage.now),))
        people.enter(session, stage.vault, person_id, new, at=stage.now)
        row = session.get_one(people.Person, person_id)
        row.town = TOWN if area == COUNTY else ""

    await stage.database.run(keep)


async def make(stage: Stage, browser: Browser, name: str = "annex4", **fields: str) -> Answer:
    """Ask for a report and look at it when it is made."""
    given = {"place": "湘乡", "period": "2027", **fields}
    answer = await browser.post(f"/reports/new/{name}", **given)
    assert answer.status == 303, answer.words
    await work(stage.means, WORK)
    page = await browser.get(answer.path)
    assert page.status == 200
    page.path = answer.path
    return page


async def test_a_table_is_made_and_shown_with_its_merged_header(stage: Stage) -> None:
    await enter(stage, "p1", "张小明")
    page = await make(stage, await stage.staff(area=COUNTY))
    assert '<th scope="colgroup" colspan="3">在外务工人员（人）</th>' in page.text
    assert "湘乡市返乡创业情况摸底表" in page.words
    assert "在外务工人员指出县工作半年以上的人员" in page.words
    assert "behind?line=0&amp;cell=away" in page.text


async def test_a_heavy_report_tells_how_far_it_is(stage: Stage) -> None:
    await enter(stage, "p1", "张小明")
    told: list[tuple[int, int]] = []

    def count(session: Session) -> None:
        wanted = Wanted("people_ledger", COUNTY, "2026-11-22")
        asked = making.asked_of(session, stage.vault, wanted, making.OWN, stage.now)
        wanted.report.build(session, replace(asked, tell=lambda *far: told.append(far)))

    await stage.database.read(count)
    assert told == [(1, 1)]


async def test_each_figure_opens_a_masked_list_that_the_trail_knows(stage: Stage) -> None:
    await enter(stage, "p1", "张小明")
    browser = await stage.staff(area=COUNTY)
    page = await make(stage, browser)
    found = await browser.get(f"{page.path}/behind?line=0&cell=away")
    assert "张**" in found.words
    assert "138****1234" in found.words
    assert "张小明" not in found.text
    acts = [e.act for e in await stage.database.read(audit.of, "p1")]
    assert "person.seen" in acts


@pytest.mark.parametrize(
    "query", ["", "line=0", "line=999&cell=away", "line=0&cell=name", "line=x&cell=away"]
)
async def test_what_opens_nothing_is_not_there(stage: Stage, query: str) -> None:
    browser = await stage.staff(area=COUNTY)
    page = await make(stage, browser)
    assert (await browser.get(f"{page.path}/behind?{query}")).status == 404


async def test_nobody_opens_the_table_of_another(stage: Stage) -> None:
    page = await make(stage, await stage.staff("小周", area=COUNTY))
    other = await stage.staff("小吴", area=COUNTY)
    for path in (page.path, f"{page.path}/behind?line=0&cell=away"):
        assert (await other.get(path)).status == 404
    assert (await other.post(f"{page.path}/file/xlsx")).status == 404


@pytest.mark.parametrize(
    ("area", "place", "status"),
    [
        (COUNTY, "湘潭县", 422),
        (COUNTY, "湘潭", 422),
        (COUNTY, "湘乡棋梓镇", 303),
        (TOWN, "湘乡", 422),
        (CITY, "湘潭县", 303),
        (COUNTY, "火星", 422),
    ],
)
async def test_a_report_is_of_what_somebody_looks_after(
    stage: Stage, area: str, place: str, status: int
) -> None:
    browser = await stage.staff(area=area)
    answer = await browser.post("/reports/new/annex4", place=place, period="2027")
    assert answer.status == status
    assert status == 303 or "不归您负责" in answer.words


@pytest.mark.parametrize("period", ["", "20x7", "2027-Q9", "2027-Q1"])
async def test_a_period_that_is_none_is_said_at_the_field(stage: Stage, period: str) -> None:
    browser = await stage.staff(area=COUNTY)
    answer = await browser.post("/reports/new/annex4", place="湘乡", period=period)
    assert answer.status == 422
    assert 'value="湘乡"' in answer.text


@pytest.mark.parametrize("ending", ["xlsx", "docx", "csv", "html", "md"])
async def test_totals_are_taken_at_once_in_each_form(stage: Stage, ending: str) -> None:
    browser = await stage.staff(area=COUNTY)
    page = await make(stage, browser)
    answer = await browser.post(f"{page.path}/file/{ending}")
    assert answer.status == 200
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert len(answer.body) > 500


async def test_the_file_says_who_took_it_and_the_next_what_changed(stage: Stage) -> None:
    browser = await stage.staff("小周", area=COUNTY)
    page = await make(stage, browser)
    answer = await browser.post(f"{page.path}/file/xlsx")
    about = openpyxl.load_workbook(io.BytesIO(answer.body)).properties
    assert (about.creator, about.identifier) == ("小周", "R000001")
    await enter(stage, "p1", "张小明")
    again = await make(stage, browser)
    assert "在外务工人员（人） 小计 0 → 1" in again.words


async def test_what_has_people_in_it_goes_the_way_of_exports(stage: Stage) -> None:
    await enter(stage, "p1", "张小明")
    browser = await stage.staff(area=COUNTY)
    page = await make(stage, browser, "people_ledger", period="2026-11-22")
    assert "张小明" not in page.text
    assert (await browser.post(f"{page.path}/file/xlsx")).status == 404
    number = page.path.rpartition("/")[2]
    way = f"/exports/new?what=report&made={number}"
    assert way.replace("&", "&amp;") in page.text
    asked = await browser.post(way, shape="xlsx")
    assert asked.status == 303, asked.words
    await work(stage.means, WORK)
    file = await browser.get(f"{asked.path}/file")
    assert file.status == 200
    cells = [c.value for row in openpyxl.load_workbook(io.BytesIO(file.body)).active for c in row]
    assert "张小明" in cells


async def test_a_table_of_another_is_exported_by_nobody(stage: Stage) -> None:
    page = await make(
        stage, await stage.staff("小周", area=COUNTY), "people_ledger", period="2026"
    )
    other = await stage.staff("小吴", area=COUNTY)
    number = page.path.rpartition("/")[2]
    assert (await other.get(f"/exports/new?what=report&made={number}")).status in (404, 409)


async def test_who_sees_totals_only_is_offered_no_list_of_people(stage: Stage) -> None:
    await enter(stage, "p1", "张小明")
    city = await stage.staff("市里", area=CITY)
    assert "实名制台账" not in (await city.get("/reports")).words
    assert (await city.get("/reports/new/people_ledger")).status == 404
    page = await make(stage, city, place="湘潭")
    found = await city.get(f"{page.path}/behind?line=1&cell=away")
    assert "张**" not in found.words


@pytest.mark.parametrize("role", [StaffRole.CADRE, StaffRole.MENTOR, StaffRole.PARTNER])
async def test_who_has_no_right_to_reports_finds_none(stage: Stage, role: StaffRole) -> None:
    browser = await stage.staff("某人", role, COUNTY)
    for path in ("/reports", "/reports/new/annex4", "/reports/made/1"):
        assert (await browser.get(path)).status == 404


async def test_a_list_that_nobody_reads_through_is_not_opened(stage: Stage) -> None:
    codes = {"away_half_year": "half_year", "hukou": "rural"}

    def fill(session: Session) -> None:
        rows = (
            FormerPerson(id=f"f{n}", area=COUNTY, codes=codes, erased_at=stage.now)
            for n in range(5_001)
        )
        session.add_all(rows)

    await stage.database.run(fill)
    browser = await stage.staff(area=COUNTY)
    page = await make(stage, browser, period="2026")
    found = await browser.get(f"{page.path}/behind?line=22&cell=away")
    assert (found.status, "从镇或村的那一行点开" in found.words) == (409, True)
