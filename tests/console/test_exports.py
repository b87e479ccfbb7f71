"""What leaves with people in it: counted, permitted, marked, traced, gone after a day."""

from __future__ import annotations

import asyncio
import csv
import io
from dataclasses import replace
from datetime import datetime, timedelta

import openpyxl
import pytest
from sqlalchemy import select, update

from console.exports import asking, making
from console.exports.asking import ask, begin, decide
from console.exports.catalog import CATALOG
from console.exports.kinds import Asked, ExportRefusal, Listing, Shape, forbidden
from console.keeping import content
from console.work_kinds import WORK
from records import audit, background, courses, incidents, permits, staff_accounts
from records.background import WorkState
from records.courses import Enrolment, Level, NewCourse, Seat, Topic
from records.database import Database, Session
from records.incidents import ExportsFrozen, Unit
from records.people import Person
from records.permits import ALONE, PermitRefusal
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault
from tests.support.crowd import enter
from tests.support.working import found, means, work

COUNTY, OTHER, TOWN = "430381", "430382", "430381101"
XIAO_ZHOU = Staff("小周", StaffRole.STAFF, COUNTY)
LAO_LI = Staff("老李", StaffRole.STAFF, COUNTY)
NEXT_DOOR = Staff("邻县", StaffRole.STAFF, OTHER)
DAY, DAY_1 = timedelta(days=1), "2026-11-21"


@pytest.fixture
async def people(database: Database, vault: Vault, now: datetime) -> Database:
    """Three here, two in the next county, one who has not said yes; staff who may ask."""
    await database.run(enter, vault, now, COUNTY, 3)
    await database.run(enter, vault, now, OTHER, 2)
    await database.run(_pending, vault, now)
    await database.run(_join, now)
    return database


def _pending(session: Session, vault: Vault, now: datetime) -> None:
    enter(session, vault, now, COUNTY, 1, is_pending=True)


def _join(session: Session, now: datetime) -> None:
    for staff in (XIAO_ZHOU, LAO_LI, NEXT_DOOR):
        staff_accounts.add(
            session, staff.name, role=staff.role, area=staff.area, at=now, actor="system"
        )


def _asked(now: datetime, staff: Staff = XIAO_ZHOU, **changes: object) -> Asked:
    return replace(Asked("people", staff, now), **changes)  # type: ignore[arg-type]


async def _made(database: Database, vault: Vault, asked: Asked) -> tuple[str, bytes]:
    """The name and the content of an export that needs nobody's word."""
    number = await database.run(ask, vault, asked)
    await work(means(database, vault, [asked.now]), WORK)
    kept = await database.run(making.take, vault, number, asked.staff, asked.now)
    return kept.name, await content(database, vault, kept)


def _rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def _cells(data: bytes) -> list[list[str]]:
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    return [
        ["" if c is None else str(c) for c in row] for row in sheet.iter_rows(values_only=True)
    ]


async def test_a_list_has_only_whom_they_may_see_and_who_said_yes(
    people: Database, vault: Vault, now: datetime
) -> None:
    _, data = await _made(people, vault, _asked(now))
    assert len(_cells(data)) == 2 + 3


async def test_what_was_not_answered_is_left_empty(
    people: Database, vault: Vault, now: datetime
) -> None:
    _, data = await _made(people, vault, _asked(now))
    assert _cells(data)[2] == [
        "王某",
        "13900000000",
        "",
        "",
        "",
        "",
        "马上想干",
        "",
        "",
        "",
        DAY_1,
        "",
    ]


async def test_another_countys_place_gives_nobody(
    people: Database, vault: Vault, now: datetime
) -> None:
    asked = _asked(now, values={"place": OTHER})
    assert (await people.read(asking.size, asked)).rows == 0


@pytest.mark.parametrize("shape", [Shape.XLSX, Shape.CSV])
async def test_a_file_says_who_took_it_when_and_under_which_number(
    people: Database, vault: Vault, now: datetime, shape: Shape
) -> None:
    name, data = await _made(people, vault, _asked(now, shape=shape))
    rows = _cells(data) if shape is Shape.XLSX else _rows(data)
    assert "小周 2026-11-21 17:00 导出，编号 E000001" in rows[0][0]
    assert rows[1][:2] == ["姓名", "手机"]
    assert name == f"人员名单-20261121-E000001.{shape.value}"


