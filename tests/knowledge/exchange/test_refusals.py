"""What cannot be opened is refused with one sentence; nothing that is opened breaks the reader."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from knowledge.exchange import guard
from knowledge.exchange.guard import FileRefused
from knowledge.exchange.sheets import read_workbook
from tests.knowledge.exchange.tables import NEW, by_hand, exported, held, saved

GOOD = by_hand([NEW])
OLE = bytes.fromhex("D0CF11E0A1B11AE1")
BILLION_LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><x>&b;</x>'


def rezipped(changed: Mapping[str, bytes], data: bytes = GOOD) -> bytes:
    """A workbook with some of its parts exchanged or added."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(file, "w", 8) as new:
        parts = {name: old.read(name) for name in old.namelist()} | dict(changed)
        for name, part in parts.items():
            new.writestr(name, part)
    return file.getvalue()


def _blank_rows(count: int) -> bytes:
    rows = "".join(f'<row r="{n}" spans="1:3" ht="15"/>' for n in range(1, count + 1))
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    return f"{start}<sheetData>{rows}</sheetData></worksheet>".encode()


SHEET = "xl/worksheets/sheet1.xml"
REFUSED = {
    "nothing": (b"", "空的"),
    "text": ("编号,标题\n1,2\n".encode("gbk"), "不是完好的 .xlsx"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + bytes(500), "不是完好的 .xlsx"),
    "an old workbook": (OLE + bytes(600), "旧的 .xls 格式"),
    "a locked one": (OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "half a file": (GOOD[: len(GOOD) // 2], "不是完好的 .xlsx"),
    "another zip": (b"PK\x05\x06" + bytes(18), "不是 .xlsx 表格"),
    "macros": (rezipped({"xl/vbaProject.bin": b"x"}), "带宏"),
    "blank rows": (rezipped({SHEET: _blank_rows(200_000)}), "空行也算"),
    "a bomb": (rezipped({"xl/media/a.bin": bytes(130 * 2**20)}), "解开后超过"),
    "entities": (rezipped({"xl/sharedStrings.xml": BILLION_LAUGHS}), "不该有的内容"),
    "broken XML": (rezipped({SHEET: b"<worksheet><sheetData><row"}), "读不出来"),
    "no part": (rezipped({"xl/workbook.xml": b"<workbook/>"}), "没有找到能读的表"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_file_that_cannot_be_used_gets_one_sentence(name: str) -> None:
    data, words = REFUSED[name]
    with pytest.raises(FileRefused, match=words) as refusal:
        read_workbook(data)
    assert "\n" not in str(refusal.value)


def test_a_file_too_large_is_not_even_unpacked() -> None:
    with pytest.raises(FileRefused, match="MB"):
        guard.check(bytes(guard.LARGEST_FILE + 1))


def test_a_table_without_our_headings_is_refused_with_what_to_do() -> None:
    with pytest.raises(FileRefused, match="先导出一份"):
        read_workbook(by_hand([{"姓名": "某人", "手机": "1"}]))


def test_two_columns_of_one_name_are_refused() -> None:
    book: Any = openpyxl.Workbook()
    book.active.append(["编号", "答复", "答案"])
    book.active.append(["dingtao-letter", "一", "二"])
    with pytest.raises(FileRefused, match="有两列都是“答复”"):
        read_workbook(saved(book))


def test_what_was_not_read_is_said() -> None:
    edits = held(by_hand([{**NEW, "心得": "x"}]))
    assert "“定陶”表的“心得”这一列不认识，没有读。" in edits.report.notices


def test_one_stray_cell_at_the_very_end_costs_nothing() -> None:
    book: Any = openpyxl.load_workbook(BytesIO(GOOD))
    book["定陶"].cell(1_048_576, 16_384).number_format = "@"
    assert held(saved(book)).report.lines


def test_flipped_bytes_never_break_the_reader() -> None:
    dice = random.Random(7)
    for _ in range(300):
        data = bytearray(GOOD)
        for _ in range(dice.randint(1, 20)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        _opened(bytes(data))


def test_spoilt_parts_never_break_the_reader() -> None:
    dice = random.Random(8)
    with zipfile.ZipFile(BytesIO(GOOD)) as book:
        parts = {name: book.read(name) for name in book.namelist() if name.endswith(".xml")}
    for _ in range(300):
        name = dice.choice(sorted(parts))
        part = bytearray(parts[name])
        start = dice.randrange(len(part))
        part[start : start + dice.randint(0, 9)] = dice.randbytes(dice.randint(0, 9))
        _opened(rezipped({name: bytes(part)}))


def _opened(data: bytes) -> None:
    """Read or refused; any other failure is the test's."""
    with suppress(FileRefused):
        assert read_workbook(data).sheets


def test_an_export_is_no_larger_than_what_we_read() -> None:
    guard.check(exported())
