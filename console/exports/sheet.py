"""A table written row by row as .xlsx or .csv, marked; nothing of it lies about on the disk."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, Protocol
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from console.exports.mark import Mark
from knowledge.exchange.cells import LONGEST_CELL, safe

Value = str | int | float | date | None
Rows = Iterable[Sequence[Value]]
_BOM = "\ufeff"
_NO_TEXT = re.compile("[\ud800-\udfff\ufffe\uffff]")  # no file may hold them
_WIDTH = 16


class Table(Protocol):
    """A file that grows: each call gives the bytes that came."""

    def begin(self) -> bytes: ...
    def add(self, rows: Rows) -> bytes: ...
    def end(self) -> bytes: ...


class Csv:
    """UTF-8 with the mark that Excel wants, the watermark first, then the headings."""

    def __init__(self, title: str, headings: Sequence[str], mark: Mark) -> None:
        self._first = [[f"{title}　{mark.line}"], list(headings)]

    def begin(self) -> bytes:
        return _BOM.encode() + self.add(self._first)

    def add(self, rows: Rows) -> bytes:
        text = io.StringIO()
        csv.writer(text).writerows([_harmless(value) for value in row] for row in rows)
        return text.getvalue().encode()

    def end(self) -> bytes:
        return b""


class _Pipe(io.RawIOBase):
    """Takes what a ZipFile writes and hands it on; it cannot go back."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        return len(part)

    def taken(self) -> bytes:
        """What was written since the last time."""
        parts, self._parts = self._parts, []
        return b"".join(parts)


class _Growing(ZipFile):
    """A file that may be given up half way: there is nothing to be mended then."""

    def __del__(self) -> None:
        """Not closed."""


class Xlsx:
    """One sheet: the watermark in the first row and at the foot of each page."""

    def __init__(self, title: str, headings: Sequence[str], mark: Mark) -> None:
        self._title, self._headings, self._mark = title, headings, mark
        self._pipe = _Pipe()
        self._zip = _Growing(self._pipe, "w", ZIP_DEFLATED)
        self._row = 0

    def begin(self) -> bytes:
        for name, text in _parts(self._title, self._mark).items():
            self._zip.writestr(_entry(name, self._mark), text)
        self._sheet = self._zip.open(_entry("xl/worksheets/sheet1.xml", self._mark), "w")
        self._sheet.write(_head(len(self._headings)).encode())
        return self.add([[f"{self._title}　{self._mark.line}"], self._headings])

    def add(self, rows: Rows) -> bytes:
        for row in rows:
            self._row += 1
            told = ((at, value) for at, value in enumerate(row) if value not in ("", None))
            cells = "".join(_cell(value, at, self._row) for at, value in told)
            self._sheet.write(f'<row r="{self._row}">{cells}</row>'.encode())
        return self._pipe.taken()

    def end(self) -> bytes:
        self._sheet.write(_foot(self._mark).encode())
        self._sheet.close()
        self._zip.close()
        return self._pipe.taken()


def _harmless(value: Value) -> str | int | float:
    """A value that no program takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return safe(_NO_TEXT.sub("", value))[:LONGEST_CELL] if isinstance(value, str) else value


def _cell(value: Value, at: int, row: int) -> str:
    shown = _harmless(value)
    place, style = f"{_letters(at)}{row}", ' s="1"' if row <= 2 else ""
    if isinstance(shown, bool) or not isinstance(shown, int | float):
        text = str(shown)
        space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
        kept = escape(text)
        return f'<c r="{place}"{style} t="inlineStr"><is><t{space}>{kept}</t></is></c>'
    return f'<c r="{place}"{style}><v>{shown}</v></c>'


def _letters(at: int) -> str:
    before, last = divmod(at, 26)
    return (_letters(before - 1) if before else "") + chr(65 + last)


def _entry(name: str, mark: Mark) -> ZipInfo:
    entry = ZipInfo(name, mark.at.timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    return entry


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEETS = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def _head(columns: int) -> str:
    return (
        f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="2" topLeftCell="A3" activePane="bottomLeft" state="frozen"/>'
        f'</sheetView></sheetViews><cols><col min="1" max="{max(columns, 1)}" width="{_WIDTH}" '
        'customWidth="1"/></cols><sheetData>'
    )


def _foot(mark: Mark) -> str:
    foot = escape("&C&8" + mark.line.replace("&", "&&"))
    return (
        '</sheetData><pageSetup orientation="landscape"/>'
        f"<headerFooter><oddFooter>{foot}</oddFooter></headerFooter></worksheet>"
    )


def _parts(title: str, mark: Mark) -> dict[str, str]:
    """Everything but the sheet."""
    return {
        "[Content_Types].xml": _types(),
        "_rels/.rels": _relations(
            ("officeDocument", f"{_RELS}/officeDocument", "xl/workbook.xml"),
            (
                "core",
                f"{_PACKAGE}/relationships/metadata/core-properties",
                "docProps/core.xml",
            ),
        ),
        "docProps/core.xml": _core(title, mark),
        "xl/workbook.xml": (
            f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_RELS}"><sheets>'
            f'<sheet name="{escape(title[:31], {chr(34): ""})}" sheetId="1" r:id="sheet"/>'
            "</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": _relations(
            ("sheet", f"{_RELS}/worksheet", "worksheets/sheet1.xml"),
            ("styles", f"{_RELS}/styles", "styles.xml"),
        ),
        "xl/styles.xml": _styles(),
    }


def _types() -> str:
    core = "application/vnd.openxmlformats-package.core-properties+xml"
    kinds = {
        "/xl/workbook.xml": f"{_SHEETS}.sheet.main+xml",
        "/xl/worksheets/sheet1.xml": f"{_SHEETS}.worksheet+xml",
        "/xl/styles.xml": f"{_SHEETS}.styles+xml",
        "/docProps/core.xml": core,
    }
    own = "".join(f'<Override PartName="{n}" ContentType="{k}"/>' for n, k in kinds.items())
    return (
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{own}</Types>'
    )


def _relations(*links: tuple[str, str, str]) -> str:
    own = "".join(f'<Relationship Id="{i}" Type="{t}" Target="{to}"/>' for i, t, to in links)
    return f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{own}</Relationships>'


def _core(title: str, mark: Mark) -> str:
    return (
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{escape(title)}</dc:title><dc:creator>{escape(mark.who)}</dc:creator>"
        f"<dc:description>{escape(mark.line)}</dc:description>"
        f"<dc:identifier>{mark.code}</dc:identifier></cp:coreProperties>"
    )


def _styles() -> str:
    font = '<font>{bold}<sz val="11"/><name val="宋体"/></font>'
    return (
        f'{_XML}<styleSheet xmlns="{_MAIN}"><fonts count="2">{font.format(bold="")}'
        f'{font.format(bold="<b/>")}</fonts><fills count="2"><fill><patternFill '
        'patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
        '<cellXfs count="2"><xf fontId="0" xfId="0"/><xf fontId="1" xfId="0" applyFont="1"/>'
        '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
        "</cellStyles></styleSheet>"
    )
