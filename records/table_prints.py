"""What a table holds, as a count and a hash that is the same on every kind of database."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from sqlalchemy import Table, select
from sqlmodel import Session

_AT_ONCE = 200  # rows in memory: a row may hold a picture
_WHOLE = 2**256


@dataclass(frozen=True, slots=True)
class TablePrint:
    """How many rows, and the sum of their hashes: no order of the rows changes it."""

    rows: int
    hash: str


def print_of(session: Session, table: Table) -> TablePrint:
    """Read every row of the table."""
    query = select(*_columns(table))
    found = session.connection().execute(query, execution_options={"yield_per": _AT_ONCE})
    count = total = 0
    for row in found:
        count += 1
        total += int.from_bytes(hashlib.sha256(_canonical(row)).digest())
    return TablePrint(count, f"{total % _WHOLE:064x}")


def _columns(table: Table) -> list[Any]:
    """In the order of their names: databases may have them in different ones."""
    return sorted(table.columns, key=lambda column: column.name)


def _canonical(row: Sequence[Any]) -> bytes:
    """The values as JSON: moments in UTC, keys in order, bytes as hex; NULL is not ""."""
    return orjson.dumps(list(row), _hex, orjson.OPT_SORT_KEYS)


def _hex(value: object) -> str:
    if isinstance(value, bytes):
        return f"bytes {value.hex()}"
    raise TypeError(f"a value of type {type(value).__name__} has no canonical form")
