"""Tables as files: read back by other programs, with header, totals, notes, and no formulas."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from docx import Document

from outreach.reports.table import Column, Row, Table, Unit
from outreach.reports.writing import layout
from outreach.reports.writing.files import WRITERS
from outreach.reports.writing.mark import Mark, digest
from tests.support.office import as_read_by_office, needs_office

MARK = Mark("小刘", datetime(2026, 11, 22, 1, 30, tzinfo=UTC), "E000007", is_shown=True)
TABLE = Table(
    title="某县情况表",
    heading="附件9",
    subtitle="填报单位：某县",
    columns=(
        Column("no", "序号"),
        Column("name", "姓名", is_personal=True),
        Column("all", "小计", Unit.PEOPLE, "在外"),
        Column("urban", "城镇人员", Unit.PEOPLE, "在外"),
        Column("rate", "完成率", Unit.PERCENT, "进度"),
        Column("left", "剩余", Unit.DAYS, "进度"),
        Column("on", "日期"),
    ),
    rows=(
        Row({"no": 1, "name": "=1+1", "all": 3, "urban": 2, "rate": 66.7, "on": date(2026, 1, 2)}),
        Row({"no": 2, "name": "甲|<b>乙", "all": 1, "urban": 0, "left": 5}),
        Row({"name": "合计", "all": 4, "urban": 2}, is_total=True),
    ),
    notes=("注：某事。",),
    lines=4,
    beside=("没有地址的2人。",),
)
PRINTED = [
    ["附件9", "", "", "", "", "", ""],
    ["某县情况表", "", "", "", "", "", ""],
    ["填报单位：某县", "", "", "", "", "", ""],
    ["序号", "姓名", "在外（人）", "", "进度", "", "日期"],
    ["", "", "小计", "城镇人员", "完成率（%）", "剩余（天）", ""],
    ["1", "'=1+1", "3", "2", "66.7", "", "2026-01-02"],
    ["2", "甲|<b>乙", "1", "0", "", "5", ""],
    ["", "", "", "", "", "", ""],
    ["", "", "", "", "", "", ""],
    ["", "合计", "4", "2", "", "", ""],
    ["注：某事。", "", "", "", "", "", ""],
]


@needs_office
def test_another_office_program_reads_the_workbook_as_it_is_printed(tmp_path: Path) -> None:
    assert as_read_by_office(WRITERS[".xlsx"](TABLE, MARK), tmp_path) == PRINTED


def test_the_values_stand_as_they_are_printed() -> None:
    text = WRITERS[".csv"](TABLE, MARK).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(text, newline="")))
    assert found == [*PRINTED, [MARK.line, *[""] * 6]]


def test_the_second_sheet_is_high_enough_for_what_wraps() -> None:
    long = replace(TABLE, beside=("没有地址的" * 40, "短的。"))
    sheet = openpyxl.load_workbook(io.BytesIO(WRITERS[".xlsx"](long, MARK)))["说明"]
    assert sheet.row_dimensions[1].height > 3 * sheet.row_dimensions[2].height


def test_the_workbook_is_set_up_to_be_printed() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(WRITERS[".xlsx"](TABLE, MARK))).active
    assert sheet.page_setup.orientation == "landscape"
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
    assert sheet.print_title_rows == "$4:$5"
    assert MARK.line in sheet.oddFooter.center.text
    assert {"C4:D4", "E4:F4", "A4:A5", "A2:G2"} <= {str(one) for one in sheet.merged_cells.ranges}


def test_the_workbook_says_who_took_it_and_what_it_holds() -> None:
    about = openpyxl.load_workbook(io.BytesIO(WRITERS[".xlsx"](TABLE, MARK))).properties
    assert (about.creator, about.identifier) == ("小刘", "E000007")
    assert about.keywords == f"sha256:{digest(TABLE)}"
    assert about.created.isoformat() == "2026-11-22T01:30:00"


BAD = ("=1+1", "+86", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|' /C calc'!A0", "\x00=1")


def _with_name(text: str) -> Table:
    return Table("表", TABLE.columns[:2], (Row({"no": 1, "name": text}),))


@pytest.mark.parametrize("text", BAD)
def test_no_words_of_people_become_a_formula(text: str) -> None:
    data = WRITERS[".xlsx"](_with_name(text), MARK)
    cells = [c for row in openpyxl.load_workbook(io.BytesIO(data)).active for c in row if c.value]
    assert {cell.data_type for cell in cells} <= {"s", "n"}
    assert b"<f>" not in ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("text", BAD)
def test_no_value_of_people_begins_a_formula(text: str) -> None:
    data = WRITERS[".csv"](_with_name(text), MARK).decode("utf-8-sig")
    name = list(csv.reader(io.StringIO(data, newline="")))[2][1]
    assert name[0] not in "=+-@\t\r"


@pytest.mark.parametrize("ending", WRITERS)
def test_every_form_takes_any_words_and_an_empty_table(ending: str) -> None:
    for rows in ((), (Row({"no": 1, "name": "\x07坏字\x00"}),)):
        table = Table("表", TABLE.columns[:2], rows)
        assert WRITERS[ending](table, MARK)


def test_the_document_has_the_merged_header_and_every_cell() -> None:
    document = Document(io.BytesIO(WRITERS[".docx"](TABLE, MARK)))
    [grid] = document.tables
    texts = [[cell.text for cell in row.cells] for row in grid.rows]
    assert texts[0] == ["序号", "姓名", "在外（人）", "在外（人）", "进度", "进度", "日期"]
    assert texts[1][2:6] == ["小计", "城镇人员", "完成率（%）", "剩余（天）"]
    assert texts[-1][1:4] == ["合计", "4", "2"]
    assert document.core_properties.author == "小刘"


def test_the_page_holds_markup_as_words_and_fetches_nothing() -> None:
    page = WRITERS[".html"](TABLE, MARK).decode()
    assert "甲|&lt;b&gt;乙" in page
    assert '<th scope="colgroup" colspan="2">在外（人）</th>' in page
    assert "<script" not in page
    assert "http" not in page


def test_the_text_has_one_line_for_a_row() -> None:
    text = WRITERS[".md"](TABLE, MARK).decode()
    assert "| 序号 | 姓名 | 在外（人） 小计 | 在外（人） 城镇人员 |" in text
    assert "| 2 | 甲\\|\\<b\\>乙 | 1 | 0 |" in text
    assert "没有地址的2人。" in text


def test_the_digest_is_of_what_the_table_says() -> None:
    other = Table(TABLE.title, TABLE.columns, TABLE.rows[:1])
    assert digest(TABLE) == digest(TABLE) != digest(other)


def test_a_unit_is_said_once() -> None:
    assert layout.titled(Column("a", "人数（人）", Unit.PEOPLE)) == "人数（人）"


@pytest.mark.parametrize("ending", [".html", ".docx"])
def test_who_signs_has_a_line_beneath_the_table(ending: str) -> None:
    file = WRITERS[ending](TABLE, MARK)
    words = file.decode() if ending == ".html" else "\n".join(_paragraphs(file))
    assert "制表：小刘　　审核：＿＿＿＿＿　　负责人：＿＿＿＿＿　　（盖章）" in words


def _paragraphs(file: bytes) -> list[str]:
    return [one.text for one in Document(io.BytesIO(file)).paragraphs]


def test_who_signs_stands_at_the_foot_of_the_workbook() -> None:
    signed = replace(MARK, signature="填报单位（盖章）：某县")
    sheet = openpyxl.load_workbook(io.BytesIO(WRITERS[".xlsx"](TABLE, signed))).active
    assert sheet.oddFooter.left.text == "填报单位（盖章）：某县"


def test_words_have_more_room_on_the_page_than_numbers() -> None:
    table = Table("表", TABLE.columns[:2], (Row({"no": 1, "name": "说得很长很长的一句话"}),))
    [number, words] = Document(io.BytesIO(WRITERS[".docx"](table, MARK))).tables[0].columns
    assert words.width > 3 * number.width
