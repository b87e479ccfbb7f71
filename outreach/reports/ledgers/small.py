"""Small cells (domain G-04): in a public table nothing tells of one to four, not by difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from outreach.reports import hiding
from outreach.reports.hiding import Cell, Sum
from outreach.reports.table import Asked, Column, Row, Table, Unit, Value

Parts = Mapping[str, Sequence[str]]  # a column, and those that add up to it
NO_PARTS: Parts = {}
HIDDEN = "<5"
_LEAST = 5
_COUNTS = frozenset(
    {Unit.PEOPLE, Unit.HOUSEHOLDS, Unit.PIECES, Unit.CASES, Unit.TIMES, Unit.LOANS}
)
NOTE = "1至4的数显示为“<5”；能由合计倒推出来的数和由小数算出来的比率、用时显示为“—”。"
_PEOPLE_NOTE = "本表有个人信息，不对外公布。"
CONCEALED = "—"
_SUBTOTAL = "小计"


def shown(table: Table, asked: Asked, *, section: str = "", parts: Parts = NO_PARTS) -> Table:
    """The table as it was asked for; in public without small cells, and without people.

    `section` is the column whose values part the rows: the parts of each add up to the total.
    `parts` are the columns that add up to another one, beside those of a merged header.
    """
    if not asked.is_public:
        return table
    if any(column.is_personal for column in table.columns):
        return replace(table, rows=[], subtitle="", notes=[_PEOPLE_NOTE])
    hidden = _hidden(table, section, parts)
    rows = [_row(number, row, table.columns, hidden) for number, row in enumerate(table.rows)]
    return replace(table, rows=rows, notes=[*table.notes, NOTE])


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


def _hidden(table: Table, section: str, parts: Parts) -> frozenset[Cell]:
    """The cells whose count is hidden: the small ones, and what would give one away."""
    columns = [column for column in table.columns if column.unit in _COUNTS]
    values = {
        (n, column.key): value
        for n, row in enumerate(table.rows)
        for column in columns
        if isinstance(value := row.cells.get(column.key), int)
    }
    told = [
        Sum((n, whole), tuple((n, part) for part in keys))
        for n in range(len(table.rows))
        for whole, keys in parts.items()
    ]
    known = [*told, *_downward(table.rows, columns, section), *_across(table.rows, columns)]
    return hiding.hidden(values, [one for one in known if _holds(one, values)])


def _downward(rows: Sequence[Row], columns: Sequence[Column], section: str) -> Iterator[Sum]:
    """In each column the lines of a part add up to the total."""
    parts: dict[Value, list[int]] = {}
    for n, row in enumerate(rows):
        if not row.is_total:
            parts.setdefault(row.cells.get(section), []).append(n)
    totals = [n for n, row in enumerate(rows) if row.is_total]
    for column in columns:
        for total in totals:
            for numbers in parts.values():
                yield Sum((total, column.key), tuple((n, column.key) for n in numbers))


def _across(rows: Sequence[Row], columns: Sequence[Column]) -> Iterator[Sum]:
    """In each line the columns beneath a merged header add up to its 小计."""
    groups = {column.group for column in columns if column.group}
    for group in sorted(groups):
        whole = [one.key for one in columns if one.group == group and one.title == _SUBTOTAL]
        parts = [one.key for one in columns if one.group == group and one.title != _SUBTOTAL]
        for n in range(len(rows)) if len(whole) == 1 else ():
            yield Sum((n, whole[0]), tuple((n, part) for part in parts))


def _holds(one: Sum, values: Mapping[Cell, int]) -> bool:
    """Whether it is a sum: who is of no kind, or was counted twice, makes it none."""
    return values.get(one.whole) == sum(values.get(part, 0) for part in one.parts)


def _row(number: int, row: Row, columns: Sequence[Column], hidden: frozenset[Cell]) -> Row:
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
        return HIDDEN if is_small(value) else CONCEALED
    is_worked_out = column.unit in {Unit.PERCENT, Unit.DAYS, Unit.WORKING_DAYS, Unit.YUAN}
    return CONCEALED if is_worked_out and value is not None else value
