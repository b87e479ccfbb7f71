"""要交的报表: two people bring a paper to its end; nobody sees, or does, what is not theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from outreach.calendars import CHINA
from outreach.reports.notices.registry import find
from outreach.reports.periods import parse
from outreach.reports.places import namer
from outreach.reports.versions import reading, schedule
from outreach.reports.versions.schedule import Owed
from records import audit, people, permits, report_versions
from records.database import Session
from records.people import Person
from records.report_versions import State, Version
from records.staff_accounts import StaffRole
from records.vault import Vault
from tests.support.console import Answer, Browser, Stage

COUNTY, TOWN = "371703", "371703102"
NOVEMBER = datetime(2026, 11, 20, 9, tzinfo=CHINA)


def _enter(session: Session, vault: Vault, id_: str) -> None:
    entered = people.Entered({"intent": "ready"}, {"nickname": "李强"}, area=COUNTY)
    entered = replace(entered, source=people.Source.HOUSEHOLD)
    people.enter(session, vault, id_, entered, at=NOVEMBER, basis="文件一号")
    row = session.get(Person, id_)
    assert row is not None
    row.town = TOWN


def _draft(session: Session, stage: Stage, name: str, area: str, period: str = "2026-11") -> int:
    paper = find(name)
    assert paper is not None
    owed = Owed(paper, area, parse(period))
    return schedule.draft(session, stage.vault, owed, namer(session), stage.now).number


async def _paper(stage: Stage, name: str = "month_town", area: str = TOWN) -> int:
    for id_ in ("a", "b"):
        await stage.database.run(_enter, stage.vault, id_)
    return await stage.database.run(_draft, stage, name, area)


async def _version(stage: Stage, number: int) -> Version:
    found = await stage.database.read(report_versions.find, number)
    assert found is not None
    return found


async def _do(stage: Stage, browser: Browser, number: int, step: str) -> Answer:
    version = await _version(stage, number)
    return await browser.post(f"/owed/{number}/{step}", seen=version.sha)


async def _frozen(stage: Stage) -> tuple[int, Browser, Browser]:
    clerk, leader = await stage.staff("小刘", area=TOWN), await stage.staff("王主任")
    number = await _paper(stage)
    for who, step in ((clerk, "check"), (leader, "sign"), (leader, "freeze")):
        assert (await _do(stage, who, number, step)).status == 303
    return number, clerk, leader


async def test_what_is_owed_stands_on_the_list_and_on_the_first_page(stage: Stage) -> None:
    clerk = await stage.staff("小刘", area=TOWN)
    number = await _paper(stage)
    page = await clerk.get("/owed")
    assert f"/console/owed/{number}" in page.text
    assert "冉堌镇 2026年11月 乡镇月汇总表" in page.words
    assert "报表等您核对或签字" in (await clerk.get("/")).words


async def test_two_people_bring_a_paper_to_its_end(stage: Stage) -> None:
    number, clerk, _ = await _frozen(stage)
    version = await _version(stage, number)
    assert (version.state, version.checked_by) == (State.FROZEN, "小刘")
    page = await clerk.get(f"/owed/{number}")
    assert "已定稿" in page.words
    assert version.sha[:16] in page.text


async def test_who_checked_does_not_sign(stage: Stage) -> None:
    clerk = await stage.staff("小刘", area=TOWN)
    number = await _paper(stage)
    await _do(stage, clerk, number, "check")
    answer = await _do(stage, clerk, number, "sign")
    assert (answer.status, "两个人" in answer.words) == (409, True)


async def test_what_changed_since_the_page_was_opened_is_not_signed(stage: Stage) -> None:
    clerk = await stage.staff("小刘", area=TOWN)
    number = await _paper(stage)
    seen = (await _version(stage, number)).sha
    await clerk.post(f"/owed/{number}/remark", said="有一户没问到")
    answer = await clerk.post(f"/owed/{number}/check", seen=seen)
    assert (answer.status, "刚有人动过" in answer.words) == (409, True)


async def test_a_step_can_be_undone_from_what_is_said_next(stage: Stage) -> None:
    clerk = await stage.staff("小刘", area=TOWN)
    number = await _paper(stage)
    await _do(stage, clerk, number, "check")
    assert "撤销" in (await clerk.get(f"/owed/{number}")).words
    await clerk.post(f"/owed/{number}/back")
    assert (await _version(stage, number)).state is State.DRAFTED


@pytest.mark.parametrize(
    ("role", "area"),
    [
        (StaffRole.STAFF, "371703103"),
        (StaffRole.STAFF, "430381"),
        (StaffRole.INSPECTOR, "430381"),
        (StaffRole.CADRE, TOWN),
        (StaffRole.COMMISSIONER, COUNTY),
        (StaffRole.OPERATOR, ""),
    ],
)
async def test_a_paper_of_others_is_not_there(stage: Stage, role: StaffRole, area: str) -> None:
    number = await _paper(stage)
    other = await stage.staff("外人", role, area)
    for path in (f"/owed/{number}", f"/owed/{number}/1/now"):
        assert (await other.get(path)).status == 404
    for path in ("check", "freeze", "back", "count", "remark", "file/docx", "1/now/remark"):
        answer = await other.post(f"/owed/{number}/{path}", seen="x", said="x", remark="x")
        assert answer.status == 404, path
    assert (await _version(stage, number)).state is State.DRAFTED


async def test_an_inspector_reads_totals_and_does_nothing(stage: Stage) -> None:
    number = await _paper(stage)
    inspector = await stage.staff("督查", StaffRole.INSPECTOR, COUNTY)
    assert "核对无误" not in (await inspector.get(f"/owed/{number}")).words
    assert (await inspector.post(f"/owed/{number}/check", seen="x")).status == 404


async def test_a_figure_opens_its_list_masked_and_in_the_trail(stage: Stage) -> None:
    clerk = await stage.staff("小刘", area=TOWN)
    number = await _paper(stage)
    page = await clerk.get(f"/owed/{number}/1/now")
    assert "/console/people/a" in page.text
    assert "李*" in page.text  # and the ends of the phone, the village, what they said
    assert "李强" not in page.text
    rows = await stage.database.read(audit.of, f"report:{number}")
    assert "report.list" in [row.act for row in rows]


async def test_a_city_sees_how_many_and_not_who(stage: Stage) -> None:
    city = await stage.staff("市里的", area="371700")
    number = await _paper(stage)
    page = await city.get(f"/owed/{number}/1/now")
    assert "/console/people/a" not in page.text
    assert "还有 2 人不在您能看的范围里" in page.words


async def test_counted_figures_are_not_typed_over(stage: Stage) -> None:
    clerk = await stage.staff("小刘", area=TOWN)
    number = await _paper(stage)
    answer = await clerk.post(f"/owed/{number}/1/now/typed", said="9", why="好看")
    assert (answer.status, "不能手填" in answer.words) == (422, True)


async def test_a_frozen_figure_only_gets_a_correction(stage: Stage) -> None:
    number, clerk, _ = await _frozen(stage)
    refused = await clerk.post(f"/owed/{number}/1/now/remark", remark="改成3")
    assert (refused.status, "更正说明" in refused.words) == (422, True)
    empty = await clerk.post(f"/owed/{number}/1/now/correction", said="3")
    assert (empty.status, "为什么" in empty.words) == (422, True)
    answer = await clerk.post(f"/owed/{number}/1/now/correction", said="3", why="漏报一人")
    assert answer.status == 303
    page = await clerk.get(f"/owed/{number}")
    assert "由2更正为3；原因：漏报一人（小刘" in page.words


async def test_what_is_typed_stands_escaped(stage: Stage) -> None:
    clerk = await stage.staff("小刘", area=TOWN)
    number = await _paper(stage)
    for path in ("remark", "1/now/remark"):
        said = "<script>alert(1)</script>"
        await clerk.post(f"/owed/{number}/{path}", said=said, remark=said)
    page = await clerk.get(f"/owed/{number}")
    assert "<script>alert" not in page.text
    assert page.text.count("&lt;script&gt;alert") >= 2


async def test_figures_stand_beside_those_of_the_period_before(stage: Stage) -> None:
    clerk = await stage.staff("小刘", area=TOWN)
    await stage.database.run(_draft, stage, "month_town", TOWN, "2026-10")
    number = await _paper(stage)
    assert "上期 0，多 2" in (await clerk.get(f"/owed/{number}")).words


async def test_counted_again_there_is_a_new_draft(stage: Stage) -> None:
    clerk = await stage.staff("小刘", area=TOWN)
    number = await _paper(stage)
    same = await clerk.post(f"/owed/{number}/count")
    await stage.database.run(_enter, stage.vault, "c")
    new = await clerk.post(f"/owed/{number}/count")
    assert (same.path, new.path) == (f"/owed/{number}", f"/owed/{number + 1}")
    assert "重新算的一份代替" in (await clerk.get(f"/owed/{number}")).words


async def test_a_correcting_version_stands_beside_the_frozen_one(stage: Stage) -> None:
    number, clerk, _ = await _frozen(stage)
    await stage.database.run(_enter, stage.vault, "c")
    new = await clerk.post(f"/owed/{number}/count")
    assert f"更正 {number} 号" in (await clerk.get("/owed")).words
    assert f"又出了更正版： {number + 1} 号" in (await clerk.get(f"/owed/{number}")).words
    assert new.path == f"/owed/{number + 1}"


@pytest.mark.parametrize("ending", ["docx", "xlsx", "csv", "html", "md"])
async def test_a_file_says_who_took_it_and_the_trail_knows_its_number(
    stage: Stage, ending: str
) -> None:
    number, clerk, _ = await _frozen(stage)
    answer = await clerk.post(f"/owed/{number}/file/{ending}")
    assert (answer.status, len(answer.body) > 500) == (200, True)
    rows = await stage.database.read(audit.of, f"report:{number}")
    taken = [row for row in rows if row.act == "report.exported"]
    assert [row.actor for row in taken] == ["staff:小刘"]
    assert taken[0].receipt in answer.headers["Content-Disposition"]


async def test_there_is_no_file_of_another_kind(stage: Stage) -> None:
    number, clerk, _ = await _frozen(stage)
    assert (await clerk.post(f"/owed/{number}/file/exe")).status == 404


async def test_signing_asks_again_who_it_is_after_a_while(stage: Stage) -> None:
    clerk, leader = await stage.staff("小刘", area=TOWN), await stage.staff("王主任")
    number = await _paper(stage)
    await _do(stage, clerk, number, "check")
    stage.clock[0] = stage.now.replace(hour=stage.now.hour + 1)
    answer = await _do(stage, leader, number, "sign")
    assert "再确认一次是您" in answer.words
    assert (await _version(stage, number)).state is State.CHECKED


async def test_names_leave_only_with_anothers_word(stage: Stage) -> None:
    leader, other = await stage.staff("王主任"), await stage.staff("老张")
    number = await _paper(stage, "people_ledger", COUNTY)
    page = await leader.get(f"/owed/{number}")
    assert "李强" not in page.text
    assert "要另一位同事批准" in page.words
    assert (await leader.post(f"/owed/{number}/file/xlsx")).status == 409
    await leader.post(f"/owed/{number}/ask", why="报市里")
    [permit] = await stage.database.read(permits.waiting)
    await other.post(f"/exports/permits/{permit.id}", word="yes")
    assert (await leader.post(f"/owed/{number}/file/xlsx")).status == 200
    assert (await leader.post(f"/owed/{number}/file/xlsx")).status == 409


async def test_a_list_goes_page_by_page(stage: Stage) -> None:
    clerk = await stage.staff("小刘", area=TOWN)
    for n in range(60):
        await stage.database.run(_enter, stage.vault, f"p{n:02}")
    number = await stage.database.run(_draft, stage, "month_town", TOWN)
    first = await clerk.get(f"/owed/{number}/1/now")
    second = await clerk.get(f"/owed/{number}/1/now?from=50")
    assert [page.text.count("/console/people/p") for page in (first, second)] == [50, 10]


async def test_what_stands_in_the_store_is_what_the_page_says(stage: Stage) -> None:
    number, _, _ = await _frozen(stage)
    known = await stage.database.read(reading.opened, stage.vault, await _version(stage, number))
    assert known.table.rows[0].cells["now"] == 2


@pytest.mark.parametrize(
    ("role", "area"), [(StaffRole.STAFF, "371700"), (StaffRole.INSPECTOR, COUNTY)]
)
async def test_who_sees_totals_reads_no_paper_line_by_line_of_people(
    stage: Stage, role: StaffRole, area: str
) -> None:
    number = await _paper(stage, "people_ledger", COUNTY)
    above = await stage.staff("上面的", role, area)
    assert (await above.get(f"/owed/{number}")).status == 404
    assert (await above.post(f"/owed/{number}/file/csv")).status == 404
    assert f"/owed/{number}" not in (await above.get("/owed/all")).text
