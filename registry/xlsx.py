"""A spreadsheet file as sheets of rows: guarded first, then streamed, merged cells spread."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError
from zipfile import ZipFile

from knowledge.exchange import guard
from knowledge.exchange.cells import Cell
from knowledge.exchange.guard import FileRefused
from registry.sheet_xml import Rows, Strings
from registry.sheets import Book, RawRow, Sheet

LIMITS = guard.Limits(
    file=50 * 2**20,
    unpacked=800 * 2**20,
    part=80 * 2**20,
    rows=1_048_576,
    cells=24_000_000,
    merged=20_000,
)
_BROKEN = (
    *(*guard.BROKEN_ZIP, ElementTree.ParseError, ExpatError),
    *(LookupError, TypeError, AttributeError),  # parts missing, at odds, in no known encoding
)
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_SPANS_UNTIL = 60  # rows in which a heading may stand


def read(data: bytes) -> Book:
    """The sheets of an .xlsx file; FileRefused with one sentence if it cannot be used."""
    merged = guard.check(data, LIMITS)
    with _readable():
        archive = ZipFile(BytesIO(data))
        book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
        _refuse_old_days(book)
        parts = _parts(archive)
        strings = _strings(archive)
        sheets = [
            _sheet(archive, parts[_related(one)], one, strings, merged)
            for one in book.iter()
            if _local(one) == "sheet" and "worksheets" in parts.get(_related(one), "")
        ]
    if not sheets:
        raise FileRefused("这个文件里没有表格。")
    return Book(tuple(sheets))


def _sheet(
    archive: ZipFile,
    path: str,
    named: ElementTree.Element,
    strings: Sequence[Cell],
    merged: dict[str, list[str]],
) -> Sheet:
    ranges = [_range(reference) for reference in merged.get(path, ())]
    is_hidden = named.get("state", "visible") != "visible"
    sheet = Sheet(named.get("name", ""), lambda: iter(()), is_hidden, _spans(ranges))

    def rows() -> Iterator[RawRow]:
        with _readable(), archive.open(path) as part:
            yield from _spread(Rows(strings, sheet.hidden_columns).read(part), ranges)

    sheet.rows = rows
    return sheet


@dataclass(frozen=True, slots=True)
class _Range:
    top: int
    bottom: int
    left: int
    right: int


@dataclass(slots=True)
class _Spread:
    """Cells merged downwards that still hold: column → (last row, cell)."""

    waiting: list[_Range]
    active: dict[int, tuple[int, Cell]] = field(default_factory=dict)


def _spread(rows: Iterator[RawRow], ranges: Sequence[_Range]) -> Iterator[RawRow]:
    """A cell merged over several rows counts for each of them."""
    tall = sorted((r for r in ranges if r.bottom > r.top), key=lambda r: r.top, reverse=True)
    state = _Spread(tall)
    for row in rows:
        yield _filled(row, state) if state.waiting or state.active else row


def _filled(row: RawRow, state: _Spread) -> RawRow:
    while state.waiting and state.waiting[-1].top <= row.number:
        begun = state.waiting.pop()
        cell = row.cells.get(begun.left)
        if begun.top == row.number and cell is not None:
            state.active[begun.left] = (begun.bottom, cell)
    state.active = {c: kept for c, kept in state.active.items() if kept[0] >= row.number}
    if not state.active:
        return row
    spread = {column: cell for column, (_, cell) in state.active.items()}
    return RawRow(row.number, {**spread, **row.cells}, row.is_hidden)


def _spans(ranges: Sequence[_Range]) -> dict[int, list[tuple[int, int]]]:
    spans: dict[int, list[tuple[int, int]]] = {}
    for one in ranges:
        if one.right > one.left and one.top <= _SPANS_UNTIL:
            spans.setdefault(one.top, []).append((one.left, one.right))
    return spans


def _range(reference: str) -> _Range:
    first, _, last = reference.partition(":")
    (left, top), (right, bottom) = _corner(first), _corner(last)
    return _Range(top, bottom, left, right)


def _corner(reference: str) -> tuple[int, int]:
    letters = reference.rstrip("0123456789")
    column = 0
    for sign in letters:
        column = column * 26 + ord(sign) - 64
    return column - 1, int(reference[len(letters) :])


def _parts(archive: ZipFile) -> dict[str, str]:
    """The part behind each relation of the workbook."""
    links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    return {
        link.get("Id", ""): posixpath.normpath(posixpath.join("xl", link.get("Target", "")))
        if not link.get("Target", "").startswith("/")
        else link.get("Target", "")[1:]
        for link in links
    }


def _strings(archive: ZipFile) -> list[Cell]:
    name = next((n for n in archive.namelist() if n.lower() == "xl/sharedstrings.xml"), None)
    if name is None:
        return []
    with archive.open(name) as part:
        return Strings().read(part)


def _refuse_old_days(book: ElementTree.Element) -> None:
    for one in book.iter():
        if _local(one) == "workbookPr" and one.get("date1904") in ("1", "true"):
            raise FileRefused(
                "这个表按 1904 年算日期，日子会差四年；"
                "请在表格软件的选项里关掉“1904 日期系统”再存。"
            )


def _related(sheet: ElementTree.Element) -> str:
    return sheet.get(_RELATION) or sheet.get(_STRICT) or ""


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


class _readable:
    """Turns what a broken file raises into one sentence."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, _BROKEN):
            raise FileRefused(
                "表格文件坏了，读不出来；请用表格软件打开，另存为新的 .xlsx 再导入。"
            ) from error
