"""A table as it is kept until it is looked at: JSON, sealed with the work that made it."""

from __future__ import annotations

from datetime import date
from typing import Any

import orjson

from outreach.reports.table import Column, Row, Table, Unit, Value

_DAY = "day"


def packed(table: Table) -> bytes:
    """The table as bytes."""
    return orjson.dumps(
        {
            "title": table.title,
            "heading": table.heading,
            "subtitle": table.subtitle,
            "lines": table.lines,
            "notes": list(table.notes),
            "beside": list(table.beside),
            "columns": [
                [one.key, one.title, one.unit.value, one.group, one.is_personal]
                for one in table.columns
            ],
            "rows": [_row(row) for row in table.rows],
        }
    )


def unpacked(data: bytes) -> Table:
    """The table again."""
    told = orjson.loads(data)
    return Table(
        title=told["title"],
        heading=told["heading"],
        subtitle=told["subtitle"],
        lines=told["lines"],
        notes=tuple(told["notes"]),
        beside=tuple(told["beside"]),
        columns=tuple(
            Column(key, title, Unit(unit), group, is_personal)
            for key, title, unit, group, is_personal in told["columns"]
        ),
        rows=tuple(_read(row) for row in told["rows"]),
    )


def _row(row: Row) -> list[Any]:
    cells = {key: _written(value) for key, value in row.cells.items()}
    return [cells, dict(row.opens), row.area, row.subject, row.is_total]


def _read(told: list[Any]) -> Row:
    cells, opens, area, subject, is_total = told
    return Row({key: _value(one) for key, one in cells.items()}, opens, area, subject, is_total)


def _written(value: Value) -> Any:
    return {_DAY: value.isoformat()} if isinstance(value, date) else value


def _value(told: Any) -> Value:
    return date.fromisoformat(told[_DAY]) if isinstance(told, dict) else told
