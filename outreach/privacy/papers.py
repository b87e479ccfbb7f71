"""The office's papers on personal information, as text to keep and as a document to sign."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.shared import Pt

from outreach.reports.writing.docx import clean


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with lines, and a table where there is one: its heads, then its rows."""

    heading: str
    lines: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A whole paper."""

    title: str
    parts: tuple[Part, ...]


def markdown(paper: Paper) -> str:
    """As Markdown."""
    lines = [f"# {paper.title}", ""]
    for part in paper.parts:
        lines += [f"## {part.heading}", ""]
        for line in part.lines:
            lines += [line, ""]
        if part.heads:
            lines += [_row(part.heads), _row(["---"] * len(part.heads))]
            lines += [*(_row(row) for row in part.rows), ""]
    return "\n".join(lines)


def document(paper: Paper) -> bytes:
    """As a .docx."""
    made = Document()
    made.styles["Normal"].font.size = Pt(10)
    made.core_properties.title = clean(paper.title)
    made.core_properties.author = ""
    made.add_heading(clean(paper.title), 0)
    for part in paper.parts:
        made.add_heading(clean(part.heading), 1)
        for line in part.lines:
            made.add_paragraph(clean(line))
        if part.heads:
            _table(made, part)
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def _table(made: Any, part: Part) -> None:
    table = made.add_table(rows=1 + len(part.rows), cols=len(part.heads), style="Table Grid")
    # Each row in turn: asked for by number, the whole table is read for every one.
    for number, (row, words) in enumerate(zip(table.rows, (part.heads, *part.rows), strict=True)):
        _fill(row.cells, words, is_bold=number == 0)


def _fill(cells: Sequence[Any], words: Sequence[str], *, is_bold: bool) -> None:
    for cell, word in zip(cells, words, strict=True):
        run = cell.paragraphs[0].add_run(clean(word))
        if is_bold:
            run.bold = True


def _row(cells: Sequence[str]) -> str:
    safe = (cell.replace("|", "\\|").replace("\n", " ") for cell in cells)
    return f"| {' | '.join(safe)} |"
