"""The library on pages: entered by one, reviewed by another, shown, verified, changed, ended."""

from __future__ import annotations

import pytest

from console.work_kinds import WORK
from outreach.projects.keeping import QUESTIONS
from records import projects
from records.projects import ProjectState
from records.staff_accounts import StaffRole
from tests.support.console import Browser, Stage
from tests.support.crowd import enter
from tests.support.working import work

COUNTY, OTHER = "430381", "430382"
FORM = {
    "kind": "项目",
    "title": "林下养鸡",
    "category": "种养",
    "county": "湘乡市",
    "source_dept": "市农业农村局",
    "capital": "3万—5万",
    "risk_line": "怕鸡瘟，要打疫苗",
    "slots": "3",
    "expires_on": "2027-06-30",
    "skills_any": "养殖",
}


@pytest.fixture
async def one(stage: Stage) -> Browser:
    """Who enters projects."""
    return await stage.staff("小周", area=COUNTY)


@pytest.fixture
async def other(stage: Stage) -> Browser:
    """Who reviews them."""
    return await stage.staff("老李", area=COUNTY)


async def _entered(browser: Browser, **changes: str) -> None:
    answer = await browser.post("/projects/new", **{**FORM, **changes})
    assert answer.status == 303, answer.words


def _marks(mark: str = "2", **changes: str) -> dict[str, str]:
    return {**dict.fromkeys(QUESTIONS, mark), **changes}


async def _published(one: Browser, other: Browser) -> None:
    await _entered(one)
    await other.post("/projects/1/review", **_marks())
    answer = await other.post("/projects/1/publish")
    assert answer.path == "/projects/1", answer.words


async def _state(stage: Stage, number: int = 1) -> str:
    row = await stage.database.read(projects.find, number)
    assert row is not None
    return row.state


async def test_a_project_goes_from_draft_to_people(
    stage: Stage, one: Browser, other: Browser
) -> None:
    await _published(one, other)
    assert await _state(stage) == ProjectState.PUBLISHED
    page = (await one.get("/projects/1")).words
    for words in ("已发布", "3万—5万", "录入，第 1 版", "审过，第 1 版", "老李：通过"):
        assert words in page


async def test_nobody_reviews_what_they_entered(stage: Stage, one: Browser) -> None:
    await _entered(one)
    assert "等另一位县里的同事审" in (await one.get("/projects/1")).words
    answer = await one.post("/projects/1/review", **_marks())
    assert (answer.status, "另一位同事审" in answer.words) == (409, True)
    assert await _state(stage) == ProjectState.DRAFT


async def test_a_fault_of_the_form_stands_at_its_field_and_nothing_is_lost(one: Browser) -> None:
    answer = await one.post("/projects/new", **{**FORM, "capital": "很多"})
    assert answer.status == 422
    assert "看不出要多少钱" in answer.words
    assert 'value="林下养鸡"' in answer.text


async def test_what_is_in_the_library_is_not_entered_twice(one: Browser) -> None:
    await _entered(one)
    answer = await one.post("/projects/new", **{**FORM, "capital": "8万"})
    assert (answer.status, "1 号项目" in answer.words) == (409, True)


async def test_a_hard_no_sends_it_back(stage: Stage, one: Browser, other: Browser) -> None:
    await _entered(one)
    await other.post("/projects/1/review", **_marks(no_fees="0"), note="收押金")
    assert await _state(stage) == ProjectState.DRAFT
    assert "收押金" in (await one.get("/projects/1")).words


async def test_an_edit_is_a_new_version_that_can_be_compared(
    stage: Stage, one: Browser, other: Browser
) -> None:
    await _published(one, other)
    answer = await one.post("/projects/1/edit", seen="1/published", capital="8万—12万")
    assert answer.path == "/projects/1", answer.words
    assert await _state(stage) == ProjectState.DRAFT
    page = (await one.get("/projects/1/versions")).words
    assert "本钱 3万—5万 8万—12万" in page


async def test_the_form_of_an_edit_says_what_it_says_now(one: Browser) -> None:
    await _entered(one)
    text = (await one.get("/projects/1/edit")).text
    for value in ("林下养鸡", "3万—5万", "怕鸡瘟，要打疫苗", "2027-06-30", "养殖"):
        assert f'value="{value}"' in text


async def test_saving_an_unchanged_form_changes_nothing(one: Browser) -> None:
    await _entered(one)
    answer = await one.post("/projects/1/edit", seen="1/draft", capital="3万—5万")
    assert (answer.status, "什么都没有改" in answer.words) == (422, True)


