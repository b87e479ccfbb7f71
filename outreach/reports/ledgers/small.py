"""Small cells (domain G-04): in a public table nothing tells of one to four, not by difference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from outreach.reports.table import Asked, Column, Row, Table, Unit, Value

HIDDEN = "<5"
_LEAST = 5
_COUNTS = frozenset(
    {Unit.PEOPLE, Unit.HOUSEHOLDS, Unit.PIECES, Unit.CASES, Unit.TIMES, Unit.LOANS}
)
_NOTE = "1至4的数显示为“<5”；能由合计倒推出来的数和由小数算出来的比率、用时显示为“—”。"
_PEOPLE_NOTE = "本表有个人信息，不对外公布。"
_DASH = "—"


def shown(table: Table, asked: Asked, *, section: str = "") -> Table:
    """The table as it was asked for; in public without small cells, and without people.

    `section` is the column whose values part the rows: the parts of each add up to the total.
    """
    if not asked.is_public:
        return table
    if any(column.is_personal for column in table.columns):
        return replace(table, rows=[], subtitle="", notes=[_PEOPLE_NOTE])
    hidden = {
        (number, column.key)
        for column in table.columns
        if column.unit in _COUNTS
        for number in _hidden(table.rows, column, section)
    }
    rows = [_row(number, row, table.columns, hidden) for number, row in enumerate(table.rows)]
    return replace(table, rows=rows, notes=[*table.notes, _NOTE])


def is_small(value: Value) -> bool:
    """Whether a count may not be told."""
    return isinstance(value, int | float) and 0 < value < _LEAST


def cell(value: Value, unit: Unit, asked: Asked) -> Value:
    """One count that stands in a column of figures of several units."""
    is_hidden = asked.is_public and unit in _COUNTS and is_small(value)
    return HIDDEN if is_hidden else value


def worded(count: int, asked: Asked) -> str:
    """A count that stands in a sentence."""
    return HIDDEN if asked.is_public and is_small(count) else str(count)


def _hidden(rows: Sequence[Row], column: Column, section: str) -> set[int]:
    """The rows whose count is hidden; one hidden alone beside a total takes another with it."""
    hidden = {n for n, row in enumerate(rows) if is_small(row.cells.get(column.key))}
    if not any(row.is_total for row in rows):
        return hidden
    parts: dict[Value, list[int]] = {}
    for n, row in enumerate(rows):
        if not row.is_total:
            parts.setdefault(row.cells.get(section), []).append(n)
    for numbers in parts.values():
        if len(hidden.intersection(numbers)) == 1:
            hidden |= _smallest(rows, column, [n for n in numbers if n not in hidden])
    return hidden


def _smallest(rows: Sequence[Row], column: Column, numbers: Sequence[int]) -> set[int]:
    found = [
        (value, n) for n in numbers if isinstance(value := rows[n].cells.get(column.key), int)
    ]
    return {min(told)[1]} if (told := [one for one in found if one[0]]) else set()


def _row(number: int, row: Row, columns: Sequence[Column], hidden: set[tuple[int, str]]) -> Row:
    has_hidden = any((number, column.key) in hidden for column in columns)
    cells = {
        column.key: _cell(row.cells.get(column.key), column, (number, column.key) in hidden)
        if has_hidden
        else row.cells.get(column.key)
        for column in columns
    }
    return replace(row, cells=cells, opens={})


def _cell(value: Value, column: Column, is_hidden: bool) -> Value:
    if is_hidden:
        return HIDDEN if is_small(value) else _DASH
    is_worked_out = column.unit in {Unit.PERCENT, Unit.DAYS, Unit.WORKING_DAYS, Unit.YUAN}
    return _DASH if is_worked_out and value is not None else value
