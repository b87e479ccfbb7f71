"""Targets on pages: shown with their pace, typed with their source by who answers for them."""

from __future__ import annotations

import pytest

from records import targets
from records.staff_accounts import StaffRole
from records.targets import Kind
from tests.console.test_reports import enter
from tests.support.console import Stage

CITY, COUNTY, NEXT, TOWN = "430300", "430381", "430321", "430381001"
GIVEN = {
    "kind": "target",
    "area": COUNTY,
    "measure": "households",
    "first": "2026",
    "last": "2026",
    "value": "4000",
    "source": "县里2026年工作要点",
}


async def test_the_targets_of_the_papers_stand_with_their_sources(stage: Stage) -> None:
    page = await (await stage.staff(area=CITY)).get("/targets?year=2023")
    for word in ("7,700", "无目标", "附件1", "附件3", "时间进度", "人、户、个各算各的"):
        assert word in page.words


async def test_a_year_without_targets_says_so(stage: Stage) -> None:
    page = await (await stage.staff(area=COUNTY)).get("/targets?year=2031")
    assert "这一年还没有填目标" in page.words


@pytest.mark.parametrize("query", ["year=abc", "year=1999", "area=430321", "area=x' or 1=1"])
async def test_what_is_out_of_reach_is_not_there(stage: Stage, query: str) -> None:
    assert (await (await stage.staff(area=COUNTY)).get(f"/targets?{query}")).status == 404


async def test_a_figure_is_typed_and_the_older_one_stays(stage: Stage) -> None:
    browser = await stage.staff(area=COUNTY)
    assert (await browser.post("/targets/type", **GIVEN)).status == 303
    page = await browser.get(f"/targets/type?area={COUNTY}&measure=households&kind=target")
    assert "4,000" in page.words
    [first] = await stage.database.read(targets.versions, [COUNTY])
    again = await browser.post(
        "/targets/type", **{**GIVEN, "value": "4100", "seen": str(first.number)}
    )
    assert again.path == "/targets?year=2026"
    kept = await stage.database.read(targets.versions, [COUNTY])
    assert [one.figure.value for one in kept] == [4000, 4100]
    shown = await browser.get("/targets?year=2026")
    assert "4,100" in shown.words
    assert "小周" in shown.words


async def test_what_no_record_holds_says_who_typed_it(stage: Stage) -> None:
    browser = await stage.staff(area=COUNTY)
    parks = {**GIVEN, "measure": "parks", "value": "3"}
    await browser.post("/targets/type", **parks)
    done = {**parks, "kind": "actual", "value": "1", "source": "市里的认定文件"}
    assert (await browser.post("/targets/type", **done)).status == 303
    page = await browser.get("/targets?year=2026")
    assert "完成数是小周2026-" in page.words
    assert "填的，来源：市里的认定文件" in page.words


async def test_who_has_not_seen_a_colleagues_figure_is_told_of_it(stage: Stage) -> None:
    await (await stage.staff("小周", area=COUNTY)).post("/targets/type", **GIVEN)
    browser = await stage.staff("小吴", area=COUNTY)
    answer = await browser.post("/targets/type", **{**GIVEN, "value": "9"})
    assert answer.status == 422
    assert "小周刚填了4000" in answer.words
    assert 'value="9"' in answer.text


async def test_an_empty_figure_is_no_target(stage: Stage) -> None:
    browser = await stage.staff(area=COUNTY)
    await browser.post("/targets/type", **{**GIVEN, "value": ""})
    [kept] = await stage.database.read(targets.versions, [COUNTY])
    assert kept.figure.value is None
    assert "无目标" in (await browser.get("/targets?year=2026")).words


FAULTY = [
    ({"value": "-1"}, "不能小于 0"),
    ({"value": "多"}, "请填一个整数"),
    ({"source": ""}, "请填写这一项"),
    ({"first": "2027"}, "结束的年份不能早于"),
    ({"measure": "nothing"}, "请从列出的里面选一个"),
    ({"kind": "actual"}, "这一类里没有这个指标"),
]


@pytest.mark.parametrize(("change", "said"), FAULTY)
async def test_a_fault_is_said_at_its_field_and_nothing_is_lost(
    stage: Stage, change: dict[str, str], said: str
) -> None:
    browser = await stage.staff(area=COUNTY)
    answer = await browser.post("/targets/type", **{**GIVEN, **change})
    assert answer.status == 422
    assert said in answer.words
    assert "县里2026年工作要点" in answer.text or "source" in change
    assert await stage.database.read(targets.versions, [COUNTY]) == []


async def test_three_years_that_are_not_three_times_want_a_persons_yes(stage: Stage) -> None:
    browser = await stage.staff(area=COUNTY)
    year = {**GIVEN, "measure": "projects", "value": "30"}
    await browser.post("/targets/type", **year)
    span = {**year, "last": "2028", "value": "80"}
    answer = await browser.post("/targets/type", **span, seen="9")
    assert (answer.status, "不是年度数30的三倍" in answer.words) == (422, True)
    assert (await browser.post("/targets/type", **span, seen="9", is_sure="yes")).status == 303


async def test_what_a_county_plans_stands_in_annex_4(stage: Stage) -> None:
    await enter(stage, "p1", "张小明")
    browser = await stage.staff(area=COUNTY)
    plan = {**GIVEN, "kind": "planned", "measure": "entities", "area": TOWN, "value": "12"}
    assert (await browser.post("/targets/type", **plan)).status == 303
    [kept] = await stage.database.read(targets.current, [TOWN])
    assert (kept.figure.kind, kept.figure.unit) == (Kind.PLANNED, "个")


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [
        (StaffRole.STAFF, NEXT, 404),
        (StaffRole.STAFF, CITY, 303),
        (StaffRole.STAFF, TOWN, 404),
        (StaffRole.INSPECTOR, COUNTY, 404),
        (StaffRole.CADRE, COUNTY, 404),
    ],
)
async def test_who_answers_for_an_area_types_its_figures(
    stage: Stage, role: StaffRole, area: str, status: int
) -> None:
    browser = await stage.staff("某人", role, area)
    assert (await browser.post("/targets/type", **GIVEN)).status == status


@pytest.mark.parametrize(
    ("role", "area"), [(StaffRole.STAFF, TOWN), (StaffRole.INSPECTOR, COUNTY)]
)
async def test_a_town_and_an_inspector_look_at_the_countys(
    stage: Stage, role: StaffRole, area: str
) -> None:
    browser = await stage.staff("某人", role, area)
    page = await browser.get("/targets?year=2023")
    assert "3,800" in page.words
    assert "填一个数" not in page.words


async def test_words_of_staff_are_words(stage: Stage) -> None:
    browser = await stage.staff(area=COUNTY)
    await browser.post("/targets/type", **{**GIVEN, "source": "<script>alert(1)</script>"})
    page = await browser.get("/targets?year=2026")
    assert "<script>alert" not in page.text
    assert "<script>alert(1)</script>" in page.words


async def test_the_base_of_another_year_is_typed_beside_the_papers(stage: Stage) -> None:
    browser = await stage.staff(area=COUNTY)
    base = {"kind": "base", "measure": "outside_workers", "first": "2027", "last": "2027"}
    answer = await browser.post("/targets/type", **{**GIVEN, **base, "value": "130000"})
    assert answer.status == 303, answer.words
    [typed] = await stage.database.read(targets.versions, [COUNTY])
    assert (typed.figure.first_year, typed.figure.value) == (2027, 130_000)
    at = f"/targets/type?area={COUNTY}&measure=outside_workers&kind=base"
    assert "130,000" in (await browser.get(at)).words
