"""Copies an embedded database to PostgreSQL, page by page; a move that was killed goes on.

Each page is committed together with its bookmark, in a table that the target has only meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import asyncpg
from sqlalchemy import (
    BigInteger,
    Column,
    LargeBinary,
    MetaData,
    String,
    Table,
    func,
    insert,
    inspect,
    literal_column,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from records import schema
from records.database import Database
from records.dialect import insert_many
from records.store_faults import is_away
from records.table_prints import TablePrint, print_of

_ROWS, _BYTES = 5000, 4_000_000  # of a page, whichever comes first
_AT_ONCE = 200
_ROWID = literal_column("rowid", BigInteger)  # SQLite's own key: the order in which rows lie
_BOOKMARKS = Table(
    schema.BOOKMARKS,
    MetaData(),  # of its own: it is no table of the service
    Column("name", String, primary_key=True),
    Column("last", BigInteger, nullable=False),  # the rowid up to which all is copied
    Column("rows", BigInteger, nullable=False),
    Column("highest", BigInteger, nullable=False),  # how the source stood as the move began
    Column("last_given", BigInteger, nullable=False),
    Column("copied", BigInteger, nullable=False),
)
# A column that draws no numbers has no sequence: then nothing is set.
_GO_ON = text("SELECT setval(pg_get_serial_sequence(:table, :column), :given)")
TABLES: tuple[Table, ...] = tuple(schema.METADATA.sorted_tables)  # what others refer to first

Tell = Callable[[int, int], None]


class MoveRefused(Exception):
    """The data cannot be moved like this; one sentence for operators."""


@dataclass(frozen=True, slots=True)
class Stand:
    """A table of the source as the move began; `given` is the highest id that was ever given."""

    rows: int
    highest: int
    given: int


@dataclass(frozen=True, slots=True)
class Bookmark:
    """How far the copy of a table is."""

    stand: Stand
    last: int = 0
    copied: int = 0


@dataclass(frozen=True, slots=True)
class Compared:
    """A table on both sides."""

    name: str
    source: TablePrint
    target: TablePrint

    @property
    def is_equal(self) -> bool:
        return self.source == self.target


@dataclass(frozen=True, slots=True)
class _Page:
    rows: list[tuple[Any, ...]]
    rowids: list[int]


async def begin(source: Database, target: Database) -> dict[str, Bookmark]:
    """How far each table is; MoveRefused where the two do not fit together."""
    if not source.is_sqlite or target.is_sqlite:
        raise MoveRefused("a move goes from SQLite to PostgreSQL: the other way is not known")
    await _check_version(source, "the SQLite file", "run `guiyan migrate` first")
    if await schema.version(target) == "":
        await schema.migrate(target)
    await _check_version(target, "the target", "give an empty database")
    return await target.run(_begun, await source.read(_stands))


async def copy(
    source: Database, target: Database, marks: Mapping[str, Bookmark], tell: Tell
) -> None:
    """Copy what is not there yet; `tell` hears the rows copied so far, of how many."""
    done, whole = sum(m.copied for m in marks.values()), sum(m.stand.rows for m in marks.values())
    for table in TABLES:
        page = await source.read(_page, table, marks[table.name].last)
        while page.rows:
            page, added = await asyncio.gather(
                source.read(_page, table, page.rowids[-1]), target.run(_put, table, page)
            )
            done += added
            tell(done, whole)
    await target.run(_settle, marks)


async def compare(source: Database, target: Database, table: Table) -> Compared:
    """Read the table on both sides."""
    of_source, of_target = await asyncio.gather(
        source.read(print_of, table), target.read(print_of, table)
    )
    return Compared(table.name, of_source, of_target)


async def end(target: Database) -> None:
    """Take the bookmarks away: from now on it is a database like any other."""
    await target.run(lambda session: _BOOKMARKS.drop(session.connection()))


async def _check_version(database: Database, which: str, mend: str) -> None:
    version = await schema.version(database)
    if version != schema.HEAD:
        raise MoveRefused(
            f"{which} has schema {version or 'none'}, this program {schema.HEAD}: {mend}"
        )


def _stands(session: Session) -> dict[str, Stand]:
    connection = session.connection()
    known = connection.execute(text("SELECT name, seq FROM sqlite_sequence"))
    given = {row.name: row.seq for row in known}
    stands = {}
    for table in TABLES:
        query = select(func.count(), func.coalesce(func.max(_ROWID), 0)).select_from(table)
        rows, highest = connection.execute(query).one()
        stands[table.name] = Stand(rows, highest, max(highest, given.get(table.name, 0)))
    return stands


def _begun(session: Session, stands: Mapping[str, Stand]) -> dict[str, Bookmark]:
    """Put bookmarks into an empty target, or find those of the same move."""
    connection = session.connection()
    if inspect(connection).has_table(_BOOKMARKS.name):
        return _found(session, stands)
    for table in TABLES:
        if connection.execute(select(1).select_from(table).limit(1)).first():
            raise MoveRefused(
                f"the target is not empty: there are rows in {table.name}; give an empty database"
            )
    _BOOKMARKS.create(connection)
    marks = {name: Bookmark(stand) for name, stand in stands.items()}
    connection.execute(insert(_BOOKMARKS), [_as_row(name, mark) for name, mark in marks.items()])
    return marks


def _found(session: Session, stands: Mapping[str, Stand]) -> dict[str, Bookmark]:
    rows = session.connection().execute(select(_BOOKMARKS))
    marks = {
        row.name: Bookmark(Stand(row.rows, row.highest, row.last_given), row.last, row.copied)
        for row in rows
    }
    changed = sorted(
        name for name, stand in stands.items() if name not in marks or marks[name].stand != stand
    )
    if changed:
        raise MoveRefused(
            f"the target was begun from another database, or this one was written to since (table "
            f"{changed[0]}): give an empty database, and keep the service stopped"
        )
    return marks


def _as_row(name: str, mark: Bookmark) -> dict[str, Any]:
    stand = mark.stand
    counted = {"rows": stand.rows, "highest": stand.highest, "last_given": stand.given}
    return {"name": name, "last": mark.last, "copied": mark.copied, **counted}


def _page(session: Session, table: Table, after: int) -> _Page:
    """The next rows of the source, few where they are heavy."""
    heavy = [n for n, c in enumerate(table.columns, 1) if isinstance(c.type, LargeBinary)]
    query = select(_ROWID, table).where(after < _ROWID).order_by(_ROWID).limit(_ROWS)
    page, weight = _Page([], []), 0
    found = session.connection().execute(query, execution_options={"yield_per": _AT_ONCE})
    with found:
        for row in found:
            page.rowids.append(row[0])
            page.rows.append(tuple(row[1:]))
            weight += sum(len(row[n] or b"") for n in heavy)
            if weight > _BYTES:
                break
    return page


def _put(session: Session, table: Table, page: _Page) -> int:
    """Copy a page and move its bookmark, both or neither; how many rows."""
    if not _is_taken(session, table, page.rows):
        raise MoveRefused(_refusal(session, table, page))
    moved = update(_BOOKMARKS).where(_BOOKMARKS.c.name == table.name)
    copied = _BOOKMARKS.c.copied + len(page.rows)
    session.connection().execute(moved.values(last=page.rowids[-1], copied=copied))
    return len(page.rows)


def _is_taken(session: Session, table: Table, rows: list[tuple[Any, ...]]) -> bool:
    """False, and nothing done, where PostgreSQL refuses one of them."""
    try:
        with session.connection().begin_nested():
            insert_many(session, table, table.columns.keys(), rows)
    except (DBAPIError, asyncpg.PostgresError, asyncpg.InterfaceError) as fault:
        if is_away(fault):
            raise
        return False
    return True


def _refusal(session: Session, table: Table, page: _Page) -> str:
    """Which row it is: tried one by one; what is in it is not told."""
    rows = zip(page.rowids, page.rows, strict=True)
    rowid = next((n for n, row in rows if not _is_taken(session, table, [row])), page.rowids[0])
    return (
        f"PostgreSQL does not take the row of {table.name} with rowid {rowid}: a text in it is "
        "too long for its column, holds a NUL character, or a row of the same key is there; mend "
        "it in the SQLite file and give the command again"
    )


def _settle(session: Session, marks: Mapping[str, Bookmark]) -> None:
    """New rows get ids that were never given; the planner knows what there is."""
    connection = session.connection()
    for table in TABLES:
        column, given = table.autoincrement_column, marks[table.name].stand.given
        if column is not None and given:
            which = {"table": f'"{table.name}"', "column": column.name}
            connection.execute(_GO_ON, {**which, "given": given})
    connection.exec_driver_sql("ANALYZE")
