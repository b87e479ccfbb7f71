"""A list is handed in, tried, matched, taken, its differences decided, by whom it concerns."""

from __future__ import annotations

import io

import openpyxl
import pytest
from sqlalchemy import func, select

from console.work_kinds import WORK
from records import audit
from records.database import Session
from records.kept_files import KeptPiece
from records.people import Person
from records.staff_accounts import StaffRole
from tests.support.console import Browser, Stage
from tests.support.handing_in import ROWS, book, done, hand_in
from tests.support.working import work

COUNTY = "430381"


@pytest.fixture
async def clerk(stage: Stage) -> Browser:
    """Somebody of the county that the lists are of."""
    return await stage.staff("小周", area=COUNTY)


def _people(session: Session) -> int:
    return int(session.execute(select(func.count()).select_from(Person)).scalar_one())


def _pieces(session: Session) -> int:
    return int(session.execute(select(func.count()).select_from(KeptPiece)).scalar_one())


async def _tried(stage: Stage, browser: Browser, rows: list[list[str]]) -> str:
    return await done(stage, await hand_in(browser, book(rows)))


async def _taken(stage: Stage, browser: Browser, rows: list[list[str]]) -> str:
    path = await _tried(stage, browser, rows)
    return await done(stage, await browser.post(f"{path}/take"))


async def test_a_trial_says_what_would_become_of_each_row_and_keeps_nothing(
    stage: Stage, clerk: Browser
) -> None:
    page = (await clerk.get(await _tried(stage, clerk, ROWS))).words
    assert "新存 2 行" in page
    assert "没收 1 行" in page
    assert "第 4 行 没收 “手机”列" in page
    assert "Sheet" not in page  # the only one: its name says nothing
    assert await stage.database.read(_people) == 0


async def test_of_several_sheets_each_row_says_which(stage: Stage, clerk: Browser) -> None:
    made = openpyxl.load_workbook(io.BytesIO(book(ROWS)))
    made.copy_worksheet(made.active).title = "二组"
    file = io.BytesIO()
    made.save(file)
    page = (await clerk.get(await done(stage, await hand_in(clerk, file.getvalue())))).words
    assert "“Sheet”表第 4 行" in page
    assert "“二组”表第 4 行" in page


async def test_what_was_tried_is_taken(stage: Stage, clerk: Browser) -> None:
    page = (await clerk.get(await _taken(stage, clerk, ROWS))).words
    assert "做好了" in page
    assert "新存 2 行" in page
    assert await stage.database.read(_people) == 2
    assert [row.act for row in await stage.database.read(audit.of, "import:1")]


async def test_a_second_click_takes_nothing_twice(stage: Stage, clerk: Browser) -> None:
    path = await _tried(stage, clerk, ROWS)
    await clerk.post(f"{path}/take")
    answer = await clerk.post(f"{path}/take")
    assert (answer.status, "已经收过一次" in answer.words) == (409, True)


async def test_refused_rows_come_back_as_a_sheet_that_can_be_brought_again(
    stage: Stage, clerk: Browser
) -> None:
    path = await _tried(stage, clerk, ROWS)
    sheet = openpyxl.load_workbook(io.BytesIO((await clerk.get(f"{path}/faulty")).body)).active
    assert sheet is not None
    rows = list(sheet.iter_rows(values_only=True))
    assert (rows[2][1], "手机" in str(rows[2][2])) == (4, True)
    data = (await clerk.get(f"{path}/faulty")).body
    again = (await clerk.get(await done(stage, await hand_in(clerk, data)))).words
    assert "没收 1 行" in again


async def test_every_row_is_in_the_report(stage: Stage, clerk: Browser) -> None:
    path = await _tried(stage, clerk, ROWS)
    text = (await clerk.get(f"{path}/report")).body.decode("utf-8-sig")
    assert text.count("新存") == 2
    assert text.count("没收") == 1


async def test_a_column_that_is_not_known_is_matched_on_the_page(
    stage: Stage, clerk: Browser
) -> None:
    rows = [["姓名", "打给他", "县"], ["王某一", "13800000001", "湘乡市"]]
    path = await _tried(stage, clerk, rows)
    assert "“打给他”这一列不认识" in (await clerk.get(path)).words
    answer = await clerk.post(f"{path}/columns", heading="打给他", ours="phone")
    again = await clerk.get(await done(stage, answer))
    assert "不认识" not in again.words
    await done(stage, await clerk.post(f"{answer.path}/take"))
    assert await stage.database.read(_phones) == 1


