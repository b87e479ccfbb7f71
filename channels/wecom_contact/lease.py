"""Work that one process does at a time, whichever it is."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta

from channels.wecom.failures import WecomError
from records import pull_cursors
from records.database import Database, Session, StoreUnavailable

log = logging.getLogger("guiyan.wecom")

# Longer than any one call with its repetitions; so long the work rests after a process died.
_LASTS, _RENEWED_AFTER = timedelta(seconds=90), timedelta(seconds=15)
_PATIENCE_SECONDS = (2.0, 5.0, 10.0, 30.0, 60.0)


class Lease:
    """The right to do one kind of work; kept up while it is done."""

    def __init__(
        self, name: str, database: Database, *, owner: str, now: Callable[[], datetime]
    ) -> None:
        self._name = name
        self._database = database
        self._owner = owner
        self._now = now
        self._held_at: datetime | None = None

    @asynccontextmanager
    async def held(self) -> AsyncIterator[bool]:
        """True while it is ours; False if another process does the work."""
        is_ours = await self.renew()
        try:
            yield is_ours
        finally:
            self._held_at = None
            if is_ours:
                with suppress(StoreUnavailable):
                    await self._database.run(pull_cursors.release, self._name, self._owner)

    async def renew(self) -> bool:
        """Hold it on, to be called before every call; False if it went to another."""
        now = self._now()
        if self._held_at is not None and now < self._held_at + _RENEWED_AFTER:
            return True
        is_ours = await self._database.run(self._hold) is not None
        self._held_at = now if is_ours else None
        return is_ours

    async def done_at(self) -> datetime | None:
        """When the work was last done to its end."""
        said = await self._database.read(pull_cursors.cursor_of, self._name)
        return datetime.fromisoformat(said) if said else None

    async def done(self, at: datetime) -> None:
        """It was done to its end."""
        await self._database.run(self._advance, at)

    def _hold(self, session: Session) -> str | None:
        now = self._now()
        return pull_cursors.hold(session, self._name, self._owner, until=now + _LASTS, now=now)

    def _advance(self, session: Session, at: datetime) -> bool:
        now, said = self._now(), at.isoformat()
        return pull_cursors.advance(
            session, self._name, self._owner, said, until=now + _LASTS, now=now
        )


async def for_ever(
    work: Callable[[], Awaitable[None]], told: asyncio.Event, seconds: float
) -> None:
    """Do it whenever told, and every so many seconds; after a fault with growing rests."""
    failed = 0
    while True:
        try:
            await work()
            failed = 0
        except WecomError as error:
            log.warning("客户联系: %s", error)
            failed += 1
        except StoreUnavailable as fault:
            log.error("客户联系: nothing could be stored: %s", fault)
            failed += 1
        except Exception as fault:  # an answer of no sense must not end the work for good
            log.error("客户联系: a fault of ours: %s", type(fault).__name__)
            failed += 1
        if failed:
            await asyncio.sleep(_PATIENCE_SECONDS[min(failed, len(_PATIENCE_SECONDS)) - 1])
            continue
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await told.wait()
        told.clear()
