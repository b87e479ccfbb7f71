"""Engines as we want them, and the address that each kind of database is reached by."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL

from records import drawing

_FOR_SQLALCHEMY = (
    "prepared_statement_cache_size",
    "prepared_statement_name_func",
    "async_fallback",
)
_AGAIN = 0.01  # seconds between two tries to open a file that others open as well


def normal_url(url: str) -> URL:
    """The address with the driver that we use: asyncpg for every spelling of PostgreSQL."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return parsed.set(drivername="sqlite")
    if parsed.drivername in {"postgres", "postgresql", "postgresql+asyncpg"}:
        return parsed.set(drivername="postgresql+asyncpg")
    raise ValueError(f"a database of kind {parsed.drivername!r} is not supported")


def file_of(url: str) -> Path | None:
    """Where an embedded database is, the whole path; None where it is no file."""
    address = normal_url(url)
    name = address.database if address.get_backend_name() == "sqlite" else None
    return Path(name).absolute() if name and name != ":memory:" else None


def missing(url: str) -> Path | None:
    """The file of an embedded database that is not there: whoever opened it would make one."""
    file = file_of(url)
    return None if file is None or file.exists() else file


def connecting(url: URL) -> dict[str, Any]:
    """The same address for the driver alone: what asyncpg is to be called with."""
    _, options = url.get_dialect()().create_connect_args(url)
    from records.watchful import watchful  # the embedded default does without the driver

    own = {name: value for name, value in options.items() if name not in _FOR_SQLALCHEMY}
    return {**watchful(), **own}


def sqlite_engine(url: URL, begin: str, patience: float) -> Engine:
    """A door to an embedded file whose transactions begin by `begin`."""
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "timeout": 0}, **common_settings()
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # transactions are ours to begin
        connection.execute(f"PRAGMA busy_timeout={int(patience * 1000)}")
        _keep_a_log(connection, patience)
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "wal_autocheckpoint=4000",
        ):
            connection.execute(f"PRAGMA {pragma}")
        connection.create_function("drawn", 1, drawing.draw, deterministic=True)

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _keep_a_log(connection: Any, patience: float) -> None:
    """Switch to WAL, for which a new file that several open at once does not wait by itself."""
    end = time.monotonic() + patience
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() > end:
                raise
            time.sleep(_AGAIN)


def common_settings() -> dict[str, Any]:
    """What every engine is made with."""
    # The default serializer escapes Chinese keys, which breaks JSON paths on SQLite; errors must
    # not quote what people wrote.
    return {
        "hide_parameters": True,
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
    }
