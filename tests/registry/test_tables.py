"""Headings are found wherever they stand; rows that are no people are told aside."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.exchange.guard import FileRefused
from registry import reading
from registry.columns import Labels
from registry.people_columns import columns
from registry.tables import Tables
from tests.registry import made


def _tables(data: bytes, **mapped: str) -> Tables:
    return Tables(reading.read(data), Labels(columns(), mapped))


def _read(data: bytes) -> tuple[list[dict[str, str]], Tables]:
    tables = _tables(data)
    lines = [{k: c.text for k, c in line.cells.items()} for line in tables.lines()]
    return lines, tables


PERSON = ["王某", "13800000001", "湘乡市"]


@pytest.mark.parametrize(
    "above",
    [
        [],
        [["返乡人员花名册"]],
        [["返乡人员花名册"], [], ["单位：某某镇", None, "2026年11月"], []],
        [["姓名"]],
    ],
)
def test_the_heading_is_found_below_titles(above: list[list[Any]]) -> None:
    book, _ = made.xlsx(*above, ["姓名", "联系电话（必填）", "县（市、区）"], PERSON)
    lines, _ = _read(made.saved(book))
    assert lines == [{"nickname": "王某", "phone": "13800000001", "county": "湘乡市"}]


def test_headings_of_two_rows_are_one_heading() -> None:
    book, page = made.xlsx(
        ["序号", "姓名", "现居住地", None, "户籍地址", None],
        [None, None, "省", "市", "县", "村"],
        [1, "王某", "广东", "东莞", "湘乡市", "水府村"],
    )
    for merged in ("A1:A2", "B1:B2", "C1:D1", "E1:F1"):
        page.merge_cells(merged)
    lines, _ = _read(made.saved(book))
    assert lines == [
        {"nickname": "王某", "where_city": "广东东莞", "county": "湘乡市", "village": "水府村"}
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (["合  计", "12人"], "合计行"),
        (["小计：3", None], "合计行"),
        (["注：截至十一月"], "表下的说明"),
        (["填表人：某某"], "表下的说明"),
        (["姓名", "电话"], "重复的表头"),
    ],
)
def test_a_row_that_is_nobody_is_told_aside(row: list[Any], reason: str) -> None:
    book, _ = made.xlsx(["姓名", "电话"], PERSON[:2], row)
    lines, tables = _read(made.saved(book))
    assert (len(lines), dict(tables.spare.aside)) == (1, {reason: 1})


def test_what_is_left_aside_is_said() -> None:
    headings = ["姓名", "电话", "身份证号", "银行卡号", "是否残疾", "星座", "手机号", "序号"]
    book, _ = made.xlsx(headings, [*PERSON[:2], "1", "2", "3", "4", "5", "6"])
    lines, tables = _read(made.saved(book))
    said = "".join(tables.spare.notices)
    assert lines == [{"nickname": "王某", "phone": "13800000001", "identity": "1"}]
    for heading in headings[2:]:
        assert f"“{heading}”" in said
    assert list(tables.spare.unknown) == ["星座"]


def test_hidden_sheets_are_left_hidden_rows_are_read_and_both_said() -> None:
    book, page = made.xlsx(["姓名", "电话"], PERSON[:2], ["李某", "13800000002"])
    page.row_dimensions[3].hidden = True
    page.column_dimensions["B"].hidden = True
    other = book.create_sheet("旧表")
    other.append(["姓名", "电话"])
    other.sheet_state = "hidden"
    lines, tables = _read(made.saved(book))
    assert len(lines) == 2
    assert [
        any(word in n for n in tables.spare.notices) for word in ("旧表", "1 行是隐藏", "隐藏的列")
    ] == [True] * 3


def test_every_sheet_with_a_heading_is_read() -> None:
    book, _ = made.xlsx(["姓名", "电话"], PERSON[:2])
    for title, row in (("二村", ["李某", "13800000002"]), ("封面", ["说明"])):
        page = book.create_sheet(title)
        if title != "封面":
            page.append(["姓名", "电话"])
        page.append(row)
    lines, tables = _read(made.saved(book))
    assert [line["nickname"] for line in lines] == ["王某", "李某"]
    assert "“封面”表没有认得的表头，没有读。" in tables.spare.notices


def test_a_file_without_any_heading_is_refused() -> None:
    with pytest.raises(FileRefused, match="没有找到认得的表头"):
        list(_tables("甲,乙\n1,2\n".encode()).lines())


def test_a_map_gives_a_column_a_meaning_or_none() -> None:
    mapped = {"当家人": "nickname", "星座": ""}
    tables = _tables("当家人,电话,星座\n王某,13800000001,x\n".encode(), **mapped)
    (line,) = tables.lines()
    assert {k: c.text for k, c in line.cells.items()} == {
        "nickname": "王某",
        "phone": "13800000001",
    }
    assert tables.spare.unknown == {}
