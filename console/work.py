"""The loop that does what takes longer than a page may, and what each piece of work is given."""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from console.means import Means
from records import background
from records.background import MOST_TRIES, BackgroundWork
from records.database import Session, StoreUnavailable

log = logging.getLogger("guiyan.console")

T = TypeVar("T")
LANES = 2  # pieces of work that one process does side by side
_PAUSE = 1.0  # seconds between two looks for work
_BEAT = 10.0  # seconds; a lease is four times as long
_TELL_EVERY = timedelta(seconds=1)
_BROKEN = "出了意外，没有做成。请再试一次，还不行就告诉管理员：第 {number} 号。"


class WorkRefusal(Exception):
    """It cannot be done, now or later; one sentence in Chinese for who asked."""


class WorkLost(Exception):
    """It is not ours any more: cancelled, or another process has it."""


@dataclass(slots=True)
class Task:
    """One piece of work in our hands."""

    means: Means
    row: BackgroundWork
    owner: str
    asked: Mapping[str, Any]
    _told: datetime | None = None

    @property
    def number(self) -> int:
        return self.row.number

    async def read(self, function: Callable[..., T], *args: Any) -> T:
        """Run `function(session, *args)` on a snapshot; short, for pages read beside it."""
        return await self.means.database.read(function, *args)

    async def write(self, function: Callable[..., T], *args: Any) -> T:
        """The same in a transaction; WorkLost, and nothing kept, unless the work is still ours."""
        result: T = await self.means.database.run(
            _fenced, self.number, self.owner, self.means.now(), function, args
        )
        return result

    async def tell(self, done: int, total: int) -> None:
        """How far it is; written at most once a second. WorkLost where it was cancelled."""
        now = self.means.now()
        if self._told is not None and now - self._told < _TELL_EVERY and done < total:
            return
        self._told = now
        if not await self.means.database.run(
            _tell, self.number, self.owner, done, max(total, done), now
        ):
            raise WorkLost


Work = Callable[[Task], Awaitable[Mapping[str, Any]]]  # what came of it, without personal data


@dataclass(slots=True)
class Worker:
    """Does the work of `kinds`, a few pieces at a time, as one of possibly many processes."""

    means: Means
    kinds: Mapping[str, Work]
    owner: str = field(default_factory=lambda: secrets.token_hex(8))
    _tasks: dict[int, asyncio.Task[None]] = field(default_factory=dict)

    async def run(self) -> None:
        """Endlessly look for work; what is under way is put down when this is cancelled."""
        try:
            while True:
                with suppress(StoreUnavailable):
                    await self.look()
                await asyncio.sleep(_PAUSE)
        finally:
            for task in self._tasks.values():
                task.cancel()
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def look(self) -> None:
        """Begin what is due, as far as there are hands for it."""
        free = LANES - len(self._tasks)
        if free <= 0:
            return
        for number in await self.means.database.read(background.due, self.means.now(), free):
            row = await self.means.database.run(
                background.claim, number, self.owner, self.means.now()
            )
            if row is not None:
                self._tasks[number] = asyncio.create_task(self._do(row))

    async def settled(self) -> None:
        """Wait until nothing is under way."""
        while self._tasks:
            await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _do(self, row: BackgroundWork) -> None:
        try:
            await self._alive(row)
        except WorkLost:
            log.info("work was taken away", extra={"work": row.number})
        except WorkRefusal as refusal:
            await self._end(_fail, row, str(refusal))
        except asyncio.CancelledError:
            await self._end(_put_down, row)
            raise
        except StoreUnavailable as fault:
            log.warning("work waits for the database: %s", fault, extra={"work": row.number})
        except Exception:  # one fault must not end the loop
            log.exception("work failed", extra={"work": row.number, "kind": row.kind})
            await self._end(_after_fault, row)
        finally:
            self._tasks.pop(row.number, None)

    async def _alive(self, row: BackgroundWork) -> None:
        """Do it; while it lasts the store hears that it lives."""
        doing = asyncio.create_task(self._done(row))
        beat = asyncio.create_task(self._beat(row))
        try:
            await asyncio.wait({doing, beat}, return_when=asyncio.FIRST_COMPLETED)
            if beat.done() and not doing.done():
                beat.result()
            await doing
        finally:
            beat.cancel()
            doing.cancel()
            await asyncio.gather(beat, doing, return_exceptions=True)

    async def _done(self, row: BackgroundWork) -> None:
        does = self.kinds.get(row.kind)
        if does is None:
            raise WorkRefusal("这个版本的程序不会做这件事，请联系管理员。")
        task = Task(self.means, row, self.owner, background.asked(self.means.vault, row))
        outcome = await does(task)
        await self.means.database.run(_finish, row.number, self.owner, outcome, self.means.now())

    async def _beat(self, row: BackgroundWork) -> None:
        while True:
            await asyncio.sleep(_BEAT)
            with suppress(StoreUnavailable):
                now = self.means.now()
                if not await self.means.database.run(
                    background.renew, row.number, self.owner, now
                ):
                    raise WorkLost

    async def _end(self, end: Callable[..., object], row: BackgroundWork, *args: Any) -> None:
        with suppress(StoreUnavailable):  # then its lease runs out, and it is taken up again
            await self.means.database.run(end, row, self.owner, self.means.now(), *args)


def _fenced(
    session: Session,
    number: int,
    owner: str,
    now: datetime,
    function: Callable[..., T],
    args: tuple[Any, ...],
) -> T:
    if not background.renew(session, number, owner, now):
        raise WorkLost
    return function(session, *args)


def _tell(session: Session, number: int, owner: str, done: int, total: int, now: datetime) -> bool:
    return background.tell(session, number, owner, done=done, total=total, now=now)


def _finish(
    session: Session, number: int, owner: str, outcome: Mapping[str, Any], now: datetime
) -> None:
    if not background.finish(session, number, owner, outcome=outcome, at=now):
        raise WorkLost


def _fail(session: Session, row: BackgroundWork, owner: str, now: datetime, said: str) -> None:
    background.fail(session, row.number, owner, said=said, at=now)


def _put_down(session: Session, row: BackgroundWork, owner: str, now: datetime) -> None:
    background.give_back(session, row.number, owner, now, is_put_down=True)


def _after_fault(session: Session, row: BackgroundWork, owner: str, now: datetime) -> None:
    """Once more, unless that was the last try."""
    if row.tries >= MOST_TRIES:
        said = _BROKEN.format(number=row.number)
        background.fail(session, row.number, owner, said=said, at=now)
    else:
        background.give_back(session, row.number, owner, now, is_put_down=False)
