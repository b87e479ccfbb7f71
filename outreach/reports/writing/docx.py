"""A table as a document, where an office wants one."""

from __future__ import annotations

import io
import re
from datetime import UTC
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from outreach.reports.table import Table
from outreach.reports.writing import layout
from outreach.reports.writing.mark import Mark, digest

_SIZES = {"A3": (Mm(420), Mm(297)), "A4": (Mm(297), Mm(210))}
_MARGIN = Mm(15)
_BODY, _TITLE = "宋体", "黑体"
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write(table: Table, mark: Mark) -> bytes:
    """The bytes of the .docx."""
    document = begun()
    add(document, table, mark, signed=mark.signed)
    _properties(document, table, mark)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def begun() -> Any:
    """A document in the letters that offices use."""
    document = Document()
    _lettered(document.styles["Normal"], _BODY)
    return document


def _lettered(told: Any, name: str) -> None:
    """Set the letters of a style or a run, of Chinese signs too."""
    told.font.name = name
    told.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), name)


def add(document: Any, table: Table, mark: Mark, *, signed: str = "") -> None:
    """Put a table into a document, on paper that lies across; `signed` is the line beneath it."""
    _page(document, table, mark)
    if table.heading:
        document.add_paragraph(clean(table.heading))
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    words = title.add_run(clean(table.title))
    words.bold, words.font.size = True, Pt(18)
    _lettered(words, _TITLE)
    if table.subtitle:
        document.add_paragraph(clean(table.subtitle))
    _grid(document, table)
    for note in (*table.notes, *([signed] if signed else [])):
        document.add_paragraph(clean(note))
    if table.beside:
        document.add_page_break()
        for text in ("说明", *table.beside):
            document.add_paragraph(clean(text))


def _page(document: Any, table: Table, mark: Mark) -> None:
    section = document.sections[-1]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = _SIZES[layout.paper(table)]
    section.left_margin = section.right_margin = _MARGIN
    if mark.is_shown:
        section.footer.is_linked_to_previous = False
        section.footer.paragraphs[0].text = clean(mark.line)


def _grid(document: Any, table: Table) -> None:
    depth, rows = layout.lines_of(table.columns), layout.body(table)
    grid = document.add_table(depth + len(rows), len(table.columns))
    grid.style = "Table Grid"
    # Asked for once: each look at `cell` walks through the whole table.
    lines = [list(row.cells) for row in grid.rows]
    for head in layout.header(table.columns):
        first = lines[head.line][head.column]
        last = lines[head.line + head.lines - 1][head.column + head.columns - 1]
        cell = first if first is last else first.merge(last)
        _say(cell, head.text, is_bold=True)
    for line, row in zip(lines[depth:], rows, strict=True):
        for cell, column in zip(line, table.columns, strict=True):
            _say(cell, layout.shown(row.cells.get(column.key)), is_bold=row.is_total)
    for row_of_header in grid.rows[:depth]:
        _repeat(row_of_header)
    _widths(grid, table)


def _widths(grid: Any, table: Table) -> None:
    """The columns share the page as their texts want."""
    grid.autofit = False
    page = _SIZES[layout.paper(table)][0] - 2 * _MARGIN
    told = layout.widths(table)
    widths = [int(page * one / sum(told)) for one in told]
    for column, wide in zip(grid.columns, widths, strict=True):
        column.width = wide
    for row in grid.rows:
        place = 0
        for cell in row._tr.tc_lst:
            cell.width = sum(widths[place : place + cell.grid_span])
            place += cell.grid_span


def _say(cell: Any, text: str, *, is_bold: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(clean(text))
    run.bold, run.font.size = is_bold, Pt(10)


def _repeat(row: Any) -> None:
    """The header stands on each page."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)


def _properties(document: Any, table: Table, mark: Mark) -> None:
    about = document.core_properties
    about.title, about.author, about.last_modified_by = table.title, mark.who, mark.who
    about.created = about.modified = mark.at.astimezone(UTC).replace(tzinfo=None)
    about.identifier, about.comments = mark.number, mark.line
    about.keywords = f"sha256:{digest(table)}"


def clean(text: str) -> str:
    """Text without what a document may not hold."""
    return _UNWRITABLE.sub("", text)