async def test_a_form_filled_for_an_older_version_is_told(one: Browser) -> None:
    await _entered(one)
    await one.post("/projects/1/edit", seen="1/draft", capital="8万")
    answer = await one.post("/projects/1/edit", seen="1/draft", capital="9万")
    assert (answer.status, "刚有人改过" in answer.words) == (409, True)


async def test_pause_can_be_undone_and_the_end_cannot(
    stage: Stage, one: Browser, other: Browser
) -> None:
    await _published(one, other)
    await other.post("/projects/1/pause", note="农忙")
    assert 'action="/console/projects/1/publish"' in (await other.get("/projects/1")).text
    await other.post("/projects/1/publish")
    assert await _state(stage) == ProjectState.PUBLISHED
    await other.post("/projects/1/close", note="老板不办了")
    assert (await other.post("/projects/1/publish")).status == 409


async def test_the_end_wants_a_reason(stage: Stage, one: Browser) -> None:
    await _entered(one)
    assert (await one.post("/projects/1/close", note=" ")).status == 422
    assert await _state(stage) == ProjectState.DRAFT


@pytest.mark.parametrize("until", ["soon", "2020-01-01"])
async def test_a_last_day_is_a_day_to_come(one: Browser, until: str) -> None:
    await _entered(one)
    assert (await one.post("/projects/1/verify", until=until)).status in (409, 422)


async def test_verifying_gives_it_a_new_last_day(
    stage: Stage, one: Browser, other: Browser
) -> None:
    await _published(one, other)
    await one.post("/projects/1/verify", until="2028-01-31")
    row = await stage.database.read(projects.find, 1)
    assert row is not None
    assert str(row.expires_on) == "2028-01-31"


@pytest.mark.parametrize("path", ["", "/edit", "/versions", "/interested"])
async def test_another_countys_project_is_not_there(stage: Stage, one: Browser, path: str) -> None:
    await _entered(one)
    stranger = await stage.staff("邻县", area=OTHER)
    assert (await stranger.get(f"/projects/1{path}")).status == 404


@pytest.mark.parametrize("act", ["review", "publish", "verify", "pause", "close", "edit", "count"])
async def test_another_countys_project_is_not_changed(
    stage: Stage, one: Browser, act: str
) -> None:
    await _entered(one)
    stranger = await stage.staff("邻县", area=OTHER)
    answer = await stranger.post(f"/projects/1/{act}", **_marks(), note="x", seen="1/draft")
    assert answer.status == 404
    assert await _state(stage) == ProjectState.DRAFT


@pytest.mark.parametrize("act", ["review", "publish", "pause", "close"])
async def test_a_town_does_not_decide(stage: Stage, one: Browser, act: str) -> None:
    await _entered(one)
    clerk = await stage.staff("镇里", area="430381101")
    assert (await clerk.post(f"/projects/1/{act}", **_marks(), note="x")).status == 404


async def test_who_only_looks_on_sees_what_is_published(
    stage: Stage, one: Browser, other: Browser
) -> None:
    cadre = await stage.staff("村里", role=StaffRole.CADRE, area="430381101")
    await _entered(one)
    assert (await cadre.get("/projects/1")).status == 404
    await other.post("/projects/1/review", **_marks())
    await other.post("/projects/1/publish")
    assert (await cadre.get("/projects/1")).status == 200
    assert (await cadre.get("/projects/1/edit")).status == 404


async def test_the_library_is_searched_and_narrowed(one: Browser) -> None:
    await _entered(one)
    await _entered(one, title="米粉店", category="小店餐饮美容")
    page = (await one.get("/projects?q=米粉")).words
    assert ("米粉店" in page, "林下养鸡" in page) == (True, False)
    page = (await one.get("/projects?category=farming&state=draft")).words
    assert ("米粉店" in page, "林下养鸡" in page) == (False, True)
    assert "没有这样的项目" in (await one.get("/projects?q=%25")).words


async def test_projects_that_may_be_one_are_shown_together(one: Browser) -> None:
    await _entered(one)
    await _entered(one, title="林下养鸡合作社")
    page = (await one.get("/projects/twins")).words
    assert "1号 林下养鸡" in page
    assert "2号 林下养鸡合作社" in page


async def test_whom_it_fits_is_a_number(stage: Stage, one: Browser) -> None:
    await stage.database.run(enter, stage.vault, stage.now, COUNTY, 3)
    await stage.database.run(enter, stage.vault, stage.now, OTHER, 2)
    await _entered(one)
    await one.post("/projects/1/count")
    await work(stage.means, WORK)
    assert "从 3 人里数出" in (await one.get("/projects/1")).words


async def test_what_waits_for_review_stands_on_the_first_page(one: Browser) -> None:
    await _entered(one)
    assert "项目等审核 1" in (await one.get("/")).words
