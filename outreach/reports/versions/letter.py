"""A paper as offices send it: title, number, to whom, words, tables, who signs, the day."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from html import escape
from typing import Any

from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from outreach.reports.table import Table
from outreach.reports.writing import docx as tables_in_docx
from outreach.reports.writing import html as tables_in_html
from outreach.reports.writing import layout
from outreach.reports.writing import md as tables_in_md
from outreach.reports.writing.mark import Mark

NUMBER = "〔    〕  号"  # the office's own numbering
_DRAFT = "（草稿，待核对签字）"
_INDENT = Pt(28)  # two characters
_STYLE = """
body{font:16px/1.8 "Songti SC","SimSun",serif;margin:1.5em auto;max-width:60em;color:#111}
h1{font-size:24px;text-align:center;margin:.3em}h2{font-size:18px;text-align:center}
.no,.sign{text-align:center}.sign{text-align:right}p.words{text-indent:2em}
table{border-collapse:collapse;width:100%;font-size:13px}
th,td{border:1px solid #333;padding:3px 5px;text-align:center}td.text{text-align:left}
td.keep{white-space:nowrap}
thead{display:table-header-group}tr{break-inside:avoid}
tr.total{font-weight:bold}footer{font-size:12px;color:#444;word-break:break-all}
@page{size:A4;margin:15mm}@page across{size:A3 landscape;margin:12mm}
@page lying{size:A4 landscape;margin:12mm}
section{break-before:page}.a3{page:across}.a4{page:lying}
"""


@dataclass(frozen=True, slots=True)
class Letter:
    """The parts of a paper; a draft says so under its title."""

    title: str
    body: Sequence[str]
    tables: Sequence[Table]
    sender: str
    addressee: str = ""
    signer: str = ""
    day: date | None = None
    is_draft: bool = True

    @property
    def dated(self) -> str:
        """The day as offices write it; blanks where it is not signed yet."""
        day = self.day
        return f"{day.year}年{day.month}月{day.day}日" if day else "    年  月  日"

    @property
    def signed(self) -> str:
        """The line of who signs."""
        return f"签发人：{self.signer or '        '}"


def docx(letter: Letter, mark: Mark) -> bytes:
    """The bytes of the .docx: the words upright, each table on a page across."""
    document = tables_in_docx.begun()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    _words(document, letter)
    for table in letter.tables:
        document.add_section(WD_SECTION.NEW_PAGE)
        tables_in_docx.add(document, table, mark)
    about = document.core_properties
    about.title, about.author, about.last_modified_by = letter.title, mark.who, mark.who
    about.created = about.modified = mark.at.astimezone(UTC).replace(tzinfo=None)
    about.identifier, about.comments = mark.number, mark.line
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def html(letter: Letter, mark: Mark) -> bytes:
    """The bytes of the .html: one page to print, nothing fetched from elsewhere."""
    return "\n".join(_page(letter, mark)).encode()


def md(letter: Letter, mark: Mark) -> bytes:
    """The bytes of the .md."""
    head = [f"# {letter.title}", NUMBER]
    lines = [*head, *([_DRAFT] if letter.is_draft else []), *_to(letter), *letter.body]
    lines += [letter.sender, letter.signed, letter.dated]
    tables = [tables_in_md.write(table, mark).decode() for table in letter.tables]
    return ("\n\n".join([*lines, *tables])).encode()


def _to(letter: Letter) -> list[str]:
    return [f"{letter.addressee}："] if letter.addressee else []


def _words(document: Any, letter: Letter) -> None:
    middle, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    title = _paragraph(document, letter.title, middle)
    title.runs[0].bold, title.runs[0].font.size = True, Pt(22)
    _paragraph(document, NUMBER, middle)
    if letter.is_draft:
        _paragraph(document, _DRAFT, middle)
    for text in _to(letter):
        _paragraph(document, text)
    for text in letter.body:
        _paragraph(document, text).paragraph_format.first_line_indent = _INDENT
    for text in (letter.sender, letter.signed, letter.dated):
        _paragraph(document, text, right)


def _paragraph(document: Any, text: str, alignment: Any = None) -> Any:
    paragraph = document.add_paragraph()
    paragraph.add_run(tables_in_docx.clean(text)).font.size = Pt(14)
    paragraph.alignment = alignment
    return paragraph


def _page(letter: Letter, mark: Mark) -> Iterator[str]:
    title = escape(letter.title)
    yield "<!DOCTYPE html>"
    yield f'<html lang="zh-CN"><head><meta charset="utf-8"><title>{title}</title>'
    yield '<meta name="viewport" content="width=device-width,initial-scale=1">'
    yield f'<meta name="author" content="{escape(mark.who)}"><style>{_STYLE}</style></head>'
    yield f'<body><main><h1>{title}</h1><p class="no">{NUMBER}</p>'
    if letter.is_draft:
        yield f'<p class="no">{_DRAFT}</p>'
    yield from (f"<p>{escape(text)}</p>" for text in _to(letter))
    yield from (f'<p class="words">{escape(text)}</p>' for text in letter.body)
    for text in (letter.sender, letter.signed, letter.dated):
        yield f'<p class="sign">{escape(text)}</p>'
    for table in letter.tables:
        yield from _section(table)
    yield f"</main><footer>{escape(mark.line)}</footer></body></html>"


def _section(table: Table) -> Iterator[str]:
    """A table on a page of its own, across."""
    yield f'<section class="{layout.paper(table).lower()}">'
    yield f"<h2>{escape(table.title)}</h2><p>{escape(table.subtitle)}</p>"
    yield from tables_in_html.grid(table)
    yield from (f"<p>{escape(text)}</p>" for text in (*table.notes, *table.beside))
    yield "</section>"
