"""The month's figures in public: no count of one to four, and none that sums give away (G-04)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from outreach.reports import hiding
from outreach.reports.hiding import Cell, Sum, Within
from outreach.reports.ledgers import small
from outreach.reports.month import FIGURES, Unit
from outreach.reports.table import Asked, Row, Table, Value

CONCEALED = "—"
_NOTE = "1至4的数显示为“<5”；能由别的数推出来的显示为“—”。"
_COUNTED = frozenset(one.name for one in FIGURES if one.unit is not Unit.DAYS)
_PARTS = {"year_old": ("survived", "failed", "unheard")}
_WITHIN = {"with_intent": "registered", "founders": "founded", "late": "done"}
_FROM = {"took": "done"}  # a time tells of the few that it was taken of


def beside(table: Table, asked: Asked) -> Table:
    """A table with a column for each figure, a line for each place, and perhaps their sum."""
    if not asked.is_public:
        return table
    lines = {n: _counts(row.cells) for n, row in enumerate(table.rows)}
    totals = [n for n, row in enumerate(table.rows) if row.is_total]
    secret = _secret(lines, totals)
    rows = [
        replace(row, cells=_said(n, row.cells, secret), opens={})
        for n, row in enumerate(table.rows)
    ]
    return replace(table, rows=rows, notes=[*table.notes, _NOTE])


def beneath(table: Table, asked: Asked, cell: str) -> Table:
    """A table with a line for each figure, which `Row.subject` names; the count is in `cell`."""
    if not asked.is_public:
        return table
    told = {row.subject: row.cells.get(cell) for row in table.rows}
    said = _said(0, told, _secret({0: _counts(told)}, []))
    rows = [_with(row, cell, said[row.subject]) for row in table.rows]
    return replace(table, rows=rows, notes=[*table.notes, _NOTE])


def _with(row: Row, cell: str, value: Value) -> Row:
    return replace(row, cells={**row.cells, cell: value}, opens={})


def _counts(cells: Mapping[str, Value]) -> dict[str, int]:
    return {
        name: value for name, value in cells.items() if name in _COUNTED and isinstance(value, int)
    }


def _secret(lines: Mapping[int, Mapping[str, int]], totals: list[int]) -> frozenset[Cell]:
    """The cells to hide, by the sums down the lines and across the figures that do hold."""
    values = {(n, name): count for n, cells in lines.items() for name, count in cells.items()}
    places = [n for n in lines if n not in totals]
    down = [
        Sum((total, name), tuple((n, name) for n in places))
        for total in totals
        for name in lines[total]
    ]
    across = [
        Sum((n, whole), tuple((n, part) for part in parts))
        for n in lines
        for whole, parts in _PARTS.items()
    ]
    within = [
        Within((n, part), (n, whole))
        for n, cells in lines.items()
        for part, whole in _WITHIN.items()
        if cells.get(part, 0) <= cells.get(whole, -1)
    ]
    return hiding.hidden(values, [one for one in (*down, *across) if _holds(one, values)], within)


def _holds(one: Sum, values: Mapping[Cell, int]) -> bool:
    return values.get(one.whole) == sum(values.get(part, 0) for part in one.parts)


def _said(line: int, cells: Mapping[str, Value], secret: frozenset[Cell]) -> dict[str, Value]:
    return {name: _one(line, name, value, secret) for name, value in cells.items()}


def _one(line: int, name: str, value: Value, secret: frozenset[Cell]) -> Value:
    if (line, name) in secret:
        return small.HIDDEN if small.is_small(value) else CONCEALED
    is_taken_of_few = (line, _FROM.get(name, "")) in secret
    return CONCEALED if is_taken_of_few and value is not None else value