async def test_a_sheet_bears_the_mark_on_paper_and_in_its_properties(
    people: Database, vault: Vault, now: datetime
) -> None:
    _, data = await _made(people, vault, _asked(now))
    book = openpyxl.load_workbook(io.BytesIO(data))
    assert "E000001" in str(book.worksheets[0].oddFooter.center.text)
    assert (book.properties.creator, book.properties.identifier) == ("小周", "E000001")


async def test_csv_opens_in_excel_as_chinese(
    people: Database, vault: Vault, now: datetime
) -> None:
    _, data = await _made(people, vault, _asked(now, shape=Shape.CSV))
    assert data.startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("shape", [Shape.XLSX, Shape.CSV])
async def test_a_name_that_is_a_formula_does_nothing(
    database: Database, vault: Vault, now: datetime, shape: Shape
) -> None:
    await database.run(_join, now)
    await database.run(enter, vault, now, COUNTY, 1, "=HYPERLINK(1)")
    _, data = await _made(database, vault, _asked(now, shape=shape))
    rows = _cells(data) if shape is Shape.XLSX else _rows(data)
    assert rows[2][0] == "'=HYPERLINK(1)"


@pytest.mark.parametrize("shape", [Shape.XLSX, Shape.CSV])
async def test_signs_that_no_file_may_hold_are_left_out(
    database: Database, vault: Vault, now: datetime, shape: Shape
) -> None:
    await database.run(_join, now)
    await database.run(enter, vault, now, COUNTY, 1, "王\uffff\x07<&某")
    _, data = await _made(database, vault, _asked(now, shape=shape))
    rows = _cells(data) if shape is Shape.XLSX else _rows(data)
    assert rows[2][0] == "王<&某"


async def test_two_hundred_are_taken_alone_and_one_more_by_two(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_join, now)
    await database.run(enter, vault, now, COUNTY, ALONE)
    assert not (await database.read(asking.size, _asked(now))).needs_permit
    await database.run(enter, vault, now, COUNTY, 1, "后来的")
    assert (await database.read(asking.size, _asked(now))).needs_permit


async def test_slices_of_a_list_add_up_within_a_day(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_join, now)
    await database.run(enter, vault, now, COUNTY, 150)
    await _made(database, vault, _asked(now))
    assert (await database.read(asking.size, _asked(now + DAY / 2))).needs_permit
    assert not (await database.read(asking.size, _asked(now + DAY * 2))).needs_permit


@pytest.fixture
async def held(database: Database, vault: Vault, now: datetime) -> int:
    """An export of 201 rows that waits for another's word."""
    await database.run(_join, now)
    await database.run(enter, vault, now, COUNTY, ALONE + 1)
    return await database.run(ask, vault, _asked(now, why="县里开会"))


async def _given(database: Database, staff: Staff, is_given: bool, at: datetime) -> None:
    [permit] = await database.read(permits.waiting)
    assert permit.id is not None
    await database.run(_decide, permit.id, staff, is_given, at)


def _decide(session: Session, number: int, staff: Staff, is_given: bool, at: datetime) -> None:
    decide(session, number, staff, is_given=is_given, at=at)


async def test_what_two_processes_take_at_once_adds_up(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_join, now)
    await database.run(enter, vault, now, COUNTY, 150)
    other = _beside(database)
    await asyncio.gather(*(one.run(permits.void, "nobody") for one in (database, other)))  # awake
    first, second = _asked(now), _asked(now, shape=Shape.CSV)
    asked = database.run(ask, vault, first), other.run(ask, vault, second)
    done = await asyncio.gather(*asked, return_exceptions=True)
    if other is not database:
        await other.close()
    assert {type(told).__name__ for told in done} == {"PermitRefusal", "int"}


def _beside(database: Database) -> Database:
    """Another process on the same store; an embedded one has none."""
    if database.is_sqlite:
        return database
    return Database(database.url.render_as_string(hide_password=False))


