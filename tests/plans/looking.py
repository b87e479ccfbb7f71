"""One large database: filled, and every hot call explained on it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlmodel import Session

from records import partitions, schema
from records.database import Database
from records.engines import common_settings, normal_url, sqlite_engine
from records.partitioning import partition
from tests.plans.calls import Call, most
from tests.plans.filling import fill
from tests.plans.seeing import Seen, seen

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Look:
    """A call of the program, and what its statements on the large tables cost."""

    call: str
    statements: list[Seen]


async def look(url: str, rows: int, calls: Mapping[str, Call], *, parts: int = 0) -> list[Look]:
    """Migrate a database, fill it if it is empty, and explain these calls on it.

    With `parts` both tables are in so many partitions (PostgreSQL), and some that are empty.
    """
    database = Database(url)
    await schema.migrate(database)
    if parts and await partition(database, rows // parts + 1):  # none holds the last one alone
        await database.run(_make_room, rows)
    await database.close()
    await _with(url, lambda connection: _fill(connection, rows))
    return await _with(url, lambda connection: _looks(connection, calls))


def faults(looks: Iterable[Look], rows: int) -> list[str]:
    """What reads a whole table of so many rows, or more of them than it should."""
    return [
        f"{one.call}: {', '.join(part.nodes)}, {part.rows} rows: {part.statement}"
        for one in looks
        for part in one.statements
        if part.is_whole or (part.rows or 0) > most(one.call, rows)
    ]


def _make_room(session: Session, rows: int) -> None:
    for table in partitions.TABLES:
        session.execute(text(f"SELECT setval('{table}_id_seq', {rows})"))
    partitions.renew(session)
    for table in partitions.TABLES:
        session.execute(text(f"SELECT setval('{table}_id_seq', 1, false)"))


def _fill(connection: Connection, rows: int) -> None:
    if connection.execute(text("SELECT max(id) FROM outbox")).scalar() is not None:
        return
    with Session(connection) as session:
        fill(session, rows)
        session.commit()
    connection.commit()
    _analyze(connection)


def _analyze(connection: Connection) -> None:
    for table in ("inbound", "outbox"):
        connection.execute(text(f"ANALYZE {table}"))
    connection.commit()


def _looks(connection: Connection, calls: Mapping[str, Call]) -> list[Look]:
    with Session(connection) as session:
        found = [Look(name, seen(session, call)) for name, call in calls.items()]
        session.rollback()
    return found


async def _with(url: str, work: Callable[[Connection], T]) -> T:
    """Do it on a connection that knows no patience and no group commits."""
    address = normal_url(url)
    if address.get_backend_name() == "sqlite":
        engine = sqlite_engine(address, "BEGIN IMMEDIATE", 5)
        with engine.connect() as connection:
            done = work(connection)
        engine.dispose()
        return done
    server = create_async_engine(address, **common_settings())
    async with server.connect() as held:
        done = await held.run_sync(work)
    await server.dispose()
    return done
