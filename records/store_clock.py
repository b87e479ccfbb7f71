"""The time that all processes of one database share: its server's, carried on by steady clocks.

What one process stamps another compares: a reply is due by who answers and leaves by who sends. A
machine whose own clock is wrong, or jumps, would make people wait by as much.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select
from sqlmodel import Session

from records.database import Database, StoreUnavailable

_LOOK = 5.0  # seconds between two looks: steady clocks drift by less than a millisecond


class StoreClock:
    """Begins with the machine's `own` clock, and after the first look goes by it no more."""

    def __init__(
        self,
        database: Database,
        own: Callable[[], datetime],
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._steady = steady
        self.own = own
        self._start = own() - timedelta(seconds=steady())

    def now(self) -> datetime:
        """The moment by the store's server, in UTC."""
        return self._start + timedelta(seconds=self._steady())

    async def look(self) -> None:
        """Ask the store. StoreUnavailable.

        It answered between asking and hearing: now lies between what it said and that much later.
        Our time is moved no further than that needs, so slow answers do no harm.
        """
        asked = self._steady()
        earliest = await self._database.read(moment)
        latest = earliest + timedelta(seconds=self._steady() - asked)
        ours = self.now()
        self._start += min(max(ours, earliest), latest) - ours

    async def follow(self) -> None:
        """Look for ever; while the store is away time goes on steadily."""
        while True:
            await asyncio.sleep(_LOOK)
            with suppress(StoreUnavailable):  # told by whoever wanted something of it
                await self.look()


def moment(session: Session) -> datetime:
    """What the clock of PostgreSQL's server says, in UTC."""
    told: datetime = session.execute(select(func.clock_timestamp())).scalar_one()
    return told.astimezone(UTC)
