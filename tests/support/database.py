"""Databases for tests: each a copy of one migrated template of its kind."""

from __future__ import annotations

import itertools
import os
import tempfile
from pathlib import Path
from urllib.parse import quote

import asyncpg

from records import schema
from records.database import Database
from records.partitioning import partition
from tests.support.quick_disk import quick_folder

_numbers = itertools.count(1)
_prepared: set[str] = set()
_file: list[bytes] = []  # the migrated SQLite file, once it has been made


async def fresh_file(path: Path) -> str:
    """A new migrated SQLite database at `path`; its address."""
    if not _file:
        _file.append(await _migrated_file())
    _write(path, _file[0])
    return f"sqlite:///{path}"


async def _migrated_file() -> bytes:
    with tempfile.TemporaryDirectory(dir=quick_folder()) as folder:
        path = Path(folder) / "template.db"
        await _migrate(f"sqlite:///{path}")
        return _read(path)


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _read(path: Path) -> bytes:
    return path.read_bytes()


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
    await _migrate(with_name(url, template))


async def migrate(url: str) -> None:
    """Bring a database to the schema of the day."""
    database = Database(url)
    await schema.migrate(database)
    await database.close()


async def _migrate(url: str) -> None:
    await migrate(url)
    database = Database(url)
    if (size := os.environ.get("GUIYAN_TEST_PARTITIONS")) and not database.is_sqlite:
        await partition(database, int(size))
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
