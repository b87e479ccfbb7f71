"""Partitions of what came in and what goes out, by id (PostgreSQL): made ahead, dropped empty.

`records/partitioning.py` makes them of a table that is whole. What is unique over all partitions,
the table `…_keys` sees to (docs/decisions/0015).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from sqlalchemy import text
from sqlmodel import Session

TABLES = ("inbound", "outbox")
AHEAD = 3  # partitions that wait for rows: the last resort takes what comes beyond them
_END = re.compile(r"TO \('(\d+)'\)")
_PARTS = text(
    "SELECT one.relname, pg_get_expr(one.relpartbound, one.oid) "
    "FROM pg_inherits JOIN pg_class one ON one.oid = inhrelid "
    "WHERE inhparent = to_regclass(:table) AND one.relispartition"
)
_PATIENCE = "SET LOCAL lock_timeout = '2s'"  # everybody waits behind who waits for a table


@dataclass(frozen=True, slots=True)
class Partition:
    """Holds the ids below `end` that those before it do not."""

    name: str
    end: int


def of(session: Session, table: str) -> list[Partition]:
    """The partitions of a table, oldest first; none where it is whole."""
    if session.connection().dialect.name == "sqlite":
        return []
    found = [
        Partition(name, int(end[1]))
        for name, bounds in session.execute(_PARTS, {"table": table})
        if (end := _END.search(bounds))
    ]
    return sorted(found, key=lambda one: one.end)


def rest(table: str) -> str:
    """The partition of ids for which there is none: nothing is turned away."""
    return f"{table}_rest"


def renew(session: Session) -> dict[str, int]:
    """Make those that will be wanted, drop those that are over and empty; how many of each."""
    if session.connection().dialect.name == "sqlite":
        return {"made": 0, "dropped": 0}
    session.execute(text(_PATIENCE))
    return {
        "made": sum(_make_ahead(session, table) for table in TABLES),
        "dropped": sum(_drop_empty(session, table) for table in TABLES),
    }


def make(table: str, first: int, size: int) -> str:
    """The statement that makes the partition of `size` ids from `first` on."""
    return (
        f"CREATE TABLE {table}_{first} PARTITION OF {table} "
        f"FOR VALUES FROM ({first}) TO ({first + size})"
    )


def _make_ahead(session: Session, table: str) -> int:
    firsts = list(_wanted(session, table, of(session, table)))
    for first, size in firsts:
        session.execute(text(make(table, first, size)))
    return len(firsts)


def _wanted(session: Session, table: str, parts: list[Partition]) -> Iterator[tuple[int, int]]:
    """First id and size of each that is to be made."""
    if len(parts) < 2:
        return
    size = parts[-1].end - parts[-2].end
    astray = int(session.execute(text(f"SELECT max(id) FROM {rest(table)}")).scalar() or 0)
    first = max(parts[-1].end, (astray // size + 1) * size if astray else 0)
    while first < _last(session, table) + AHEAD * size:
        yield first, size
        first += size


def _drop_empty(session: Session, table: str) -> int:
    parts, last = of(session, table), _last(session, table)
    over = takewhile(lambda one: one.end <= last and _is_empty(session, one.name), parts[:-AHEAD])
    names = [one.name for one in over]
    for name in names:
        session.execute(text(f"DROP TABLE {name}"))
    return len(names)


def _is_empty(session: Session, name: str) -> bool:
    return session.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).scalar() is None


def _last(session: Session, table: str) -> int:
    """The newest id that was given away."""
    return int(session.execute(text(f"SELECT last_value FROM {table}_id_seq")).scalar_one())
