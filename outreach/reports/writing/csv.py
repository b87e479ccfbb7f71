"""A table as comma-separated values, in UTF-8 as office programs want it."""

from __future__ import annotations

import csv
import io

from knowledge.exchange.cells import safe
from outreach.reports.table import Table, Value
from outreach.reports.writing import layout
from outreach.reports.writing.mark import Mark

_BOM = "\ufeff"


def write(table: Table, mark: Mark) -> bytes:
    """The bytes of the .csv: title, header as on paper, rows, notes."""
    wide = len(table.columns)
    lines: list[list[Value]] = [[text] for text in _words(table) if text]
    lines += _header(table)
    lines += [[row.cells.get(one.key) for one in table.columns] for row in layout.body(table)]
    lines += [[note] for note in table.notes]
    if mark.is_shown:
        lines.append([mark.line])
    text = io.StringIO()
    csv.writer(text).writerows(
        [*map(_harmless, line), *[""] * (wide - len(line))] for line in lines
    )
    return (_BOM + text.getvalue()).encode()


def _words(table: Table) -> tuple[str, ...]:
    return table.heading, table.title, table.subtitle


def _header(table: Table) -> list[list[Value]]:
    """What is merged on paper stands in the first of its cells."""
    lines: list[list[Value]] = [
        [""] * len(table.columns) for _ in range(layout.lines_of(table.columns))
    ]
    for head in layout.header(table.columns):
        lines[head.line][head.column] = head.text
    return lines


def _harmless(value: Value) -> Value:
    return safe(layout.shown(value)) if not layout.is_number(value) else value
