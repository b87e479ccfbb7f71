"""Exports on pages: proved anew, permitted by another, fetched by one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from console.work_kinds import WORK
from records import permits
from records.database import Session
from records.permits import ALONE
from records.staff_accounts import StaffRole
from records.vault import Vault
from tests.support.console import Answer, Browser, Stage
from tests.support.crowd import enter
from tests.support.working import work

COUNTY = "430381"


@pytest.fixture
async def clerk(stage: Stage) -> Browser:
    """Somebody of a county with three people."""
    await stage.database.run(enter, stage.vault, stage.now, COUNTY, 3)
    return await stage.staff("小周", area=COUNTY)


async def _asked(browser: Browser, what: str = "people", **fields: str) -> Answer:
    return await browser.post(f"/exports/new?what={what}", shape="csv", **fields)


async def test_a_list_is_asked_for_made_and_fetched(stage: Stage, clerk: Browser) -> None:
    answer = await _asked(clerk)
    assert answer.path == "/exports/1"
    await work(stage.means, WORK)
    assert "做好了" in (await clerk.get("/exports/1")).words
    file = await clerk.get("/exports/1/file")
    assert file.body.count(b"139000000") == 3
    assert "attachment" in file.headers["Content-Disposition"]


async def test_who_was_not_asked_lately_proves_again_who_they_are(
    stage: Stage, clerk: Browser
) -> None:
    stage.clock[0] += timedelta(minutes=30)
    answer = await clerk.get("/exports/new?what=people")
    assert answer.path.startswith("/again?to=/exports/new")


@pytest.mark.parametrize("path", ["/exports/1", "/exports/1/file"])
async def test_anothers_export_is_not_there(stage: Stage, clerk: Browser, path: str) -> None:
    await _asked(clerk)
    await work(stage.means, WORK)
    other = await stage.staff("老李", area=COUNTY)
    assert (await other.get(path)).status == 404


@pytest.mark.parametrize("what", ["", "nothing", "people%27"])
async def test_what_there_is_not_is_not_there(clerk: Browser, what: str) -> None:
    assert (await clerk.get(f"/exports/new?what={what}")).status == 404


@pytest.mark.parametrize("role", [StaffRole.CADRE, StaffRole.PARTNER, StaffRole.STEWARD])
async def test_who_may_not_export_sees_no_page(stage: Stage, role: StaffRole) -> None:
    browser = await stage.staff("老王", role=role, area=COUNTY)
    assert (await browser.get("/exports")).status == 404


@pytest.fixture
async def held(stage: Stage) -> Browser:
    """Somebody whose export of 201 rows waits."""
    await stage.database.run(enter, stage.vault, stage.now, COUNTY, ALONE + 1)
    browser = await stage.staff("小周", area=COUNTY)
    assert (await _asked(browser, why="县里开会")).path == "/exports/1"
    return browser


async def test_a_long_list_wants_a_reason(stage: Stage) -> None:
    await stage.database.run(enter, stage.vault, stage.now, COUNTY, ALONE + 1)
    browser = await stage.staff("小周", area=COUNTY)
    answer = await _asked(browser)
    assert answer.status == 422
    assert "请写明用途" in answer.words


async def test_another_decides_and_the_asker_begins(stage: Stage, held: Browser) -> None:
    other = await stage.staff("老李", area=COUNTY)
    page = await other.get("/exports/permits")
    assert "县里开会" in page.words
    assert "201" in page.words
    await other.post("/exports/permits/1", word="yes")
    await held.post("/exports/1/begin")
    await work(stage.means, WORK)
    assert (await held.get("/exports/1/file")).status == 200


async def test_a_second_click_of_who_decides_does_no_harm(stage: Stage, held: Browser) -> None:
    other = await stage.staff("老李", area=COUNTY)
    await other.post("/exports/permits/1", word="yes")
    answer = await other.post("/exports/permits/1", word="no")
    assert (answer.status, "已经处理过" in answer.words) == (409, True)


async def test_another_county_sees_no_permit_of_ours(stage: Stage, held: Browser) -> None:
    other = await stage.staff("邻县", area="430382")
    assert "县里开会" not in (await other.get("/exports/permits")).words
    assert (await other.post("/exports/permits/1", word="yes")).status == 409


@pytest.mark.parametrize(("area", "status"), [(COUNTY, 409), ("", 303)])
async def test_a_wipe_is_decided_by_who_looks_after_everything(
    stage: Stage, area: str, status: int
) -> None:
    await stage.database.run(_ask_wipe, stage.vault, stage.now)
    decider = await stage.staff("老李", area=area)
    assert ("清空" in (await decider.get("/exports/permits")).words) == (status == 303)
    assert (await decider.post("/exports/permits/1", word="yes")).status == status


def _ask_wipe(session: Session, vault: Vault, now: datetime) -> None:
    kind = permits.PermitKind.WIPE
    permits.ask(session, vault, kind, by="老何", why="合同到期", what="清空", at=now)


async def test_what_waits_for_whom_stands_on_their_first_page(stage: Stage, held: Browser) -> None:
    other = await stage.staff("老李", area=COUNTY)
    assert "等您批准" in (await other.get("/")).words
    assert "等您批准" not in (await held.get("/")).words


async def test_a_city_asks_to_read_the_people_of_a_county(stage: Stage) -> None:
    city = await stage.staff("市里", area="430300")
    await stage.database.run(enter, stage.vault, stage.now, COUNTY, 2)
    answer = await city.post("/exports/lists", place="湘乡市", why="督查")
    assert answer.path == "/exports/lists"
    assert " 0 " in (await city.get("/exports/new?what=people")).words
    county = await stage.staff("老李", area=COUNTY)
    await county.post("/exports/permits/1", word="yes")
    assert " 2 " in (await city.get("/exports/new?what=people")).words


async def test_a_city_asks_for_nothing_outside_it(stage: Stage) -> None:
    city = await stage.staff("市里", area="371700")
    answer = await city.post("/exports/lists", place="湘乡市", why="督查")
    assert (answer.status, "不归您负责" in answer.words) == (422, True)


async def test_a_cancelled_export_is_not_made(stage: Stage, clerk: Browser) -> None:
    await _asked(clerk)
    await clerk.post("/exports/1/cancel")
    await work(stage.means, WORK)
    assert (await clerk.get("/exports/1/file")).status == 409


async def test_my_exports_are_listed_with_what_they_are_of(stage: Stage, clerk: Browser) -> None:
    await clerk.post("/exports/new?what=people&place=430381", shape="csv")
    await _asked(clerk)
    page = (await clerk.get("/exports")).words
    assert "人员名单（湘乡市） E000001" in page
    assert "E000002" in page


async def test_the_form_leads_to_what_it_was_opened_for(clerk: Browser) -> None:
    text = (await clerk.get("/exports/new?what=people&place=430381")).text
    assert 'action="/console/exports/new?what=people&amp;place=430381"' in text


async def test_an_inspector_is_offered_no_list_of_people(stage: Stage) -> None:
    inspector = await stage.staff("督查", StaffRole.INSPECTOR, "371700")
    assert "导出人员名单" not in (await inspector.get("/exports")).text