def _phones(session: Session) -> int:
    held = Person.__table__.c.phone_print != ""  # type: ignore[attr-defined]
    return int(session.execute(select(func.count()).select_from(Person).where(held)).scalar_one())


async def test_a_column_is_matched_to_ours_only(stage: Stage, clerk: Browser) -> None:
    path = await _tried(stage, clerk, ROWS)
    answer = await clerk.post(f"{path}/columns", heading="手机", ours="capital_band")
    assert answer.status == 409


async def test_people_of_another_county_are_refused(stage: Stage, clerk: Browser) -> None:
    rows = [ROWS[0], ["李某", "13800000009", "韶山市", "", ""]]
    assert "没收 1 行" in (await clerk.get(await _tried(stage, clerk, rows))).words


async def test_a_town_brings_no_people_of_the_next_town(stage: Stage) -> None:
    clerk = await stage.staff("镇里", area="430381101")
    page = (await clerk.get(await _tried(stage, clerk, ROWS))).words
    assert "不是您负责的村镇" in page
    assert "没收 3 行" in page


@pytest.mark.parametrize("kind", ["places", "stations", "groups", "nothing"])
async def test_a_town_brings_no_lists_of_the_county(stage: Stage, kind: str) -> None:
    clerk = await stage.staff("镇里", area="430381101")
    assert (await hand_in(clerk, book(ROWS), kind=kind)).status == 422


async def test_anothers_list_is_not_there(stage: Stage, clerk: Browser) -> None:
    path = await _tried(stage, clerk, ROWS)
    other = await stage.staff("老李", area=COUNTY)
    for page in (path, f"{path}/report", f"{path}/faulty"):
        assert (await other.get(page)).status == 404
    assert (await other.post(f"{path}/take")).status == 404


@pytest.mark.parametrize("role", [StaffRole.CADRE, StaffRole.MENTOR, StaffRole.INSPECTOR])
async def test_who_may_not_import_hands_nothing_in(stage: Stage, role: StaffRole) -> None:
    browser = await stage.staff("老王", role=role, area=COUNTY)
    assert (await hand_in(browser, book(ROWS))).status == 404
    assert await stage.database.read(_pieces) == 0


async def test_a_form_of_another_site_hands_nothing_in(stage: Stage, clerk: Browser) -> None:
    assert (await hand_in(clerk, book(ROWS), csrf="forged")).status == 409
    assert await stage.database.read(_pieces) == 0


def _bomb() -> bytes:
    """Small on the wire, huge once unpacked."""
    from zipfile import ZIP_DEFLATED, ZipFile

    file = io.BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as parts:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            parts.writestr(name, "<a/>")
        parts.writestr("xl/sharedStrings.xml", b"0" * (90 * 2**20))
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"%PDF-1.7 nothing", "这是 PDF"),
        (b"\x89PNG\r\n\x1a\n" + b"0" * 100, "这是图片"),
        (b"", "是空的"),
    ],
)
async def test_what_is_no_table_is_refused_at_once(
    stage: Stage, clerk: Browser, data: bytes, said: str
) -> None:
    answer = await hand_in(clerk, data, name="名单.xlsx")
    assert (answer.status, said in answer.words) == (409, True)
    assert await stage.database.read(_pieces) == 0


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"PK\x03\x04 broken", "不是完好的"),
        (_bomb(), "解开后超过"),
        (b"MZ\x00\x01" + bytes(range(256)), "不是表格文件"),
        ("随便写的一段话\n没有表头".encode(), "没有找到认得的表头"),
    ],
)
async def test_what_cannot_be_read_says_why(
    stage: Stage, clerk: Browser, data: bytes, said: str
) -> None:
    page = (await clerk.get(await done(stage, await hand_in(clerk, data)))).words
    assert said in page
    assert "没做成" in page


