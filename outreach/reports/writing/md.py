"""A table as plain text with bars."""

from __future__ import annotations

import re

from outreach.reports.table import Table
from outreach.reports.writing import layout
from outreach.reports.writing.mark import Mark

_SIGNS = re.compile(r"([\\|`*_\[\]<>#~])")
_BREAKS = re.compile(r"\s+")


def write(table: Table, mark: Mark) -> bytes:
    """The bytes of the .md: the header in one line, for there are no merged cells."""
    lines = [f"# {_plain(f'{table.heading} {table.title}'.strip())}", ""]
    if table.subtitle:
        lines += [_plain(table.subtitle), ""]
    lines.append(_line(layout.flat(table.columns)))
    lines.append(_line(["---"] * len(table.columns)))
    for row in table.rows:
        cells = [layout.shown(row.cells.get(one.key)) for one in table.columns]
        lines.append(_line([_bold(cell) if row.is_total else _plain(cell) for cell in cells]))
    words = [*table.notes, *table.beside, *([mark.line] if mark.is_shown else [])]
    for text in words:
        lines += ["", _plain(text)]
    return ("\n".join(lines) + "\n").encode()


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _bold(text: str) -> str:
    return f"**{_plain(text)}**" if text else ""


def _plain(text: str) -> str:
    """Text that means nothing but itself, in one line."""
    return _SIGNS.sub(r"\\\1", _BREAKS.sub(" ", text))
