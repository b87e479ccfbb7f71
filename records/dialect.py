"""Statements that SQLAlchemy spells differently for each database, or too slowly for many rows."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from functools import cache
from itertools import repeat
from typing import Any

from sqlalchemy import Column, Connection, Dialect, LargeBinary, Table, bindparam
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session

Insert = postgresql.Insert | sqlite.Insert
_COPIED = 500  # rows: for fewer, finding out the types costs more


def insert(session: Session, table: Table) -> Any:
    """The dialect's own INSERT, which knows ON CONFLICT."""
    return insert_of(session.connection().dialect.name, table)


def insert_of(dialect: str, table: Table) -> Any:
    """The same, for statements that are built before there is a session."""
    return sqlite.insert(table) if dialect == "sqlite" else postgresql.insert(table)


def insert_or_ignore(session: Session, table: Table, unique: Sequence[str] = ()) -> Any:
    """INSERT that leaves the row alone which is already there.

    Without `unique`, by whatever keeps it unique: partitions have no index over all of them.
    """
    return _ignoring(session.connection().dialect.name, table, tuple(unique))


@cache
def _ignoring(dialect: str, table: Table, unique: tuple[str, ...]) -> Any:
    return insert_of(dialect, table).on_conflict_do_nothing(index_elements=unique or None)


def matching(
    session: Session, wanted: Column[Any], column: Column[Any], keys: Collection[str]
) -> set[str]:
    """`wanted` of the rows whose `column` is one of many keys: no statement is compiled for it."""
    if not keys:
        return set()
    connection = session.connection()
    head = f"SELECT {wanted.name} FROM {column.table.name} WHERE {column.name}"
    if connection.dialect.name == "sqlite":
        marks = ",".join("?" * len(keys))
        found = connection.exec_driver_sql(f"{head} IN ({marks})", tuple(keys))
    else:
        found = connection.exec_driver_sql(f"{head} = ANY($1::VARCHAR[])", (list(keys),))
    return set(found.scalars())


def insert_many(
    session: Session, table: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """INSERT of many rows, each a tuple in the order of `names`: half the time of dictionaries."""
    if not rows:
        return
    connection = session.connection()
    statement, processors = _prepared(connection.dialect, table, tuple(names))
    given = dict(zip(names, zip(*rows, strict=True), strict=True))
    columns = [_bound(process, given[name]) for name, process in processors]
    made = list(zip(*columns, strict=True))
    if connection.dialect.name == "postgresql" and len(made) >= _COPIED:
        _copy(connection, table.name, [name for name, _ in processors], made)
    else:
        connection.exec_driver_sql(statement, made)


def _copy(
    connection: Connection, table: str, names: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    """COPY, in the transaction: PostgreSQL takes many rows at half the cost."""
    connection.exec_driver_sql("SELECT 1")  # the driver begins one with its first statement
    driver: Any = connection.connection.dbapi_connection
    driver.run_async(lambda own: own.copy_records_to_table(table, records=rows, columns=names))


def _bound(process: Callable[[Any], Any] | None, column: Sequence[Any]) -> Iterable[Any]:
    """What the driver takes; a value that is the same in every row is worked out once."""
    if process is None:
        return column
    first = column[0]
    if all(value is first for value in column):  # equal is not enough: 1 is equal to True
        return repeat(process(first), len(column))
    return map(process, column)


@cache
def _prepared(
    dialect: Dialect, table: Table, names: tuple[str, ...]
) -> tuple[str, list[tuple[str, Any]]]:
    """The statement; in its order, the names and what makes each value what the driver takes."""
    statement = table.insert().values({name: bindparam(name) for name in names})
    compiled = statement.compile(dialect=dialect, column_keys=list(names))
    order = compiled.positiontup or names
    return str(compiled), [(name, _processor(table.c[name], dialect)) for name in order]


def _processor(column: Column[Any], dialect: Dialect) -> Any:
    if isinstance(column.type, LargeBinary):
        return None  # both drivers take bytes as they are
    return column.type.dialect_impl(dialect).bind_processor(dialect)
