"""SQLite or PostgreSQL behind one door: reads side by side, writes joined into group commits."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.engine import URL
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlmodel import Session as Session  # for the packages above, which know no SQL

from records.engines import common_settings, normal_url, sqlite_engine
from records.store_faults import is_away, is_deadlock, sentence

log = logging.getLogger("guiyan.records")

T = TypeVar("T")
R = TypeVar("R")
Work = Callable[[Session, list[Any]], list[Any]]

_GROUP = 500  # most pieces of work in one transaction
_READERS = 2
_TRIES = 3  # of a transaction that PostgreSQL undoes for another one's sake
_LOOKED_AT = 1000  # rows of each index: a fraction of a second however much there is
_GATHER_SECONDS = 0.002  # what comes within this joins the first: a commit costs about as much


class StoreUnavailable(Exception):
    """The database cannot be used now; the message says why and how to mend it."""


@dataclass(slots=True)
class _Piece:
    work: Work
    item: Any
    result: asyncio.Future[Any]


class _Engine(Protocol):
    lanes: int

    async def write(self, function: Callable[[Session], T]) -> T: ...
    async def read(self, function: Callable[[Session], T]) -> T: ...
    async def analyse(self) -> None: ...
    async def close(self) -> None: ...


class Database:
    """Runs plain, synchronous functions that take a session.

    `run` and `batch` write; whatever waits while a commit is under way shares the next one, so a
    durable commit is paid once for many messages. `read` never waits for a writer.
    """

    def __init__(self, url: str, *, lock_patience: float = 5.0) -> None:
        self.url = normal_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._engine: _Engine = (
            _Sqlite(self.url, lock_patience) if self.is_sqlite else _Postgres(self.url)
        )
        self._waiting: list[_Piece] = []
        self._work_came = asyncio.Event()
        self._lanes: list[asyncio.Task[None]] = []
        self._reserved: IO[bytes] | None = None
        # Told of each piece of work that is durable: what, of what, its result, begun when (ns).
        self.watch: Callable[[Work, Any, Any, int], None] | None = None
        # Told each time that the store could not be used.
        self.on_fault: Callable[[], None] = lambda: None

    async def run(self, function: Callable[..., T], *args: Any) -> T:
        """Run `function(session, *args)` in a transaction that is durable when this returns."""
        result: T = await self.batch(_one_by_one(function), args)
        return result

    async def batch(self, work: Callable[[Session, list[T]], list[R]], item: T) -> R:
        """Hand `item` to `work(session, items)` together with what else waits for the same work.

        `work` returns one result per item, in order. When a group fails, its pieces are tried
        one by one, so that one bad piece spoils no other.
        """
        self._start_lanes()
        piece = _Piece(work, item, asyncio.get_running_loop().create_future())
        self._waiting.append(piece)
        self._work_came.set()
        if self.watch is None:
            found: R = await piece.result
            return found
        began = time.time_ns()
        result: R = await piece.result
        self.watch(work, item, result, began)
        return result

    async def read(self, function: Callable[..., T], *args: Any) -> T:
        """Run `function(session, *args)` on a snapshot; what it writes is thrown away."""
        try:
            with _plain_faults():
                return await self._engine.read(lambda session: function(session, *args))
        except StoreUnavailable:
            self.on_fault()
            raise

    async def analyse(self) -> None:
        """Let the database see what its tables hold, by which it chooses how to search them."""
        with _plain_faults():
            await self._engine.analyse()

    def reserve(self) -> None:
        """Keep a second service off an embedded file: it would send again what this one sends.

        StoreUnavailable if there is one already. The system lets go with the process.
        """
        if self.is_sqlite and self.url.database not in (None, "", ":memory:"):
            self._reserved = _locked(Path(str(self.url.database) + ".lock"))

    async def close(self) -> None:
        """Finish what waits, then let go of the database."""
        await asyncio.gather(*(piece.result for piece in self._waiting), return_exceptions=True)
        for lane in self._lanes:
            lane.cancel()
            with suppress(asyncio.CancelledError):
                await lane
        await self._engine.close()
        if self._reserved is not None:
            self._reserved.close()

    def _start_lanes(self) -> None:
        if not self._lanes:
            self._lanes = [
                asyncio.create_task(self._write_loop()) for _ in range(self._engine.lanes)
            ]

    async def _write_loop(self) -> None:
        while True:
            if not self._waiting:
                self._work_came.clear()
                await self._work_came.wait()
                await asyncio.sleep(_GATHER_SECONDS)
            group, self._waiting = self._waiting[:_GROUP], self._waiting[_GROUP:]
            if group:
                await asyncio.shield(self._write_group(group))

    async def _write_group(self, group: list[_Piece]) -> None:
        try:
            await self._commit(group)
        except StoreUnavailable as error:
            self.on_fault()
            _fail(group, error)
        except Exception as error:  # whatever a piece raises belongs to whoever waits for it
            if len(group) == 1:
                _fail(group, error)
                return
            if isinstance(error, SQLAlchemyError):  # not a refusal, which is an answer
                log.warning(
                    "%d writes failed together and are tried one by one: %s",
                    len(group),
                    type(error).__name__,
                )
            for piece in group:
                await self._write_group([piece])

    async def _commit(self, group: list[_Piece]) -> None:
        by_work = _by_work(group)

        def all_of_it(session: Session) -> list[list[Any]]:
            return [work(session, [p.item for p in pieces]) for work, pieces in by_work]

        with _plain_faults():
            results = await self._engine.write(all_of_it)
        for (_, pieces), values in zip(by_work, results, strict=True):
            for piece, value in zip(pieces, values, strict=True):
                if not piece.result.done():
                    piece.result.set_result(value)


class _Sqlite:
    """One writer thread and a few readers; WAL, every commit on disk before it is reported."""

    lanes = 1

    def __init__(self, url: URL, patience: float) -> None:
        is_file = url.database not in (None, "", ":memory:")
        self._file = Path(str(url.database)) if is_file else None
        if self._file is not None:
            make_folder(self._file.parent)
        self._writer = sqlite_engine(url, "BEGIN IMMEDIATE", patience)
        self._reader = sqlite_engine(url, "BEGIN", patience)
        self._write_thread = ThreadPoolExecutor(1, "writer")
        self._read_threads = ThreadPoolExecutor(_READERS, "reader")

    async def write(self, function: Callable[[Session], T]) -> T:
        loop = asyncio.get_running_loop()
        result = await loop.run_in_executor(
            self._write_thread, _in_transaction, self._writer, function
        )
        if self._file is not None and not self._file.exists():
            raise StoreUnavailable(
                f"{self._file} was removed while it was in use: stop, bring it back, start again"
            )
        return result

    async def read(self, function: Callable[[Session], T]) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._read_threads, _on_snapshot, self._reader, function)

    async def analyse(self) -> None:
        await self.write(_analyse)
        self._reader.dispose()  # connections that are open go by what was known before
        self._writer.dispose()

    async def close(self) -> None:
        self._write_thread.shutdown()
        self._read_threads.shutdown()
        self._writer.dispose()
        self._reader.dispose()


class _Postgres:
    """asyncpg under SQLAlchemy; the same synchronous functions run inside it."""

    lanes = 2

    def __init__(self, url: URL) -> None:
        from records.watchful import watchful  # the embedded default does without the driver

        self._engine: AsyncEngine = create_async_engine(
            url,
            pool_size=6,
            max_overflow=4,
            pool_pre_ping=True,
            connect_args=watchful(),
            **common_settings(),
        )

    async def write(self, function: Callable[[Session], T]) -> T:
        """Rows are locked in their order where many are; what is not foreseen is done again."""
        for _ in range(_TRIES - 1):
            try:
                return await self._write(function)
            except SQLAlchemyError as error:
                if not is_deadlock(error):
                    raise
                log.warning("two transactions stood in each other's way: this one is done again")
        return await self._write(function)

    async def _write(self, function: Callable[[Session], T]) -> T:
        async with self._engine.begin() as connection:
            return await connection.run_sync(_with_session, function)

    async def read(self, function: Callable[[Session], T]) -> T:
        async with self._engine.connect() as connection:
            return await connection.run_sync(_with_session, function)

    async def analyse(self) -> None:
        """PostgreSQL does it by itself."""

    async def close(self) -> None:
        await self._engine.dispose()


def _analyse(session: Session) -> None:
    session.connection().exec_driver_sql(f"PRAGMA analysis_limit={_LOOKED_AT}")
    session.connection().exec_driver_sql("ANALYZE")


def holds_conversations(file: Path) -> bool:
    """Whether somebody's words are already sealed in an embedded database."""
    if not file.exists():
        return False
    with suppress(sqlite3.Error), closing(sqlite3.connect(file)) as connection:
        return connection.execute("SELECT 1 FROM conversation LIMIT 1").fetchone() is not None
    return False