async def test_without_a_reason_nobody_is_asked(
    database: Database, vault: Vault, now: datetime
) -> None:
    await database.run(_join, now)
    await database.run(enter, vault, now, COUNTY, ALONE + 1)
    with pytest.raises(PermitRefusal):
        await database.run(ask, vault, _asked(now))
    assert await database.read(background.due, now, 5) == []


async def test_who_gives_a_permit_sees_what_why_and_how_many(
    database: Database, vault: Vault, now: datetime, held: int
) -> None:
    [permit] = await database.read(permits.waiting)
    assert (permit.what, permit.rows, permit.area) == ("人员名单", ALONE + 1, COUNTY)
    assert permits.reason(vault, permit) == "县里开会"


@pytest.mark.parametrize("staff", [XIAO_ZHOU, NEXT_DOOR])
async def test_neither_the_asker_nor_another_county_gives_it(
    database: Database, now: datetime, held: int, staff: Staff
) -> None:
    with pytest.raises(PermitRefusal):
        await _given(database, staff, True, now)


async def test_it_is_made_once_another_has_said_yes_and_the_asker_begins(
    database: Database, vault: Vault, now: datetime, held: int
) -> None:
    with pytest.raises(PermitRefusal):
        await database.run(begin, vault, held, XIAO_ZHOU, now)
    await _given(database, LAO_LI, True, now)
    await database.run(begin, vault, held, XIAO_ZHOU, now)
    await work(means(database, vault, [now]), WORK)
    row = await found(database, held)
    assert (row.state, row.outcome) == (WorkState.DONE, {"rows": ALONE + 1})


async def test_a_permit_is_good_for_one_file(
    database: Database, vault: Vault, now: datetime, held: int
) -> None:
    await _given(database, LAO_LI, True, now)
    await database.run(begin, vault, held, XIAO_ZHOU, now)
    with pytest.raises(ExportRefusal):
        await database.run(begin, vault, held, XIAO_ZHOU, now)


async def test_a_permit_does_not_cover_a_list_that_grew_by_half(
    database: Database, vault: Vault, now: datetime, held: int
) -> None:
    await _given(database, LAO_LI, True, now)
    await database.run(enter, vault, now, COUNTY, 100, "后来的")
    with pytest.raises(ExportRefusal, match="301"):
        await database.run(begin, vault, held, XIAO_ZHOU, now)


async def test_a_refused_export_is_over(
    database: Database, vault: Vault, now: datetime, held: int
) -> None:
    await _given(database, LAO_LI, False, now)
    assert (await found(database, held)).state == WorkState.CANCELLED


async def test_the_same_asked_twice_is_one(people: Database, vault: Vault, now: datetime) -> None:
    first = await people.run(ask, vault, _asked(now))
    assert await people.run(ask, vault, _asked(now)) == first


async def test_a_file_is_only_for_who_asked_and_only_for_a_day(
    people: Database, vault: Vault, now: datetime
) -> None:
    number = await people.run(ask, vault, _asked(now))
    await work(means(people, vault, [now]), WORK)
    for staff, at in ((LAO_LI, now), (XIAO_ZHOU, now + DAY)):
        with pytest.raises(ExportRefusal):
            await people.run(making.take, vault, number, staff, at)


async def test_the_trail_knows_the_number(people: Database, vault: Vault, now: datetime) -> None:
    await _made(people, vault, _asked(now))
    rows = await people.read(audit.of, "export:1")
    assert [row.act for row in rows] == ["export.asked", "export.taken"]
    assert {row.actor for row in rows} == {"staff:小周"}


def _freeze(session: Session, vault: Vault, now: datetime) -> None:
    incidents.open_one(session, vault, {}, unit=Unit.OPERATOR, is_drill=True, by="老李", at=now)


async def test_nothing_leaves_during_an_incident(
    people: Database, vault: Vault, now: datetime
) -> None:
    number = await people.run(ask, vault, _asked(now))
    await people.run(_freeze, vault, now)
    with pytest.raises(ExportsFrozen):
        await people.run(ask, vault, _asked(now, shape=Shape.CSV))
    await work(means(people, vault, [now]), WORK)
    assert (await found(people, number)).state == WorkState.FAILED


