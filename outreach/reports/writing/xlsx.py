"""A table as a workbook: to print as it is, and no cell of it is taken for a formula."""

from __future__ import annotations

import io
from datetime import UTC
from math import ceil
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from knowledge.exchange.cells import LONGEST_CELL, safe
from outreach.reports.table import Row, Table, Value
from outreach.reports.writing import layout
from outreach.reports.writing.mark import Mark, digest

_LINE = Border(*(Side(style="thin"),) * 4)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)
_LEFT = Alignment(horizontal="left", vertical="center", wrap_text=True)
_PAPERS = {"A3": 8, "A4": 9}
_BODY, _TITLE = "宋体", "黑体"
_LARGE = 12  # points: what is larger is a title
_LINE_HEIGHT = 18  # points
_BESIDE = 100  # how wide the second sheet is


def write(table: Table, mark: Mark) -> bytes:
    """The bytes of the .xlsx."""
    book = Workbook()
    sheet = book.active
    sheet.title = "表"
    top = _titles(sheet, table)
    first = _header(sheet, table, top)
    last = _rows(sheet, table, first)
    _widths(sheet, table)
    _notes(sheet, table, last + 1)
    _heights(sheet, table, top, first)
    _print_set_up(sheet, table, mark, top, first)
    _beside(book, table)
    _properties(book, table, mark)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _titles(sheet: Any, table: Table) -> int:
    """What stands above the header; the row that the header begins in."""
    row = 1
    for text, size, alignment in (
        (table.heading, 12, _LEFT),
        (table.title, 18, _MIDDLE),
        (table.subtitle, 11, _LEFT),
    ):
        if text:
            cell = _across(sheet, table, row, text)
            is_title = size > _LARGE
            cell.font = Font(_TITLE if is_title else _BODY, size, bold=is_title)
            cell.alignment = alignment
            row += 1
    return row


def _header(sheet: Any, table: Table, top: int) -> int:
    """The header with its merged cells; the row of the first line below it."""
    depth = layout.lines_of(table.columns)
    for row in range(top, top + depth):
        for column in range(1, len(table.columns) + 1):
            _style(sheet.cell(row, column), is_bold=True)
    for head in layout.header(table.columns):
        row, column = top + head.line, head.column + 1
        _put(sheet.cell(row, column), head.text)
        if head.lines * head.columns > 1:
            end = {"end_row": row + head.lines - 1, "end_column": column + head.columns - 1}
            sheet.merge_cells(start_row=row, start_column=column, **end)
    return top + depth


def _rows(sheet: Any, table: Table, first: int) -> int:
    rows = layout.body(table)
    for at, row in enumerate(rows, first):
        for column, value in enumerate(_values(table, row), 1):
            cell = sheet.cell(at, column)
            _put(cell, value)
            _style(cell, is_bold=row.is_total)
    return first + len(rows) - 1


def _values(table: Table, row: Row) -> list[Value]:
    return [row.cells.get(one.key) for one in table.columns]


def _notes(sheet: Any, table: Table, row: int) -> None:
    wide = sum(layout.widths(table))
    for at, note in enumerate(table.notes, row):
        cell = _across(sheet, table, at, note)
        cell.font, cell.alignment = Font(_BODY), _LEFT
        sheet.row_dimensions[at].height = _LINE_HEIGHT * _lines(note, wide)


def _across(sheet: Any, table: Table, row: int, text: str) -> Any:
    cell = sheet.cell(row, 1)
    _put(cell, text)
    if len(table.columns) > 1:
        sheet.merge_cells(
            start_row=row, start_column=1, end_row=row, end_column=len(table.columns)
        )
    return cell


def _put(cell: Any, value: Value) -> None:
    if isinstance(value, str):
        cell.value = safe(value)[:LONGEST_CELL]
        cell.data_type = "s"  # never a formula, whatever it begins with
    else:
        cell.value = value


def _style(cell: Any, *, is_bold: bool) -> None:
    cell.border, cell.alignment = _LINE, _MIDDLE
    cell.font = Font(_BODY, bold=is_bold)


def _widths(sheet: Any, table: Table) -> None:
    for place, wide in enumerate(layout.widths(table), 1):
        sheet.column_dimensions[get_column_letter(place)].width = wide


def _heights(sheet: Any, table: Table, top: int, first: int) -> None:
    """High enough for what wraps: not every program sees to that itself."""
    for row in range(1, top):
        sheet.row_dimensions[row].height = _LINE_HEIGHT * (
            1 + (sheet.cell(row, 1).font.sz > _LARGE)
        )
    depth = first - top
    for head in layout.header(table.columns):
        wide = sum(_wide(sheet, head.column + n) for n in range(head.columns))
        needed = _lines(head.text, wide) * _LINE_HEIGHT / head.lines
        for row in range(top + head.line, top + head.line + head.lines):
            known = sheet.row_dimensions[row].height or _LINE_HEIGHT
            sheet.row_dimensions[row].height = max(known, needed)
    for at, row_ in enumerate(layout.body(table), top + depth):
        texts = (layout.shown(one) for one in _values(table, row_))
        most = max(_lines(text, _wide(sheet, place)) for place, text in enumerate(texts))
        sheet.row_dimensions[at].height = _LINE_HEIGHT * most


def _wide(sheet: Any, place: int) -> float:
    width: float = sheet.column_dimensions[get_column_letter(place + 1)].width
    return width


def _lines(text: str, wide: float) -> int:
    return max(1, ceil(layout.width(text) / max(wide - 1, 1)))


def _print_set_up(sheet: Any, table: Table, mark: Mark, top: int, first: int) -> None:
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = _PAPERS[layout.paper(table)]
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = f"{top}:{first - 1}"
    sheet.freeze_panes = f"A{first}"
    # Who signs stands at the foot of the page: the cells are those of the printed form.
    sheet.oddFooter.left.text = mark.signed.replace("&", "&&")
    sheet.oddFooter.right.text = "第 &P 页，共 &N 页"
    if mark.is_shown:
        sheet.oddFooter.center.text = "\n" + mark.line.replace("&", "&&")


def _beside(book: Any, table: Table) -> None:
    if table.beside:
        sheet = book.create_sheet("说明")
        sheet.column_dimensions["A"].width = _BESIDE
        for row, text in enumerate(table.beside, 1):
            _put(sheet.cell(row, 1), text)
            sheet.cell(row, 1).alignment = _LEFT
            sheet.row_dimensions[row].height = _LINE_HEIGHT * _lines(text, _BESIDE)


def _properties(book: Any, table: Table, mark: Mark) -> None:
    about = book.properties
    about.title, about.creator, about.lastModifiedBy = table.title, mark.who, mark.who
    about.created = mark.at.astimezone(UTC).replace(tzinfo=None)
    about.identifier, about.description = mark.number, mark.line
    about.keywords = f"sha256:{digest(table)}"
