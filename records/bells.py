"""The bell between processes: somebody shall look at the tables now, and not later (PostgreSQL).

A ring is heard by every process or by none: what it tells of is in the tables, where whoever heard
nothing finds it when they next look. It is rung after the commit, on a connection of its own:
within the transaction it would let one commit at a time pass.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

import asyncpg

from records.database import Database
from records.engines import connecting

log = logging.getLogger("guiyan.bells")

OUTBOX = "outbox"  # something may be due
_CHANNEL = "guiyan"
_REST = 1.0  # seconds before another try, when the database went away
_ALIVE = 5.0  # seconds between two looks whether it still hears, and for each answer
_LONGEST = 200  # signs of a ring: who has a longer name is found by looking
_MOST = 1000  # rings that wait while there is no connection
# The last is what asyncpg says where a connection ends in the middle of its own work.
PASSING = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
_RING = f"SELECT pg_notify('{_CHANNEL}', ring) FROM unnest($1::text[]) AS ring"


class Bell:
    """One process's place at the bell: `heard` is called for what others ring."""

    def __init__(self, database: Database, heard: Callable[[str], None]) -> None:
        self._database = database
        self._heard = heard
        self._due: dict[str, None] = {}
        self._asked = asyncio.Event()

    def ring(self, name: str) -> None:
        """Tell the others, soon; what is rung twice meanwhile is told once."""
        if len(name) <= _LONGEST and len(self._due) < _MOST:
            self._due[name] = None
            self._asked.set()

    async def run(self) -> None:
        """Ring and hear, for ever; the connection is made anew when it is lost."""
        while True:
            try:
                await self._at_the_rope()
            except PASSING as fault:
                log.error("the bell rests: %s", type(fault).__name__)
                await asyncio.sleep(_REST)

    async def _at_the_rope(self) -> None:
        rope = await asyncpg.connect(**connecting(self._database.url))
        own = rope.get_server_pid()

        def listen(_rope: object, pid: int, _channel: str, name: object) -> None:
            if pid != own:
                self._heard(str(name))

        try:
            rope.add_termination_listener(lambda _rope: self._asked.set())
            await rope.add_listener(_CHANNEL, listen)
            self._heard(OUTBOX)  # what was rung meanwhile
            while True:
                await self._pull(rope)
        finally:
            rope.terminate()

    async def _pull(self, rope: asyncpg.Connection) -> None:
        """Ring what is due, soon; a dead connection is found by ringing nothing."""
        try:
            async with asyncio.timeout(_ALIVE):
                await self._asked.wait()
        except TimeoutError:
            pass
        self._asked.clear()
        due, self._due = self._due, {}
        try:
            await rope.execute(_RING, list(due), timeout=_ALIVE)
        except PASSING:
            self._due = {**due, **self._due}
            self._asked.set()
            raise