async def test_what_is_too_large_is_cut_off(
    stage: Stage, clerk: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("console.uploads.MOST_BYTES", 400_000)
    answer = await hand_in(clerk, b"a,b\n" * 150_000, name="名单.csv")
    assert (answer.status, "MB" in answer.words) == (409, True)
    assert await stage.database.read(_pieces) == 0


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\temp\\..\\名单.xlsx"])
async def test_a_name_is_only_shown(stage: Stage, clerk: Browser, name: str) -> None:
    page = (await clerk.get(await done(stage, await hand_in(clerk, book(ROWS), name=name)))).words
    assert ".." not in page
    assert "etc/" not in page


async def test_markup_in_a_sheet_is_text_on_the_page(stage: Stage, clerk: Browser) -> None:
    rows = [[*ROWS[0], "<script>alert(1)</script>"], ["王某一", "<b>12", "湘乡市", "", "", "x"]]
    text = (await clerk.get(await _tried(stage, clerk, rows))).text
    assert "<script>alert" not in text
    assert "<b>12" not in text


async def _different(stage: Stage, browser: Browser) -> None:
    """Two people of whom a second list knows another name."""
    await _taken(stage, browser, ROWS)
    renamed = [[f"{row[0]}改" if row is not ROWS[0] else "姓名", *row[1:]] for row in ROWS]
    await _taken(stage, browser, renamed)


async def test_differences_are_decided_one_by_one(stage: Stage, clerk: Browser) -> None:
    await _different(stage, clerk)
    page = (await clerk.get("/imports/differences")).words
    assert "王某一改" in page
    await clerk.post("/imports/differences/1", word="take")
    again = await clerk.post("/imports/differences/1", word="keep")
    assert (again.status, "已经定过" in again.words) == (409, True)


async def test_who_is_who_is_told_apart_by_the_ends_of_phones(
    stage: Stage, clerk: Browser
) -> None:
    named = [ROWS[0], ["王某一", "13800000001", "湘乡市", "棋梓镇", "水府村", ""]]
    await _taken(stage, clerk, named)
    await _taken(stage, clerk, [ROWS[0], ["王某一", "13900000077", *named[1][2:]]])
    page = (await clerk.get("/imports/differences")).words
    assert "138****0001" in page
    assert "139****0077" in page
    assert "13900000077" not in page


async def test_all_of_a_kind_are_decided_at_once(stage: Stage, clerk: Browser) -> None:
    await _different(stage, clerk)
    page = await clerk.get("/imports/differences")
    name = page.text.split("chosen=yes&amp;field=")[1].split("&")[0]
    answer = await clerk.post("/imports/differences/all", word="keep", chosen="yes", field=name)
    assert "定了 2 条" in (await clerk.get(await done(stage, answer))).words
    assert "没有要定的" in (await clerk.get("/imports/differences")).words


async def test_differences_of_another_county_are_not_shown_nor_decided(
    stage: Stage, clerk: Browser
) -> None:
    await _different(stage, clerk)
    other = await stage.staff("邻县", area="430382")
    assert "没有要定的" in (await other.get("/imports/differences")).words
    assert (await other.post("/imports/differences/1", word="take")).status == 409


async def test_what_is_counted_to_a_thousand_is_said_to_be_more(
    stage: Stage, clerk: Browser
) -> None:
    for intent in ("马上想干", "想回来上班"):
        people = [["王某", f"1380000{n:04}", "湘乡市", "", "", intent] for n in range(1000)]
        await _taken(stage, clerk, [["姓名", "手机", "县", "镇", "村", "想法"], *people])
    assert "名单和登记不一样的 1,000+" in (await clerk.get("/")).words


async def test_who_read_a_difference_is_in_the_trail(stage: Stage, clerk: Browser) -> None:
    await _different(stage, clerk)
    await clerk.get("/imports/differences")
    rows = await stage.database.read(audit.with_acts, ["difference.read"])
    assert {row.actor for row in rows} == {"staff:小周"}


async def test_a_stopped_import_says_so(stage: Stage, clerk: Browser) -> None:
    path = await _tried(stage, clerk, ROWS)
    answer = await clerk.post(f"{path}/take")
    await clerk.post(f"{answer.path}/cancel")
    await work(stage.means, WORK)
    assert "取消了" in (await clerk.get(answer.path)).words
    assert await stage.database.read(_people) == 0