def make_folder(folder: Path) -> None:
    """The folder of an embedded database; StoreUnavailable where it may not be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as fault:
        raise StoreUnavailable(
            f"the folder {folder} cannot be made ({fault.strerror}): check who owns it, or name "
            "another in GUIYAN_DATABASE_URL"
        ) from fault


def _locked(path: Path) -> IO[bytes]:
    file = path.open("ab")
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as fault:
            file.close()
            raise StoreUnavailable(
                "another `guiyan run` serves this database: stop it first, or use PostgreSQL, "
                "which several processes may share"
            ) from fault
    return file


def _in_transaction(engine: Engine, function: Callable[[Session], T]) -> T:
    with engine.begin() as connection:
        return _with_session(connection, function)


def _on_snapshot(engine: Engine, function: Callable[[Session], T]) -> T:
    with engine.connect() as connection:
        return _with_session(connection, function)


def _with_session(connection: Connection, function: Callable[[Session], T]) -> T:
    with Session(bind=connection, expire_on_commit=False) as session:
        result = function(session)
        session.flush()
        return result


def _by_work(group: list[_Piece]) -> list[tuple[Work, list[_Piece]]]:
    kinds: dict[Work, list[_Piece]] = {}
    for piece in group:
        kinds.setdefault(piece.work, []).append(piece)
    return list(kinds.items())


_SINGLES: dict[Callable[..., Any], Work] = {}


def _one_by_one(function: Callable[..., T]) -> Callable[[Session, list[Any]], list[T]]:
    work = _SINGLES.get(function)
    if work is None:

        def work(session: Session, items: list[Any]) -> list[Any]:
            return [function(session, *args) for args in items]

        if "<locals>" not in function.__qualname__:
            _SINGLES[function] = work
    return work


def _fail(group: list[_Piece], error: Exception) -> None:
    for piece in group:
        if not piece.result.done():
            piece.result.set_exception(error)


class _plain_faults:
    """Turns the driver's faults of access into one sentence; faults of our own statements pass."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if error is not None and is_away(error):
            raise StoreUnavailable(sentence(error)) from error
