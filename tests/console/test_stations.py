"""服务站: the directory, a head's half-year confirmed once, leads that become drafts."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from outreach import stations as duties
from records import audit, leads, projects, stations
from records.database import Session
from records.staff_accounts import StaffRole
from records.stations import Listed
from tests.support.console import Browser, Stage

COUNTY = "371703"


def _stations(session: Session) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    for name, area, head in (
        ("昆明站", COUNTY, "丁会长"),
        ("杭州站", COUNTY, "李会长"),
        ("外县站", "430381", "外县站长"),
    ):
        stations.put(session, Listed(name, area, city=name[:2], head=head), at)


async def _head(stage: Stage, name: str = "丁会长") -> Browser:
    await stage.database.run(_stations)
    return await stage.staff(name, StaffRole.HEAD, COUNTY)


def _known(session: Session) -> list[Listed]:
    return stations.of_area(session, COUNTY)


@pytest.mark.parametrize(
    ("role", "area", "seen"),
    [
        (StaffRole.STAFF, COUNTY, {"昆明站", "杭州站"}),
        (StaffRole.STAFF, "371703102", {"昆明站", "杭州站"}),
        (StaffRole.STAFF, "371700", {"昆明站", "杭州站"}),
        (StaffRole.STAFF, "430381", {"外县站"}),
        (StaffRole.HEAD, COUNTY, {"昆明站"}),
    ],
)
async def test_each_sees_the_stations_of_theirs(
    stage: Stage, role: StaffRole, area: str, seen: set[str]
) -> None:
    await stage.database.run(_stations)
    page = await (await stage.staff("丁会长", role, area)).get("/stations")
    assert {name for name in ("昆明站", "杭州站", "外县站") if name in page.words} == seen


@pytest.mark.parametrize(
    "role", [StaffRole.CADRE, StaffRole.COMMISSIONER, StaffRole.MENTOR, StaffRole.INSPECTOR]
)
async def test_others_have_no_such_page(stage: Stage, role: StaffRole) -> None:
    other = await stage.staff("外人", role, COUNTY)
    for path in ("/stations", "/stations/edit", "/stations/duty", "/stations/leads"):
        assert (await other.get(path)).status == 404


async def test_a_county_enters_and_corrects_a_station(stage: Stage) -> None:
    county = await stage.staff()
    await stage.database.run(_stations)
    await county.post("/stations/edit", name="广州站", city="广州", phone="020-0000000")
    way = "/stations/edit?name=昆明站&area=371703"
    assert "昆明站" in (await county.get(way)).words
    await county.post(way, name="改不了名", address="官渡路2号")
    found = {one.name: one for one in await stage.database.read(_known)}
    assert found.keys() == {"广州站", "昆明站", "杭州站"}
    assert (found["昆明站"].address, found["广州站"].phone) == ("官渡路2号", "020-0000000")
    assert found["昆明站"].city == ""  # what the form leaves empty is empty


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"name": ""}, "请填写这一项"),
        ({"name": "站", "phone": "找老王"}, "单位的电话"),
        ({"name": "站", "area": "湘乡市"}, "不归您负责"),
        ({"name": "站", "head": "谁"}, "从列出的站长"),
    ],
)
async def test_what_cannot_be_so_is_said_at_its_field(
    stage: Stage, fields: dict[str, str], word: str
) -> None:
    county = await stage.staff()
    answer = await county.post("/stations/edit", **fields)
    assert (answer.status, word in answer.words) == (422, True)
    assert await stage.database.read(_known) == []


@pytest.mark.parametrize(
    ("role", "area"),
    [(StaffRole.HEAD, COUNTY), (StaffRole.STAFF, "371703102"), (StaffRole.STAFF, "430381")],
)
async def test_nobody_else_changes_a_station(stage: Stage, role: StaffRole, area: str) -> None:
    await stage.database.run(_stations)
    other = await stage.staff("外人", role, area)
    answer = await other.post("/stations/edit?name=昆明站&area=371703", name="昆明站", city="丽江")
    assert answer.status == 404
    assert {one.city for one in await stage.database.read(_known)} == {"昆明", "杭州"}


def _fields(stage: Stage, **changes: str) -> dict[str, str]:
    names = ("events", "came", "projects", "firms", "planned", "landed", "leads")
    half = duties.half_of(stage.now.date())
    return {**dict.fromkeys(names, "0"), "half": half, "said": "要人手", **changes}


async def test_a_head_confirms_once_what_the_page_showed(stage: Stage) -> None:
    head = await _head(stage)
    assert "等您确认" in (await head.get("/stations/duty")).words
    stale = await head.post("/stations/duty", **_fields(stage, events="3"))
    assert (stale.status, "数刚刚变了" in stale.words) == (409, True)
    assert (await head.post("/stations/duty", **_fields(stage))).status == 303
    again = await head.post("/stations/duty", **_fields(stage, said="别的"))
    assert (again.status, "已经确认过" in again.words) == (409, True)
    [kept] = await stage.database.read(stations.reports, stage.vault, "2026H2")
    assert (kept.staff, kept.words) == ("丁会长", "要人手")


async def test_only_these_two_half_years_are_confirmed(stage: Stage) -> None:
    head = await _head(stage)
    assert (await head.post("/stations/duty", **_fields(stage, half="2024H1"))).status == 404


async def test_a_head_sees_on_the_first_page_that_a_report_is_owed(stage: Stage) -> None:
    head = await _head(stage)
    assert "述职等您确认" in (await head.get("/")).words
    await head.post("/stations/duty", **_fields(stage, half="2026H1"))
    assert "述职等您确认" not in (await head.get("/")).words


async def test_the_county_reads_all_reports_and_confirms_none(stage: Stage) -> None:
    await _head(stage)
    county = await stage.staff()
    words = (await county.get("/stations/duty")).words
    assert ("丁会长" in words, "李会长" in words, "外县站长" in words) == (True, True, False)
    assert (await county.post("/stations/duty", **_fields(stage))).status == 404


async def _lead(stage: Stage) -> Browser:
    head = await _head(stage)
    await head.post("/stations/leads", said="老王想回来办服装厂")
    return head


async def test_a_lead_reaches_the_county_and_becomes_a_draft(stage: Stage) -> None:
    await _lead(stage)
    county = await stage.staff()
    assert "老王想回来办服装厂" in (await county.get("/stations/leads")).words
    answer = await county.post("/stations/leads/1", line="workshop", title="服装加工")
    assert answer.status == 303
    found = await stage.database.read(leads.find, stage.vault, 1)
    assert found is not None
    assert found.project is not None
    again = await county.post("/stations/leads/1", line="workshop", title="又一个")
    assert again.status == 422
    trail = await stage.database.read(audit.of, "leads:1")
    assert {row.act for row in trail} == {"leads.read"}


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"title": "服装"}, 422),
        ({"line": "没有的", "title": "服装"}, 422),
        ({"line": "workshop", "title": "找老王13800000000"}, 422),
    ],
)
async def test_a_draft_that_cannot_be_so_is_said(
    stage: Stage, fields: dict[str, str], status: int
) -> None:
    await _lead(stage)
    county = await stage.staff()
    answer = await county.post("/stations/leads/1", **fields)
    assert answer.status == status
    assert fields["title"] in answer.text
    found = await stage.database.read(leads.find, stage.vault, 1)
    assert found is not None
    assert found.project is None


@pytest.mark.parametrize(
    ("role", "area"),
    [(StaffRole.STAFF, "430381"), (StaffRole.STAFF, "371700"), (StaffRole.HEAD, COUNTY)],
)
async def test_a_lead_of_others_is_not_read(stage: Stage, role: StaffRole, area: str) -> None:
    await _lead(stage)
    other = await stage.staff("外人", role, area)
    assert "老王想回来办服装厂" not in (await other.get("/stations/leads")).text
    answer = await other.post("/stations/leads/1", line="workshop", title="服装加工")
    assert answer.status == 404
    assert await stage.database.read(_projects) == 0


def _projects(session: Session) -> int:
    return len(session.execute(select(projects.ProjectRow)).all())


async def test_who_may_not_import_is_offered_no_import(stage: Stage) -> None:
    city = await stage.staff("市里", StaffRole.STAFF, "371700")
    assert "用表格导入" not in (await city.get("/stations")).text
    assert "用表格导入" in (await (await stage.staff()).get("/stations")).text
