"""What is served as a spreadsheet that an official can edit."""

from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from knowledge.exchange.columns import COLUMNS, SEEN, VERSION, Block, Column, Shape
from knowledge.exchange.content import Content, Section
from knowledge.exchange.guide import HINTS, guide
from knowledge.exchange.sheets import GUIDE, LISTS
from knowledge.exchange.values import Papers, fingerprint, shown

_SPARE_ROWS = 500  # below the last one, with the drop-downs
_TALLEST = 12  # lines of a row that are seen at once
_LINE = 15  # points
_LONGEST_NAME = 31
_HEAD = PatternFill("solid", fgColor="1F4E79")
_GREY = PatternFill("solid", fgColor="E7E6E6")
_THIN = Side(style="thin", color="BFBFBF")
_BORDER = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
_WRAP = Alignment(wrap_text=True, vertical="top")
_TEXT = "@"
_OPEN = Protection(locked=False)
_KEYS = {Block.ENTRIES: "id", Block.DOCUMENTS: "key", Block.SILENCES: ""}


def workbook_of(content: Content) -> bytes:
    """The whole as an .xlsx file: a guide, then three sheets for each area."""
    book = Workbook()
    _write_guide(book.active)
    lists = _Lists(book)
    for section in content:
        for block in Block:
            _write(book.create_sheet(sheet_name(section, block)), section, block, lists=lists)
    book.move_sheet(LISTS, len(book.sheetnames))
    data = BytesIO()
    book.save(data)
    return data.getvalue()


def sheet_name(section: Section, block: Block) -> str:
    """定陶, 定陶·文件, 定陶·没写的."""
    return "·".join(filter(None, (section.short, block.value)))[:_LONGEST_NAME]


def _write_guide(sheet: Worksheet) -> None:
    sheet.title = GUIDE
    sheet.column_dimensions["A"].width = 110
    for number, line in enumerate(guide(), 1):
        cell = sheet.cell(number, 1, line)
        cell.alignment = _WRAP
        cell.font = Font(size=16 if number == 1 else 12, bold=number == 1)


class _Lists:
    """The hidden sheet that the drop-downs read."""

    def __init__(self, book: Workbook) -> None:
        self._sheet = book.create_sheet(LISTS)
        self._sheet.sheet_state = "hidden"
        self._known: dict[tuple[str, ...], str] = {}

    def range(self, words: Iterable[str]) -> str:
        """Where these words stand, written there once."""
        listed = tuple(word for word in words if word)
        if listed not in self._known:
            column = len(self._known) + 1
            for number, word in enumerate(listed, 1):
                self._sheet.cell(number, column, word).number_format = _TEXT
            letter = get_column_letter(column)
            self._known[listed] = f"{LISTS}!${letter}$1:${letter}${len(listed)}"
        return self._known[listed]


def _write(sheet: Worksheet, section: Section, block: Block, *, lists: _Lists) -> None:
    columns = COLUMNS[block]
    rows = _rows(section, block)
    last = len(rows) + 1
    _write_headings(sheet, (*columns, SEEN))
    for number, data in enumerate(rows, 2):
        cells = [shown(column, data.get(column.key), section.papers) for column in columns]
        for place, (column, text) in enumerate(zip(columns, cells, strict=True), 1):
            _put(sheet.cell(number, place), text, locked=column.key == _KEYS[block])
        _put(sheet.cell(number, len(columns) + 1), fingerprint(cells), locked=True)
        sheet.row_dimensions[number].height = _LINE * _lines(columns, cells)
    _prepare(sheet, (*columns, SEEN), last)
    _offer(sheet, columns, section.papers, lists=lists, last=last + _SPARE_ROWS)


def _rows(section: Section, block: Block) -> list[Mapping[str, Any]]:
    if block is Block.ENTRIES:
        return [{**data, "id": entry} for entry, data in section.entries.items()]
    if block is Block.DOCUMENTS:
        return list(section.documents.values())
    return list(section.silences)


def _put(cell: Cell, text: str, *, locked: bool) -> None:
    if text:
        cell.value = text
        cell.data_type = "s"  # never a formula, whatever it begins with
    cell.number_format = _TEXT
    cell.alignment = _WRAP
    cell.border = _BORDER
    cell.protection = Protection(locked=locked)
    if locked:
        cell.fill = _GREY


def _write_headings(sheet: Worksheet, columns: Sequence[Column]) -> None:
    for place, column in enumerate(columns, 1):
        cell = sheet.cell(1, place, column.heading)
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = _HEAD
        cell.alignment = Alignment(horizontal="center", vertical="center")
        hint = HINTS.get(column.shape) or HINTS.get(column.key)
        if hint:
            cell.comment = Comment(hint, "归雁", width=320, height=160)


def _prepare(sheet: Worksheet, columns: Sequence[Column], last: int) -> None:
    """Widths, the format of rows to come, frozen headings, and the lock without a password."""
    for place, column in enumerate(columns, 1):
        dimension = sheet.column_dimensions[get_column_letter(place)]
        dimension.width = column.width
        dimension.hidden = column.key == VERSION
        dimension.number_format, dimension.alignment = _TEXT, _WRAP
        dimension.protection = _OPEN
    sheet.freeze_panes = "B2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"
    lock = sheet.protection
    lock.sheet = True  # False below: what stays allowed
    lock.formatCells = lock.formatColumns = lock.formatRows = False
    lock.insertRows = lock.autoFilter = lock.sort = False


def _offer(
    sheet: Worksheet, columns: Sequence[Column], papers: Papers, *, lists: _Lists, last: int
) -> None:
    """Drop-downs for what is chosen from a list."""
    for place, column in enumerate(columns, 1):
        words = list(papers.labels.values() if column.shape is Shape.SOURCE else ())
        words += column.labels.values() if column.shape is Shape.CHOICE else ()
        if words:
            offer = DataValidation("list", formula1=lists.range(words), allow_blank=True)
            offer.error = "请从下拉清单里选一个"
            letter = get_column_letter(place)
            offer.add(f"{letter}2:{letter}{last}")
            sheet.add_data_validation(offer)


def _lines(columns: Sequence[Column], cells: Sequence[str]) -> int:
    """How many lines the tallest cell takes; a wide character counts twice."""
    tallest = 1
    for column, text in zip(columns, cells, strict=True):
        lines = sum(1 + 2 * len(line) // column.width for line in text.splitlines())
        tallest = max(tallest, lines)
    return min(tallest, _TALLEST)
