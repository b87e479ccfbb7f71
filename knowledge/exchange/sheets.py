"""A workbook's bytes as rows of cells under known headings, whatever program saved it last."""

import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any, TypeAlias

import openpyxl
from openpyxl.utils import range_boundaries

from knowledge.exchange import guard
from knowledge.exchange.cells import BLANK, Cell, Made, cell_of
from knowledge.exchange.columns import VERSION, Block, Column, block_of, column_named
from knowledge.exchange.guard import FileRefused

GUIDE, LISTS = "说明", "清单"
OWN_SHEETS = (GUIDE, LISTS)
_LAST_HEADING_ROW = 15
MOST_COLUMNS = 100
_MADE = {"f": Made.FORMULA, "e": Made.ERROR}
_Table: TypeAlias = dict[int, list[Cell]]
_BROKEN = (
    *(*guard.BROKEN_ZIP, SyntaxError),  # both parsers' faults are one: with lxml and without
    # What the reader says of parts that are missing or contradict each other.
    *(LookupError, TypeError, AttributeError, OverflowError),
)


@dataclass(frozen=True, slots=True)
class Row:
    """A row with something in it: its number, and its cells by the keys of their columns."""

    sheet: str
    number: int
    cells: dict[str, Cell]

    def text(self, key: str) -> str:
        """The text of a cell, "" where there is none."""
        return self.cells.get(key, BLANK).short


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet that we understand."""

    name: str
    block: Block
    columns: frozenset[Column]
    rows: tuple[Row, ...]


@dataclass(slots=True)
class Workbook:
    """The sheets that were understood, and sentences on what was not."""

    sheets: list[Sheet] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)


def read_workbook(data: bytes) -> Workbook:
    """The sheets of an .xlsx file; FileRefused with one sentence if it cannot be used."""
    merged = guard.check(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of features that we do not read
            found = list(_tables(data, merged))
    except _BROKEN as fault:
        raise FileRefused(
            "表格文件坏了，读不出来；请用表格软件打开，另存为新的 .xlsx 再导入。"
        ) from fault
    book = Workbook()
    for name, table in found:
        _add(book, name, table)
    if not book.sheets:
        raise FileRefused(
            "没有找到能读的表：表头要有“标题”和“答复”两列；可以先导出一份，照着它的表头改。"
        )
    return book


def _tables(data: bytes, merged: dict[str, list[str]]) -> Iterator[tuple[str, _Table]]:
    book = openpyxl.load_workbook(BytesIO(data), read_only=True, keep_links=False)
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # some programs write them wrong
            table = dict(_filled(sheet))
            _spread(table, merged.get(sheet._worksheet_path, ()))
            yield sheet.title, table
    finally:
        book.close()


def _filled(sheet: Any) -> Iterator[tuple[int, list[Cell]]]:
    """The rows with something in them."""
    for number, row in enumerate(sheet.iter_rows(), 1):
        cells = [cell_of(c.value, made=_MADE.get(c.data_type)) for c in row[:MOST_COLUMNS]]
        if any(cell.text for cell in cells):
            yield number, cells


def _spread(table: _Table, merged: Sequence[str]) -> None:
    """A cell merged over several rows counts for each of them."""
    for reference in merged:
        column, first, _, last = range_boundaries(reference)
        top = table.get(first, [])
        if len(top) < column:
            continue
        for number in range(first + 1, min(last, max(table)) + 1):
            row = table.get(number)
            if row is not None:
                row += [BLANK] * (column - len(row))
                row[column - 1] = top[column - 1]


def _add(book: Workbook, name: str, table: _Table) -> None:
    for number in list(table)[:_LAST_HEADING_ROW]:
        block = block_of([cell.text for cell in table[number]])
        if block is not None:
            columns = _columns(book, name, block, headings=table[number])
            rows = (_row(name, n, columns, table[n]) for n in table if n > number)
            kept = tuple(row for row in rows if row is not None)
            book.sheets.append(Sheet(name, block, frozenset(columns.values()), kept))
            return
    if table and name not in OWN_SHEETS:
        book.notices.append(f"“{name}”这张表没有认得的表头，没有读。")


def _columns(
    book: Workbook, name: str, block: Block, *, headings: Sequence[Cell]
) -> dict[int, Column]:
    columns: dict[int, Column] = {}
    for number, heading in enumerate(headings):
        if not heading.text:
            continue
        column = column_named(block, heading.text)
        if column is None:
            book.notices.append(f"“{name}”表的“{heading.short}”这一列不认识，没有读。")
        elif column in columns.values():
            raise FileRefused(f"“{name}”表里有两列都是“{column.heading}”，请只留一列再导入。")
        else:
            columns[number] = column
    return columns


def _row(name: str, number: int, columns: dict[int, Column], cells: Sequence[Cell]) -> Row | None:
    named = {c.key: cells[i] if i < len(cells) else BLANK for i, c in columns.items()}
    others = (cell for key, cell in named.items() if key != VERSION)
    return Row(name, number, named) if any(cell.text for cell in others) else None
