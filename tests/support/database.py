"""PostgreSQL databases for tests: each a copy of one migrated template."""

from __future__ import annotations

import itertools
import os
from urllib.parse import quote

import asyncpg

from records import schema
from records.database import Database

_numbers = itertools.count(1)
_prepared: set[str] = set()


def with_name(url: str, name: str) -> str:
    """The same server, another database."""
    head, _, tail = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{quote(name)}" + (f"?{tail}" if tail else "")


async def fresh(url: str) -> str:
    """A new migrated database on the server at `url`; its address."""
    template = f"guiyan_template_{os.getpid()}"
    if url not in _prepared:
        await _make(url, template)
        _prepared.add(url)
    name = f"guiyan_{os.getpid()}_{next(_numbers)}"
    await _execute(url, f"CREATE DATABASE {name} TEMPLATE {template}")
    return with_name(url, name)


async def empty(url: str) -> str:
    """A new database without any table; its address."""
    name = f"guiyan_{os.getpid()}_{next(_numbers)}"
    await _execute(url, f"CREATE DATABASE {name}")
    return with_name(url, name)


async def _make(url: str, template: str) -> None:
    await _execute(url, f"DROP DATABASE IF EXISTS {template}")
    await _execute(url, f"CREATE DATABASE {template}")
    database = Database(with_name(url, template))
    await schema.migrate(database)
    await database.close()


async def drop(url: str, name_url: str) -> None:
    """Remove a database made by `fresh` or `empty`."""
    name = name_url.partition("?")[0].rsplit("/", 1)[1]
    await _execute(url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()
