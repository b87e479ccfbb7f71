"""附件2, 附件3 and all targets: against the papers, and against records counted by hand."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from outreach.calendars import CHINA
from outreach.reports.table import Row, Table
from outreach.reports.targets_known import share
from outreach.reports.targets_pace import pace
from outreach.reports.targets_tables import REPORTS, annex2, annex3, everything
from outreach.reports.writing.files import WRITERS
from outreach.reports.writing.mark import Mark
from records import targets, visits
from records.courses import CourseRow, Enrolment
from records.database import Database, Session
from records.entities import Entity
from records.events import EventRow
from records.targets import Figure, Kind
from records.vault import Vault
from tests.support.office import as_read_by_office, needs_office
from tests.support.reporting import CITY, COUNTY, OTHER, a_business, a_person, asked

JULY = datetime(2023, 7, 2, 12, tzinfo=CHINA)
AREAS = ("湘潭县", "湘乡市", "韶山市", "雨湖区", "岳塘区", "高新区", "经开区", "合计")
ANNEX2 = [  # as printed: away, three years, 2023
    ("155000", "7750", "3200"),
    ("190000", "9500", "3800"),
    ("17500", "875", "350"),
    ("13000", "650", "255"),
    ("3200", "160", "70"),
    ("300", "15", "5"),
    ("1000", "50", "20"),
    ("380000", "19000", "7700"),
]
ANNEX3 = [  # as printed: parks 2023, then three years and 2023 of projects, training, cases
    ("3", "90", "30", "90", "30", "90", "30"),
    ("3", "90", "30", "90", "30", "90", "30"),
    ("1", "36", "12", "36", "12", "30", "10"),
    ("2", "36", "12", "36", "12", "30", "10"),
    ("1", "30", "10", "30", "10", "30", "10"),
    ("无目标", "9", "3", "9", "3", "15", "5"),
    ("无目标", "9", "3", "9", "3", "15", "5"),
    ("10", "300", "100", "300", "100", "300", "100"),
]
MARK = Mark("小刘", JULY)


def _line(table: Table, name: str) -> Row:
    return next(row for row in table.rows if row.cells["name"] == name)


def _of(table: Table, name: str, measure: str, span: str) -> list[Row]:
    return [
        row
        for row in table.rows
        if (row.cells["name"], row.cells["measure"], row.cells["span"]) == (name, measure, span)
    ]


@needs_office
async def test_another_office_program_reads_annex_2_as_printed(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    table = await database.read(annex2, asked(CITY, vault, JULY, period="2023"))
    found = as_read_by_office(WRITERS[".xlsx"](table, MARK), tmp_path)
    assert found[2][:5] == [
        "序号",
        "县市区",
        "外出务工人数（人）",
        "2023-2025年返乡创业目标户数（户）",
        "其中2023年返乡创业目标户数（户）",
    ]
    rows = {line[1]: tuple(line[2:5]) for line in found[4:12]}
    assert rows == dict(zip(AREAS, ANNEX2, strict=True))


@needs_office
async def test_another_office_program_reads_annex_3_as_printed(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    table = await database.read(annex3, asked(CITY, vault, JULY, period="2023"))
    found = as_read_by_office(WRITERS[".xlsx"](table, MARK), tmp_path)
    printed = [n for n, text in enumerate(found[3]) if text.endswith("目标数")]
    rows = {line[0]: tuple(line[n] for n in printed) for line in found[4:12]}
    assert rows == dict(zip(AREAS, ANNEX3, strict=True))
    groups = [text for text in found[2] if text]
    assert groups[1:5] == [
        "双创示范园区（基地）（个）",
        "双创示范项目（个）",
        "路演和培训项目（个）",
        "返乡创业典型案例（个）",
    ]


def _founders(session: Session) -> None:
    """In 2023: a household of two on one phone, one alone, one who closed; one of before."""
    told = "half_year returned rural running"
    for phone, began, closed in (
        ("same", date(2023, 1, 1), None),
        ("same", date(2023, 3, 1), None),
        ("", date(2023, 4, 1), None),
        ("other", date(2023, 2, 1), date(2023, 6, 1)),
        ("older", date(2022, 12, 31), None),
        ("later", date(2023, 7, 3), None),
    ):
        owner = a_person(session, JULY, told, phone=phone)
        a_business(session, owner, began=began, closed=closed, now=JULY)
    stayed = a_person(session, JULY, "none stayed rural running")
    a_business(session, stayed, began=date(2023, 3, 1), now=JULY)


async def test_households_are_no_people_and_no_businesses(
    database: Database, vault: Vault
) -> None:
    await database.run(_founders)
    wanted = asked(CITY, vault, JULY, period="2023")
    row = _line(await database.read(annex2, wanted), "湘乡市")
    assert row.cells["year_actual"] == 2
    table = await database.read(everything, wanted)
    [households] = _of(table, "湘乡市", "返乡创业户数", "2023年")
    assert (households.cells["actual"], households.cells["unit"]) == (2, "户")


async def test_pace_and_forecast_stand_beside_each_other(database: Database, vault: Vault) -> None:
    await database.run(_founders)
    table = await database.read(annex2, asked(CITY, vault, JULY, period="2023"))
    row = _line(table, "湘乡市")
    # 183 of 365 days are gone: 2 households of 3800, and about 4 at the end.
    assert row.cells["year_gone"] == 50.1
    assert row.cells["year_rate"] == 0.1
    assert row.cells["year_forecast"] == 4
    assert any("预计＝实际÷时间进度" in text for text in table.beside)


async def test_totals_are_the_sums_of_their_lines(database: Database, vault: Vault) -> None:
    await database.run(_founders)
    for build in (annex2, annex3):
        table = await database.read(build, asked(CITY, vault, JULY, period="2023"))
        total = next(row for row in table.rows if row.is_total)
        for column in table.columns:
            parts = [row.cells[column.key] for row in table.rows if not row.is_total]
            numbers = [one for one in parts if isinstance(one, int)]
            is_sum = column.unit.value in ("人", "户", "个") and "forecast" not in column.key
            if is_sum and numbers:
                assert total.cells[column.key] == sum(numbers), column.key


async def test_two_papers_that_differ_are_two_rows_with_their_sources(
    database: Database, vault: Vault
) -> None:
    table = await database.read(everything, asked(CITY, vault, JULY, period="2023"))
    rows = _of(table, "湘潭市", "双创示范项目", "2023-2025年")
    assert sorted((row.cells["target"], str(row.cells["source"])[-4:-1]) for row in rows) == [
        (100, "附件1"),
        (300, "附件3"),
    ]
    assert all(row.cells["remark"] for row in rows)


async def test_no_target_is_said_and_no_rate_made_up(database: Database, vault: Vault) -> None:
    table = await database.read(everything, asked(CITY, vault, JULY, period="2023"))
    [row] = _of(table, "高新区", "双创示范园区（基地）", "2023年")
    assert (row.cells["target"], row.cells["rate"], row.cells["actual"]) == ("无目标", None, None)


PARKS = Figure(Kind.ACTUAL, COUNTY, "parks", 2023, 2023, "个", 1, "市农业农村局认定文件")


async def test_what_no_record_holds_is_typed(database: Database, vault: Vault) -> None:
    await database.run(lambda s: targets.keep(s, PARKS, by="小刘", at=JULY))
    table = await database.read(everything, asked(CITY, vault, JULY, period="2023"))
    [row] = _of(table, "湘乡市", "双创示范园区（基地）", "2023年")
    assert (row.cells["actual"], row.cells["rate"]) == (1, 33.3)


async def test_what_staff_type_stands_instead_of_what_is_shipped(
    database: Database, vault: Vault
) -> None:
    table = await database.read(everything, asked(CITY, vault, JULY, period="2023"))
    [row] = _of(table, "湘乡市", "返乡创业户数", "2023年")
    source = str(row.cells["source"])
    typed = Figure(Kind.TARGET, COUNTY, "households", 2023, 2023, "户", 3900, source)
    await database.run(lambda s: targets.keep(s, typed, by="小刘", at=JULY))
    again = await database.read(everything, asked(CITY, vault, JULY, period="2023"))
    [row] = _of(again, "湘乡市", "返乡创业户数", "2023年")
    assert (row.cells["target"], "小刘填的" in str(row.cells["remark"])) == (3900, True)
    beside = (await database.read(annex2, asked(CITY, vault, JULY, period="2023"))).beside
    assert any("各县加起来7800，合计一栏写的是7700" in text for text in beside)


def _held(session: Session) -> None:
    for area, ends, is_off in (
        (COUNTY, date(2023, 3, 1), False),
        ("430381001", date(2023, 4, 1), False),
        (COUNTY, date(2023, 5, 1), True),
        (COUNTY, date(2022, 5, 1), False),
        (CITY, date(2023, 5, 1), False),
        ("371703", date(2023, 5, 1), False),
    ):
        course = CourseRow(
            area=area,
            title="班",
            topic="ecommerce",
            level="start",
            starts_on=ends,
            ends_on=ends,
            seats=9,
            is_off=is_off,
            created_at=JULY,
        )
        session.add(course)
    for kind, county in (("路演", ""), ("路演", OTHER), ("座谈会", "")):
        event = EventRow(
            kind=kind,
            title="会",
            staff="小刘",
            area="430321100" if county else COUNTY,
            county=county,
            starts_at=datetime(2023, 6, 1, tzinfo=CHINA),
            created_at=JULY,
        )
        session.add(event)
    session.flush()


async def test_courses_and_roadshows_count_where_they_are_held(
    database: Database, vault: Vault
) -> None:
    await database.run(_held)
    table = await database.read(everything, asked(CITY, vault, JULY, period="2023"))
    found = {
        name: _of(table, name, "路演和培训项目", "2023年")[0].cells["actual"]
        for name in ("湘乡市", "湘潭县", "韶山市", "湘潭市")
    }
    assert found == {"湘乡市": 3, "湘潭县": 1, "韶山市": 0, "湘潭市": 5}


BASE = Figure(Kind.BASE, "420500", "outside_city", 2025, 2025, "人", 123_401, "市统计公报")


@pytest.mark.parametrize(("figure", "target"), [(None, "无目标"), (BASE, 2469)])
async def test_the_share_of_the_base_is_rounded_up_or_there_is_no_target(
    database: Database, vault: Vault, now: datetime, figure: Figure | None, target: Any
) -> None:
    if figure:
        await database.run(lambda s: targets.keep(s, figure, by="小刘", at=now))
    table = await database.read(everything, asked("420500", vault, now, period="2026"))
    [row] = [r for r in table.rows if r.cells["measure"] == "新增返乡创业经营主体"]
    assert row.cells["target"] == target
    assert "2025年末" in str(row.cells["remark"])


LOANS = Figure(Kind.ACTUAL, "420500", "guaranteed_loans", 2026, 2026, "元", 67_000_000, "市人社局")


async def test_loans_are_a_typed_sum_beside_a_target_that_the_paper_leaves_out(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(lambda s: targets.keep(s, LOANS, by="小刘", at=now))
    table = await database.read(everything, asked("420500", vault, now, period="2026"))
    [row] = [r for r in table.rows if r.cells["measure"] == "新增发放创业担保贷款"]
    assert (row.cells["target"], row.cells["actual"]) == ("无目标", 67_000_000)


@pytest.mark.parametrize(("base", "target"), [(0, 0), (1, 1), (50, 1), (51, 2), (380000, 7600)])
def test_two_percent_are_never_less_than_two_percent(base: int, target: int) -> None:
    assert share(2, base) == target
    assert target * 100 >= 2 * base > (target - 1) * 100 or base == 0


YEAR = (date(2023, 1, 1), date(2023, 12, 31))
PACES = [
    (100, 50, date(2023, 7, 2), (50.1, 50.0, 100), "落后0.1个百分点"),
    (100, 60, date(2023, 7, 2), (50.1, 60.0, 120), "跟上了"),
    (100, 0, date(2023, 1, 20), (5.5, 0.0, None), "落后5.5个百分点"),
    (None, 5, date(2023, 7, 2), (50.1, None, 10), ""),
    (100, None, date(2023, 7, 2), (50.1, None, None), ""),
    (100, 90, date(2024, 2, 1), (100.0, 90.0, None), "落后10个百分点"),
    (100, 0, date(2022, 2, 1), (0.0, 0.0, None), "跟上了"),
    (0, 3, date(2023, 7, 2), (50.1, None, 6), ""),
]


@pytest.mark.parametrize(("target", "actual", "day", "figures", "words"), PACES)
def test_the_pace_is_told_by_the_time_that_is_gone(
    target: int | None, actual: int | None, day: date, figures: tuple[Any, ...], words: str
) -> None:
    found = pace(target, actual, *YEAR, day)
    assert (found.gone, found.reached, found.forecast) == figures
    assert found.words == words


async def test_each_figure_opens_the_list_behind_it(database: Database, vault: Vault) -> None:
    await database.run(_founders)
    wanted = asked(CITY, vault, JULY, period="2023")
    for report in REPORTS:
        table = await database.read(report.build, wanted)
        for row in table.rows:
            for name in row.opens.values():
                of_row = asked(row.area, vault, JULY, period="2023")
                found = await database.read(report.lists[name], of_row)
                assert (len(found.ids) > 0) is (row.area in (CITY, COUNTY) and "cases" not in name)


async def test_a_county_and_a_year_without_any_target_have_a_table_too(
    database: Database, vault: Vault, now: datetime
) -> None:
    for report in REPORTS:
        for area in (COUNTY, "371703", "430381001", "X"):
            table = await database.read(report.build, asked(area, vault, now, period="2031"))
            assert table.columns


async def test_people_businesses_and_jobs_are_three_measures(
    database: Database, vault: Vault
) -> None:
    def fill(session: Session) -> None:
        _founders(session)
        owner = a_person(session, JULY, "half_year returned rural running")
        for heads in (4, 1):
            made = a_business(session, owner, began=date(2023, 5, 1), code=f"c{heads}", now=JULY)
            session.get_one(Entity, made).headcount = heads
        for name, unit in (("new_founders", "人"), ("new_entities", "个"), ("new_jobs", "人")):
            figure = Figure(Kind.TARGET, COUNTY, name, 2023, 2023, unit, 10, "县里定的")
            targets.keep(session, figure, by="小刘", at=JULY)

    await database.run(fill)
    table = await database.read(everything, asked(CITY, vault, JULY, period="2023"))
    titles = ("新增返乡创业人数", "新增返乡创业经营主体", "新增带动就业")
    rows = [_of(table, "湘乡市", title, "2023年")[0] for title in titles]
    assert [(row.cells["actual"], row.cells["unit"]) for row in rows] == [
        *((5, "人"), (6, "个"), (3, "人"))
    ]


async def test_who_was_trained_and_guided_counts_once_at_home(
    database: Database, vault: Vault
) -> None:
    def fill(session: Session) -> None:
        _held(session)
        one, other = (a_person(session, JULY) for _ in range(2))
        for course, person, state in ((1, one, "came"), (2, one, "came"), (1, other, "seat")):
            row = Enrolment(course_id=course, person_id=person, state=state, since=JULY)
            session.add(row)
        for person in (one, one, other):
            told = visits.Told(visits.VisitKind.GUIDANCE, minutes=60)
            visits.log(session, vault, person, told, helper="陈姐", at=JULY)
        for name in ("trained", "guided"):
            figure = Figure(Kind.TARGET, COUNTY, name, 2023, 2023, "人", 4, "县里定的")
            targets.keep(session, figure, by="小刘", at=JULY)

    await database.run(fill)
    table = await database.read(everything, asked(CITY, vault, JULY, period="2023"))
    rows = [_of(table, "湘乡市", title, "2023年")[0] for title in ("技能培训人数", "创业辅导人数")]
    assert [(row.cells["actual"], row.cells["rate"]) for row in rows] == [(1, 25.0), (2, 50.0)]


@pytest.mark.parametrize(
    "name", ["provincial_counties", "provincial_parks", "provincial_projects"]
)
async def test_what_the_province_recognised_is_typed_beside_its_target(
    database: Database, vault: Vault, name: str
) -> None:
    def fill(session: Session) -> None:
        for kind, value in ((Kind.TARGET, 4), (Kind.ACTUAL, 3)):
            figure = Figure(kind, COUNTY, name, 2023, 2023, "个", value, "省里认定文件")
            targets.keep(session, figure, by="小刘", at=JULY)

    await database.run(fill)
    table = await database.read(everything, asked(CITY, vault, JULY, period="2023"))
    [row] = [one for one in table.rows if str(one.cells["measure"]).startswith("省级")]
    assert (row.cells["actual"], row.cells["rate"]) == (3, 75.0)


async def test_what_a_paper_says_of_shares_only_has_no_target(
    database: Database, vault: Vault, now: datetime
) -> None:
    table = await database.read(everything, asked("410900", vault, now, period="2024"))
    found = {row.cells["measure"]: row.cells["target"] for row in table.rows}
    assert found == dict.fromkeys(("新增返乡创业人数", "技能培训人数", "创业辅导人数"), "无目标")


async def test_the_base_of_who_is_away_stands_in_annex_2(
    database: Database, vault: Vault, now: datetime
) -> None:
    table = await database.read(annex2, asked("371703", vault, now, period="2026"))
    assert [row.cells["base"] for row in table.rows] == [126_000]


@pytest.mark.parametrize(("period", "base"), [("2023", 190_000), ("2024", 185_000)])
async def test_each_year_keeps_its_own_base(
    database: Database, vault: Vault, now: datetime, period: str, base: int
) -> None:
    later = Figure(Kind.BASE, "430381", "outside_workers", 2024, 2024, "人", 185_000, "市统计局")
    await database.run(lambda s: targets.keep(s, later, by="小刘", at=now))
    table = await database.read(annex2, asked("430300", vault, now, period=period))
    assert [r.cells["base"] for r in table.rows if r.cells["name"] == "湘乡市"] == [base]
