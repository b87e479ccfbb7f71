"""Two rows in every table, of every type of column: one full, one with all that may be empty."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, Float, Integer, LargeBinary, Table

from records.database import Session
from records.dialect import insert_many
from records.schema import METADATA
from records.types import UtcDateTime

TABLES = METADATA.sorted_tables
FIRST_ID = 41


def fill(session: Session) -> None:
    """Rows that say nothing, but whose values are easily bent on their way."""
    for table in TABLES:
        rows = [tuple(_value(c, n) for c in table.columns) for n in (0, 1)]
        insert_many(session, table, table.columns.keys(), rows)


def _value(column: Column[Any], number: int) -> Any:
    if column.nullable and number == 1:
        return None
    kind = column.type
    if isinstance(kind, UtcDateTime):
        return datetime(2026, 2, 28, 15, 59, 59, 999999 - number, UTC)
    if isinstance(kind, Date):
        return date(2024, 2, 29 - number)
    if isinstance(kind, JSON):
        return {"返乡": [number, 0.1, None, True, "\u2028\\"], "a": {}}
    if isinstance(kind, LargeBinary):
        return bytes([number, 0, 255, 39, 92])
    return _plain(column, number)


def _plain(column: Column[Any], number: int) -> Any:
    if isinstance(column.type, Boolean):
        return bool(number)
    if isinstance(column.type, Float):
        return 0.1 + number
    if isinstance(column.type, Integer):
        return FIRST_ID + number
    return f"{number}归\t'\\\n𠮷"[: getattr(column.type, "length", None)]


def highest_ids() -> dict[str, str]:
    """Tables whose rows are numbered by the database, with the column."""
    numbered = {table.name: _numbered(table) for table in TABLES}
    return {name: column for name, column in numbered.items() if column}


def _numbered(table: Table) -> str:
    column = table.autoincrement_column
    return "" if column is None else column.name
