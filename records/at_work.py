"""Whose turn it is: one worker at a time at a conversation (PostgreSQL only).

Two would each compute an answer, and one of them for nothing. A lock of PostgreSQL's for each
conversation that is being answered, on a connection of its own, spares that. It spares work and no
more: who was first is decided by the conversation's version (`Overtaken`), also where the
connection is lost, with which all locks go.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Collection, Sequence

import asyncpg

from records.bells import PASSING
from records.database import Database
from records.engines import connecting

log = logging.getLogger("guiyan.at_work")

_PATIENCE = 2.0  # seconds for an answer
_REST = 5.0  # seconds without locks, where no connection could be made
_SPACE = 1_735_290_739  # of the locks' first number, so that they are nobody else's
_TAKE = (
    f"SELECT key FROM unnest($1::text[]) key WHERE pg_try_advisory_lock({_SPACE}, hashtext(key))"
)
_ABANDONED = f"""
    SELECT key FROM unnest($1::text[]) key WHERE NOT EXISTS (
        SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
        WHERE locktype = 'advisory' AND classid::bigint = {_SPACE}
        AND objid::bigint = hashtext(key)::bigint & 4294967295
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND state_change > clock_timestamp() - interval '3 seconds'
    )
"""  # a worker that answers takes and ends turns all the time
_END = f"SELECT key FROM unnest($1::text[]) key WHERE pg_advisory_unlock({_SPACE}, hashtext(key))"


class Turns:
    """The conversations that this process is at."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: asyncpg.Connection | None = None
        self._rests_until = 0.0
        self._one_by_one = asyncio.Lock()  # the connection does one thing at a time
        self._held: set[str] = set()
        self._over: set[str] = set()
        self._ending: asyncio.Task[None] | None = None

    async def take(self, keys: Sequence[str]) -> set[str]:
        """Those that no other process is at: they are ours until `end`. Never raises."""
        async with self._one_by_one:
            still = self._over.intersection(keys)
            self._over -= still
            taken = await self._asked(_TAKE, [key for key in keys if key not in still])
            if self._connection is not None:
                self._held |= taken
            return taken | still

    async def abandoned(self, keys: Sequence[str]) -> set[str]:
        """Those whose worker does nothing any more, or that nobody is at. Never raises."""
        async with self._one_by_one:
            return await self._asked(_ABANDONED, keys)

    def end(self, keys: Collection[str]) -> None:
        """Others may be at these, soon."""
        self._over |= self._held.intersection(keys)
        if self._over and self._ending is None:
            self._ending = asyncio.create_task(self._end())

    async def close(self) -> None:
        """Let go of all."""
        if self._ending is not None:
            self._ending.cancel()  # the locks go with the connection
        if self._connection is not None:
            self._connection.terminate()

    async def _end(self) -> None:
        while self._over:
            async with self._one_by_one:
                keys, self._over = list(self._over), set()
                self._held.difference_update(keys)
                if self._connection is not None:
                    await self._asked(_END, keys)
        self._ending = None

    async def _asked(self, query: str, keys: Sequence[str]) -> set[str]:
        """Which of these the query names; all of them where it cannot be asked."""
        if not keys or time.monotonic() < self._rests_until:
            return set(keys)
        try:
            self._connection = self._connection or await self._connected()
            rows = await self._connection.fetch(query, list(keys), timeout=_PATIENCE)
        except PASSING as fault:
            self._lose(fault)
            return set(keys)
        return {row["key"] for row in rows}

    async def _connected(self) -> asyncpg.Connection:
        options = connecting(self._database.url) | {"timeout": _PATIENCE}
        made: asyncpg.Connection = await asyncpg.connect(**options)
        return made

    def _lose(self, fault: BaseException) -> None:
        log.warning("conversations are not locked: %s", type(fault).__name__)
        if self._connection is None:
            self._rests_until = time.monotonic() + _REST
        else:
            self._connection.terminate()
        self._connection = None
        self._held.clear()
        self._over.clear()