async def test_a_made_file_is_not_given_during_an_incident(
    people: Database, vault: Vault, now: datetime
) -> None:
    number = await people.run(ask, vault, _asked(now))
    await work(means(people, vault, [now]), WORK)
    await people.run(_freeze, vault, now)
    with pytest.raises(ExportsFrozen):
        await people.run(making.take, vault, number, XIAO_ZHOU, now)


async def test_who_left_the_office_gets_nothing_made(
    people: Database, vault: Vault, now: datetime
) -> None:
    number = await people.run(ask, vault, _asked(now))
    await people.run(_leave, now)
    await work(means(people, vault, [now]), WORK)
    assert (await found(people, number)).state == WorkState.FAILED


def _leave(session: Session, now: datetime) -> None:
    staff_accounts.disable(session, "小周", at=now, actor="system")


async def test_who_got_another_post_takes_nothing_that_the_old_one_made(
    people: Database, vault: Vault, now: datetime
) -> None:
    number = await people.run(ask, vault, _asked(now))
    await work(means(people, vault, [now]), WORK)
    later = now + timedelta(hours=1)
    await people.run(_move, later)
    moved = Staff("小周", StaffRole.STAFF, OTHER)
    with pytest.raises(ExportRefusal, match="岗位"):
        await people.run(making.take, vault, number, moved, later)


def _move(session: Session, at: datetime) -> None:
    role = StaffRole.STAFF
    staff_accounts.change(session, "小周", role=role, area=OTHER, at=at, actor="staff:老李")


@pytest.mark.parametrize("kind", CATALOG.values(), ids=CATALOG)
def test_no_list_has_credit_or_property_in_it(kind: object) -> None:
    assert not isinstance(kind, Listing) or forbidden(kind.columns) == []


@pytest.mark.parametrize(
    ("columns", "named"),
    [
        ({"capital_band": "能出多少"}, ["能出多少"]),
        ({"x": "信用情况"}, ["信用情况"]),
        ({"x": "家庭年收入"}, ["家庭年收入"]),
        ({"x": "银行卡号"}, ["银行卡号"]),
        ({"credit_code": "统一社会信用代码", "name": "名称"}, []),
    ],
)
def test_the_lint_knows_credit_and_property(columns: dict[str, str], named: list[str]) -> None:
    assert forbidden(columns) == named


async def test_the_number_of_another_system_comes_along_for_it_to_find_them(
    people: Database, vault: Vault, now: datetime
) -> None:
    await people.run(_numbered, "HB-0001")
    _, data = await _made(people, vault, _asked(now))
    sheet = _cells(data)
    assert sheet[1][-1] == "系统编号"
    assert {row[-1] for row in sheet[2:]} == {"HB-0001"}


async def test_who_signed_up_for_a_course_leaves_with_its_number(
    people: Database, vault: Vault, now: datetime
) -> None:
    await people.run(_numbered, "HB-0001")
    await people.run(_enrolled, now)
    _, data = await _made(people, vault, _asked(now, what="enrolments"))
    [row] = _cells(data)[2:]
    assert (row[0], row[3], row[4], row[6]) == ("HB-0001", "KC-7", "电商班", "报了名")
    _, data = await _made(people, vault, _asked(now, NEXT_DOOR, what="enrolments"))
    assert len(_cells(data)) == 2


def _numbered(session: Session, number: str) -> None:
    session.execute(update(Person).values(external_id=number))


def _enrolled(session: Session, now: datetime) -> None:
    day = now.date()
    told = NewCourse(
        "电商班", Topic.ECOMMERCE, Level.NOTHING, COUNTY, day, day, 20, external_id="KC-7"
    )
    course = courses.add(session, told, at=now)
    table = Person.__table__  # type: ignore[attr-defined]
    query = select(table.c.id).where(table.c.area == COUNTY, table.c.status == "confirmed")
    person = session.execute(query).scalars().first() or ""
    seat = Enrolment(course_id=course, person_id=person, state=Seat.SIGNED.value, since=now)
    session.add(seat)
