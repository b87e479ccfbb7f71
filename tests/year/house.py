"""The program's own parts in this process, on a wire that only listens and a clock that jumps."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import TypeVar

import bot
from bot.settings import load
from bot.wiring import Mind, build
from channels.base import FailureKind, Limits, SendFailure
from channels.sender import Sender
from handlers.intake import Door
from outreach.reach import Lines
from records import audit
from records.database import Database, Session
from records.messages import Inbound, InboundKind, Outgoing, Priority, Receipt
from records.vault import Vault
from scheduler import slots
from scheduler.jobs import JOBS, Job, LongJob
from scheduler.means import Means
from scheduler.runner import Runner
from tests.support.fake_channel import FakeChannel
from tests.year.account import Left

T = TypeVar("T")


_DAY = timedelta(days=1)
_NO_PACE = 1e9  # a second: the clock stands still while messages leave
_BOTH = 0.25  # of the rings are of both processes at once
_ROOT = Path(bot.__file__).parent.parent
_OURS = tuple(
    str(_ROOT / part) for part in ("bot", "channels", "handlers", "records", "scheduler")
)


def _is_ours(task: asyncio.Task[object]) -> bool:
    """Whether the task runs a function of the program."""
    code = getattr(task.get_coro(), "cr_code", None)
    return code is not None and code.co_filename.startswith(_OURS)


class Clock:
    """The moment, which only goes forward."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now


class Wire(FakeChannel):
    """Notes what left and when; now and then it refuses, or nobody knows whether it arrived."""

    limits = Limits(
        text_length=4096, per_chat=_NO_PACE, per_group=_NO_PACE, bulk=_NO_PACE, first=64
    )

    def __init__(self, clock: Clock, dice: Random) -> None:
        super().__init__()
        self._clock, self._dice = clock, dice
        self.left: list[Left] = []

    async def send(self, message: Outgoing) -> Receipt:
        chance = self._dice.random()
        if chance < 0.01:
            raise SendFailure(FailureKind.THROTTLED, "busy", retry_after=timedelta(hours=1))
        key, account = message.dedupe_key, message.conversation
        is_bulk = message.priority is Priority.BULK
        self.left.append(Left(self._clock(), account, key, is_bulk))
        if chance < 0.02:
            raise SendFailure(FailureKind.UNCERTAIN, "cut off")
        return Receipt(str(len(self.left)))


def _probe(name: str) -> Callable[[Session, datetime], dict[str, int]]:
    def run(session: Session, now: datetime) -> dict[str, int]:
        audit.write(session, "probe.ran", at=now, subject=f"probe_{name}")
        return {"ran": 1}

    return run


PROBES = (
    Job("probe_each", "", slots.daily(time(19, 0)), _probe("each"), slots.each(9 * _DAY)),
    Job("probe_once", "", slots.weekly(0, time(9, 0)), _probe("once"), slots.once(2 * _DAY)),
    Job("probe_drop", "", slots.daily(time(12, 0)), _probe("drop"), slots.dropped(_DAY / 8)),
)


@dataclass(frozen=True, slots=True)
class Process:
    """What one process runs."""

    database: Database
    door: Door
    sender: Sender
    runner: Runner


class House:
    """Two processes on one store, of which any may be killed and begun anew."""

    def __init__(self, url: str, clock: Clock, dice: Random) -> None:
        self.clock, self.dice = clock, dice
        self.wire = Wire(clock, dice)
        self.vault = Vault("a key for tests only, of the year")
        self._settings = load(
            {
                "GUIYAN_DATABASE_URL": url,
                "GUIYAN_SECRET_KEY": "a key for tests only, of the year",
                "GUIYAN_AREAS": "定陶",
            }
        )
        self._mind: Mind | None = None
        self._loop: asyncio.Task[None] | None = None
        self.kills = 0

    async def open(self) -> None:
        """Both processes begin; the first of them answers and sends."""
        if self._mind is None:
            app = build(self._settings, channels={"fake": self.wire}, now=self.clock)
            await app.open()
            self._mind = await app.learn()
            await app.database.close()
        self.apps = [self._begun(self._mind), self._begun(self._mind)]
        self._loop = asyncio.create_task(self.apps[0].door.work(self._mind))
        await self.apps[0].sender.free_stale(at_start=True)

    async def close(self) -> None:
        """A polite end."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        for app in self.apps:
            await app.database.close()

    async def kill(self) -> None:
        """In the middle of jobs and sends; then everything begins anew."""
        self.kills += 1
        for job in self._jobs():
            asyncio.create_task(self.apps[0].runner.run(job))  # noqa: RUF006 (to be cut off)
        asyncio.create_task(self.apps[0].sender.settled())  # noqa: RUF006
        await asyncio.sleep(self.dice.random() * 0.03)
        while cut := [task for task in asyncio.all_tasks() if _is_ours(task)]:
            for task in cut:  # more than once: what tidies up must not come to it
                task.cancel()
            await asyncio.wait(cut, timeout=0.1)
        await self.open()

    async def tick(self) -> None:
        """One rings for everything that has come, now and then both; then what is due leaves."""
        ringing = self.apps if self.dice.random() < _BOTH else self.apps[:1]
        await asyncio.gather(*(app.runner.run(job) for job in self._jobs() for app in ringing))
        await self.apps[0].sender.free_stale()
        await self.apps[0].sender.settled()

    async def hears(self, said: Sequence[tuple[str, str]]) -> None:
        """People write, each on an account of theirs; until all are answered."""
        if not said:
            return
        await self.apps[0].door.receive([self._inbound(*each) for each in said])
        await self.apps[0].door.settled()
        await self.apps[0].sender.settled()

    async def run(self, function: Callable[..., T], *args: object) -> T:
        return await self.apps[0].database.run(function, *args)

    def _inbound(self, account: str, text: str) -> Inbound:
        number, chat = self.dice.getrandbits(60), account.split(":", 1)[1]
        kind, now = InboundKind.TEXT, self.clock()
        return Inbound("fake", chat, str(number), kind, text, now, sender=chat)

    def _jobs(self) -> list[Job | LongJob]:
        return [*JOBS, *PROBES]

    def _begun(self, mind: Mind) -> Process:
        # What was killed may yet hold the file: its threads cannot be.
        database = Database(str(self._settings.database_url), lock_patience=60.0)
        owner = f"process {self.dice.getrandbits(32):x}"
        now, channels = self.clock, {"fake": self.wire}
        sender = Sender(database, self.vault, channels, owner=owner, now=now)
        door = Door(database, self.vault, now=now, wake_sender=sender.wake)
        lines = Lines(frozenset(channels))
        means = Means(database, self.vault, lambda: mind.talk.answerer, lines=lines)
        return Process(database, door, sender, Runner(means, now=now))
