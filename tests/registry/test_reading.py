"""Files of any make, as sheets of rows; what is none is refused in one sentence."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest

from knowledge.exchange.cells import cell_of
from knowledge.exchange.guard import FileRefused
from knowledge.exchange.sheets import read_workbook
from registry import delimited, reading, sheet_xml
from tests.registry import made

ROWS = "姓名{0}手机{0}村\n王某{0}13800000000{0}水府村\n"
WANTED = [["姓名", "手机", "村"], ["王某", "13800000000", "水府村"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，", "、"])
def test_a_text_file_is_read_in_any_encoding_with_any_delimiter(
    encoding: str, delimiter: str
) -> None:
    book = reading.read(ROWS.format(delimiter).encode(encoding))
    assert made.texts(book) == WANTED


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(end: str) -> None:
    assert made.texts(reading.read(ROWS.format(",").replace("\n", end).encode())) == WANTED


def test_a_line_that_is_cut_by_a_piece_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(delimited, "_PIECE", 7)
    text = ROWS.format(",").replace("\n", "\r\n")
    assert made.texts(reading.read(text.encode("gb18030"))) == WANTED


def test_a_quoted_cell_may_hold_delimiters_and_lines() -> None:
    rows = made.texts(reading.read('姓名,备注\n王某,"住山上,\n路远"\n李某,x\n'.encode()))
    assert rows[1:] == [["王某", "住山上,\n路远"], ["李某", "x"]]


def test_a_stray_quote_costs_one_row() -> None:
    lines = ["姓名,备注", '王某,"没关上', *(f"李{n},x" for n in range(60))]
    rows = list(reading.read("\n".join(lines).encode()).sheets[0].rows())
    assert [row.number for row in rows if row.fault] == [2]
    assert len(rows) == 62


def test_a_number_kept_as_text_by_a_formula_is_its_text() -> None:
    assert made.texts(reading.read('姓名,手机\n王某,="013800"\n'.encode()))[1] == [
        "王某",
        "013800",
    ]


def _bomb() -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("[Content_Types].xml", "<Types/>")
        parts.writestr("xl/workbook.xml", "<workbook/>")
        with parts.open("xl/sharedStrings.xml", "w") as part:
            for _ in range(90):
                part.write(b"a" * 2**20)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "空的"),
        (b"\n \n", "空的"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n", "图片"),
        (b"Rar!\x1a\x07", "压缩包"),
        (bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600, ".xls"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "网页"),
        (b"\x00\x01\x02\x03binary", "只收 .xlsx 和 .csv"),
        (b"PK\x03\x04 no zip", "不是完好的"),
        (_bomb(), "不像正常的表格"),
    ],
    ids=lambda value: "" if isinstance(value, bytes) else value,  # a zip holds the time
)
def test_what_is_no_table_is_refused_in_one_sentence(data: bytes, said: str) -> None:
    with pytest.raises(FileRefused, match=said) as refused:
        reading.read(data)
    assert str(refused.value).count("\n") == 0


def test_a_file_that_is_cut_off_is_refused() -> None:
    book, _ = made.xlsx(*[["姓名", "手机"]] * 300)
    with pytest.raises(FileRefused, match="另存为"):
        made.texts(reading.read(made.saved(book)[:-200]))


def test_a_million_empty_rows_are_passed_over() -> None:
    file = BytesIO()
    empty = b"".join(b'<row r="%d"/>' % n for n in range(2, 1_000_000))
    book, _ = made.xlsx(["姓名", "手机"])
    with zipfile.ZipFile(BytesIO(made.saved(book))) as old, zipfile.ZipFile(file, "w", 8) as new:
        for part in old.infolist():
            data = old.read(part)
            if part.filename == "xl/worksheets/sheet1.xml":
                data = data.replace(b"</sheetData>", empty + b"</sheetData>")
            new.writestr(part.filename, data)
    assert made.texts(reading.read(file.getvalue())) == [["姓名", "手机"]]


def test_merged_cells_count_for_each_row_and_hidden_things_are_known() -> None:
    book, page = made.xlsx(["村", "姓名"], ["水府村", "甲"], [None, "乙"], ["新塘村", "丙"])
    page.merge_cells("A2:A3")
    page.row_dimensions[3].hidden = True
    page.column_dimensions["B"].hidden = True
    book.create_sheet("旧").sheet_state = "hidden"
    read = reading.read(made.saved(book))
    rows = list(read.sheets[0].rows())
    assert [row.cells[0].text for row in rows] == ["村", "水府村", "水府村", "新塘村"]
    assert [row.is_hidden for row in rows] == [False, False, True, False]
    assert (read.sheets[0].hidden_columns, read.sheets[1].is_hidden) == ({1}, True)


def test_a_formula_has_its_worked_out_value_or_none() -> None:
    sheet = (
        b'<worksheet><sheetData><row r="1"><c r="A1"><f>1+1</f><v>2</v></c>'
        b'<c r="B1"><f>1+1</f></c>'
        b'<c r="C1" t="str"><f>""</f><v></v></c><c r="D1" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        b"</sheetData></worksheet>"
    )
    (row,) = sheet_xml.Rows([], set()).read(BytesIO(sheet))
    assert {at: (cell.text, cell.made.name) for at, cell in row.cells.items()} == {
        0: ("2", "NUMBER"),
        1: ("=", "FORMULA"),
        3: ("#DIV/0!", "ERROR"),
    }


def test_how_a_sign_is_read_is_no_part_of_the_text() -> None:
    strings = "<sst><si><t>王</t><rPh><t>wang</t></rPh><r><t>某</t></r></si></sst>"
    assert sheet_xml.Strings().read(BytesIO(strings.encode()))[0].text == "王某"


_SHEET = "xl/worksheets/sheet1.xml"


def _with(part: str, pattern: str, other: str) -> bytes:
    """A file of two rows, of which a part says something else in one place."""
    book, _ = made.xlsx(["姓名", "手机"], ["王某", "13800000000"])
    file = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(made.saved(book))) as old,
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            text = old.read(name).decode()
            new.writestr(name, text.replace(pattern, other) if name == part else text)
    return file.getvalue()


@pytest.mark.parametrize(
    ("pattern", "other"),
    [
        ('<row r="2"', '<row r="0"'),
        ('<row r="2"', '<row r="1048577"'),
        ('<row r="2"', f'<row r="{"9" * 5_000}"'),
    ],
)
def test_what_no_sheet_can_say_is_refused(pattern: str, other: str) -> None:
    data = _with(_SHEET, pattern, other)
    with pytest.raises(FileRefused, match="坏了"):
        made.texts(reading.read(data))


@pytest.mark.parametrize("place", ["-1", "1"])
def test_no_cell_gets_a_text_that_is_not_its_own(place: str) -> None:
    sheet = f'<s><row r="1"><c r="A1" t="s"><v>{place}</v></c></row></s>'.encode()
    with pytest.raises((ValueError, IndexError)):
        list(sheet_xml.Rows([cell_of("别人的")], set()).read(BytesIO(sheet)))


@pytest.mark.parametrize("read", [reading.read, read_workbook])
def test_parts_in_an_unknown_encoding_are_refused(read: Callable[[bytes], object]) -> None:
    data = _with("xl/workbook.xml", "<workbook ", '<?xml version="1.0" encoding="x"?><workbook ')
    with pytest.raises(FileRefused, match="坏了"):
        read(data)


def test_columns_hidden_from_far_outside_cost_nothing() -> None:
    columns = '<cols><col min="-9000000000" max="1" hidden="1"/></cols><sheetData>'
    sheet = reading.read(_with(_SHEET, "<sheetData>", columns)).sheets[0]
    assert len(list(sheet.rows())) == 2
    assert sheet.hidden_columns == {0}


def test_a_cell_beyond_all_columns_is_left_out_at_once() -> None:
    data = _with(_SHEET, '<c r="B2"', f'<c r="{"A" * 200_000}2"')
    assert made.texts(reading.read(data))[1] == ["王某"]
