"""Trying something on everything that is stored, and throwing away whatever it wrote."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

from records.database import Database, StoreUnavailable

T = TypeVar("T")


async def run(database: Database, function: Callable[..., T], *args: Any) -> T:
    """`function(session, *args)` in one transaction that is not kept, and that nobody waits for.

    An embedded database has one writer: there it is run on a copy.
    """
    name = database.url.database
    if not database.is_sqlite or name in (None, "", ":memory:"):
        return await database.read(function, *args)
    source = Path(str(name))
    with tempfile.TemporaryDirectory(prefix=".trial-", dir=source.parent) as folder:
        target = Path(folder) / "copy.db"
        await asyncio.to_thread(_copy, source, target)
        copy = Database(f"sqlite:///{target}")
        try:
            return await copy.read(function, *args)
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
