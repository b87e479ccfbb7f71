"""Spreadsheets for tests: exported ones changed by hand, and small ones made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from io import BytesIO
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import openpyxl

from knowledge.exchange.changes import from_workbook
from knowledge.exchange.content import Content
from knowledge.exchange.edits import Edits
from knowledge.exchange.report import Line
from knowledge.exchange.settling import Ground
from knowledge.exchange.workbook import workbook_of
from knowledge.library import our_shelf
from knowledge.shelf import Shelf

CAP = "dingtao-loan-individual-cap"
WORDINGS = "\n".join(f"带证件的第{number}种问法" for number in "一二三四五六")
NEW: Mapping[str, object] = {
    "主题": "融资",
    "事项": "创业担保贷款",
    "方面": "材料",
    "标题": "贷款带不带结婚证",
    "答复": "要带{n}份结婚证。",
    "依据文件": "菏定政办发〔2017〕38号",
    "数字": "n｜1｜份｜正好｜1份",
    "问法": WORDINGS,
}


_KEPT = ("loan-individual-cap", "letter", "loan-agency", "plan-phone")


@cache
def shipped() -> Ground:
    """The packs as shipped."""
    return Ground(our_shelf(), {})


@cache
def small(*more: str) -> Shelf:
    """One area with a few entries: quick to check."""
    root = Path(mkdtemp())
    entries = (f"policies/dingtao-{entry}.toml" for entry in (*_KEPT, *more))
    for name in ("pack.toml", "unknowns.toml", *entries):
        file = root / "dingtao" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(shipped().pages[f"dingtao/{name}"], encoding="utf-8")
    return Shelf(root)


def ground(edited: Mapping[str, str | None] | None = None) -> Ground:
    """The few entries, with edited pages in front of them."""
    return Ground(small(), edited or {})


@cache
def exported() -> bytes:
    """The spreadsheet of the few entries."""
    return workbook_of(Content(ground().pages))


class Table:
    """A workbook in somebody's hands."""

    def __init__(self, data: bytes | None = None, sheet: str = "定陶") -> None:
        self.book: Any = openpyxl.load_workbook(BytesIO(data or exported()))
        self.sheet = self.book[sheet]

    def column(self, heading: str) -> int:
        """The number of a column."""
        return next(int(c.column) for c in self.sheet[1] if c.value == heading)

    def row(self, entry: str, heading: str = "编号") -> int:
        """The number of an entry's row."""
        column = self.column(heading)
        rows = range(2, self.sheet.max_row + 1)
        return next(n for n in rows if self.sheet.cell(n, column).value == entry)

    def set(self, entry: str, heading: str, value: object) -> Table:
        """Another value in an entry's row."""
        self.sheet.cell(self.row(entry), self.column(heading)).value = value
        return self

    def add(self, **values: object) -> Table:
        """A new row at the end."""
        number = self.sheet.max_row + 1
        for heading, value in values.items():
            self.sheet.cell(number, self.column(heading)).value = value
        return self

    @property
    def data(self) -> bytes:
        """The file."""
        return saved(self.book)


def saved(book: Any) -> bytes:
    """A workbook's bytes."""
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def by_hand(rows: Sequence[Mapping[str, object]], sheet: str = "定陶", above: int = 0) -> bytes:
    """A table with just these columns, so many empty lines above the headings."""
    book: Any = openpyxl.Workbook()
    book.active.title = sheet
    headings = list(dict.fromkeys(heading for row in rows for heading in row))
    for column, heading in enumerate(headings, 1):
        book.active.cell(above + 1, column, heading)
        for number, row in enumerate(rows, above + 2):
            book.active.cell(number, column, row.get(heading))
    return saved(book)


def held(data: bytes, on: Ground | None = None) -> Edits:
    """The table against what is served."""
    return from_workbook(data, on or ground())


def told(edits: Edits) -> str:
    """The report as people read it."""
    return "\n".join(edits.report.said())


def line_of(edits: Edits, name: str) -> Line:
    """What becomes of a row."""
    return next(line for line in edits.report.lines if line.name == name)
