"""Wake-ups between processes: which conversations have something to answer (PostgreSQL only).

The tables are the truth. A wake-up is a job of PgQueuer, queued in the transaction that stores the
message: it may come twice without harm, and what is lost is found by the sweep.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

import asyncpg
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver, AsyncpgPoolDriver
from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import FailingListenerError
from pgqueuer.domain.settings import DBSettings, Durability
from pgqueuer.models import Job
from sqlalchemy import Connection, text
from sqlmodel import Session

from records import inbound
from records.bells import PASSING
from records.database import Database, StoreUnavailable
from records.engines import connecting
from records.inbound import NewInbound

log = logging.getLogger("guiyan.wakes")

Answer = Callable[[str], Awaitable[None]]

_TALK = "talk"
_TOGETHER = 50  # jobs taken at once
_UNDER_WAY = 400  # jobs of one process
_SILENCE = timedelta(seconds=3)  # after which what a dead process had goes to another
_LOOK = timedelta(seconds=2)  # between two looks where no bell rings
_REST = 1.0  # seconds before another try, when the database went away
_SWEEP = 5.0  # seconds
_OVERDUE = timedelta(seconds=5)
_KEPT_LOG = text("DELETE FROM pgqueuer_log WHERE created < now() - interval '1 minute'")


class Wakes:
    """The queue of wake-ups that all processes on one database share."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._manager: QueueManager | None = None
        self._is_over = False

    def store(self, session: Session, messages: Sequence[NewInbound]) -> list[bool]:
        """Store messages, and wake a worker for what was new."""
        fresh = inbound.store(session, messages)
        keys = [one.conversation for one, is_new in zip(messages, fresh, strict=True) if is_new]
        wake(session, list(dict.fromkeys(keys)))
        return fresh

    def wake(self, session: Session, keys: Sequence[str]) -> None:
        """Somebody shall answer these, once this transaction is committed."""
        wake(session, keys)

    async def work(self, answer: Answer) -> None:
        """Answer what this process is woken for, until told to stop."""
        while not self._is_over:
            try:
                async with _pool(self._database) as pool:
                    self._manager = _manager(pool, answer)
                    await _run(self._manager)
            except (*PASSING, FailingListenerError) as fault:
                log.error("wake-ups rest: %s", type(fault).__name__)
                await asyncio.sleep(_REST)

    async def sweep(self, now: Callable[[], datetime]) -> None:
        """Wake somebody, for ever, for what waits although somebody should have been woken."""
        while True:
            try:
                await self._database.run(wake_overdue, now() - _OVERDUE)
                await self._database.run(_shorten_log)
            except StoreUnavailable as fault:
                log.error("sweep: %s", fault)
            await asyncio.sleep(_SWEEP)

    def stop(self) -> None:
        """Take no more jobs; what is under way is finished."""
        self._is_over = True
        if self._manager is not None:
            self._manager.shutdown.set()


def wake(session: Session, keys: Sequence[str], *, is_sweep: bool = False) -> None:
    """Somebody shall answer these, once this transaction is committed."""
    if not keys:
        return
    once: list[str | None] = [f"sweep {key}" if is_sweep else None for key in keys]

    async def enqueue(own: asyncpg.Connection) -> None:
        await Queries(AsyncpgDriver(own)).enqueue(
            [_TALK] * len(keys),
            [key.encode() for key in keys],
            [0] * len(keys),
            dedupe_key=once,
            on_conflict="skip",
        )

    driver: Any = session.connection().connection.dbapi_connection
    driver.run_async(enqueue)


def wake_overdue(session: Session, before: datetime) -> int:
    """Wake somebody for what has been open since before a moment; how many conversations."""
    keys = inbound.open_conversations(session, before)
    wake(session, keys, is_sweep=True)
    return len(keys)


def install(connection: Connection) -> None:
    """The tables of the queue. What is in them may be lost in a crash, and is not worth a log."""
    settings = DBSettings(durability=Durability.volatile)
    script = QueryBuilderEnvironment(settings).build_install_query()
    driver: Any = connection.connection.dbapi_connection
    driver.run_async(lambda own: own.execute(script))


def _shorten_log(session: Session) -> None:
    session.connection().execute(_KEPT_LOG)


@asynccontextmanager
async def _pool(database: Database) -> AsyncIterator[asyncpg.Pool]:
    # One connection hears the bell, the others take jobs.
    pool = await asyncpg.create_pool(**connecting(database.url), min_size=2, max_size=3)
    try:
        yield pool
    finally:
        pool.terminate()  # closing would wait for whoever still has a connection


def _manager(pool: asyncpg.Pool, answer: Answer) -> QueueManager:
    manager = QueueManager(Queries(AsyncpgPoolDriver(pool)))

    @manager.entrypoint(_TALK)
    async def talk(job: Job) -> None:
        await answer((job.payload or b"").decode())

    return manager


async def _run(manager: QueueManager) -> None:
    await manager.run(
        dequeue_timeout=_LOOK,
        batch_size=_TOGETHER,
        max_concurrent_tasks=_UNDER_WAY,
        heartbeat_timeout=_SILENCE,
        log_aggregation_interval=timedelta(0),
        shutdown_on_listener_failure=True,
    )
