"""A table as it is laid out, whatever it is written as: header, body, words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from outreach.reports.table import Column, Row, Table, Unit, Value

_WIDE = 12  # columns; beyond that it is printed on A3
_MANY = 18  # columns; then each must do with little
_NARROW, _MOST = 8, 32  # signs in a column, at least and at most
_NUMBERS = 6  # signs of a running number
_HEADED = 18  # signs that a title may ask for, and where there are many columns
_HEADED_OF_MANY = 10


@dataclass(frozen=True, slots=True)
class Head:
    """A cell of the header: where it begins, and over how many lines and columns it goes."""

    text: str
    line: int
    column: int
    lines: int = 1
    columns: int = 1


def header(columns: Sequence[Column]) -> list[Head]:
    """The cells of the header, line by line; a unit is said once, as high as it holds."""
    depth = lines_of(columns)
    upper, lower = [], []
    at = 0
    for _, group in groupby(enumerate(columns), lambda one: one[1].group or one[0]):
        members = [column for _, column in group]
        if members[0].group:
            unit = _shared(members)
            upper.append(Head(_with(members[0].group, unit), 0, at, 1, len(members)))
            for place, one in enumerate(members, at):
                lower.append(Head(_with(one.title, Unit.NONE if unit else one.unit), 1, place))
        else:
            upper.append(Head(titled(members[0]), 0, at, depth))
        at += len(members)
    return [*upper, *lower]


def lines_of(columns: Sequence[Column]) -> int:
    """How many lines the header has."""
    return 2 if any(one.group for one in columns) else 1


def titled(column: Column) -> str:
    """A column's title with its unit, as for where there is no second line."""
    return _with(column.title, column.unit)


def flat(columns: Sequence[Column]) -> list[str]:
    """The header in one line: the group before the title."""
    names = {(one.line, one.column): one.text for one in header(columns)}
    texts = []
    group = ""
    for place, column in enumerate(columns):
        group = names.get((0, place), group)
        texts.append(f"{group} {names[1, place]}" if column.group else group)
    return texts


def body(table: Table) -> list[Row]:
    """The rows; empty ones fill up the lines of the printed form, the total stays last."""
    rows = [row for row in table.rows if not row.is_total]
    rows += [Row({})] * (table.lines - len(rows))
    return [*rows, *(row for row in table.rows if row.is_total)]


def shown(value: Value) -> str:
    """A value as people read it; nothing for what is not known."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return value.isoformat() if isinstance(value, date) else str(value)


def paper(table: Table) -> str:
    """On which paper it is printed, across."""
    return "A3" if len(table.columns) > _WIDE else "A4"


def widths(table: Table) -> list[float]:
    """How wide each column is, in signs: as its longest text wants, within reason."""
    titles = {one.column: one.text for one in header(table.columns) if one.columns == 1}
    most = _HEADED_OF_MANY if len(table.columns) > _MANY else _HEADED
    return [
        _width_of(column, table, _headed(titles.get(place, column.title), most))
        for place, column in enumerate(table.columns)
    ]


def width(text: str) -> int:
    """How wide a text is, in signs: a Chinese one takes two."""
    return sum(2 if ord(sign) > 0xFF else 1 for sign in text)


def name_of(table: Table, row: Row) -> str:
    """What a line is called: its first words, after the running number."""
    return next((shown(row.cells.get(one.key)) for one in table.columns if one.key != "no"), "")


def is_number(value: Value) -> bool:
    """Whether a value stands at the right of its cell."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _headed(title: str, most: int) -> float:
    """What a title asks for: one line, or as many as fit into what it may have."""
    wanted = width(title) + 2
    return wanted if wanted <= most else max(most - _NARROW / 2, min(wanted / 2 + 1, most))


def _width_of(column: Column, table: Table, headed: float) -> float:
    longest = max([width(shown(row.cells.get(column.key))) for row in table.rows] or [0])
    least = _NUMBERS if column.key == "no" else _NARROW
    return min(max(longest + 3, least, headed), _MOST)


def _shared(members: Sequence[Column]) -> Unit:
    units = {one.unit for one in members}
    return units.pop() if len(units) == 1 else Unit.NONE


def _with(title: str, unit: Unit) -> str:
    said = f"（{unit.value}）"
    return title if not unit.value or title.endswith(said) else f"{title}{said}"
