"""Trying something on everything that is stored, and throwing away whatever it wrote."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any, TypeVar

from records.database import Database, StoreUnavailable

T = TypeVar("T")


async def run(database: Database, function: Callable[..., T], *args: Any) -> T:
    """`function(session, *args)` in one transaction that is not kept, and that nobody waits for.

    An embedded database has one writer: there it is run on a copy.
    """
    if not _is_file(database):
        return await database.read(function, *args)
    async with _copied(database) as copy:
        return await copy.read(function, *args)


@asynccontextmanager
async def opened(database: Database) -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    """A way to run several functions one after the other, nothing of which is kept.

    On a copy each sees what those before wrote; on a server, where others would have to wait for
    so long, each stands alone.
    """
    if not _is_file(database):
        yield database.read
        return
    async with _copied(database) as copy:
        yield copy.run


def _is_file(database: Database) -> bool:
    return database.is_sqlite and database.url.database not in (None, "", ":memory:")


@asynccontextmanager
async def _copied(database: Database) -> AsyncIterator[Database]:
    source = Path(str(database.url.database))
    with tempfile.TemporaryDirectory(prefix=".trial-", dir=source.parent) as folder:
        target = Path(folder) / "copy.db"
        await asyncio.to_thread(_copy, source, target)
        copy = Database(f"sqlite:///{target}")
        try:
            yield copy
        finally:
            await copy.close()


def _copy(source: Path, target: Path) -> None:
    try:
        with closing(sqlite3.connect(source, timeout=5)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as fault:
        raise StoreUnavailable(
            f"no copy of {source} can be made to try it on ({fault}): is there room on the disk?"
        ) from fault
