"""What the platform sends to us: the check of an address, and events, repeated until taken."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout, TCPConnector

from tests.support.wecom.clock import Clock
from tests.support.wecom.envelope import Envelope, Fields, envelope, opened_reply, query
from tests.support.wecom.seal import Seal
from tests.support.wecom.tokens import App

_CHECK_SECONDS = 1.0


@dataclass(slots=True)
class Attempt:
    """One POST: its HTTP status (0 if none came in time) and how long it took in real seconds."""

    status: int
    seconds: float


@dataclass(slots=True)
class Delivery:
    """One event on its way to us."""

    app: str
    fields: Fields
    attempts: list[Attempt] = field(default_factory=list)
    reply: dict[str, Any] = field(default_factory=dict)
    fault: str = ""  # what is wrong with an answer of ours
    is_given_up: bool = False

    @property
    def is_taken(self) -> bool:
        return any(attempt.status == 200 for attempt in self.attempts)


@dataclass(slots=True)
class Habits:
    """How the platform delivers; may be changed at any time."""

    patience: float = 5.0  # real seconds for an answer
    tries: int = 4  # the first and three repeats
    gap: float = 0.05  # real seconds before a repeat
    repeat_rate: float = 0.0  # repeats although it was answered
    lost_rate: float = 0.0  # never sent at all
    reorder_rate: float = 0.0  # held back for up to `reorder_seconds`
    reorder_seconds: float = 0.2
    skew: float = 0.0  # how far the platform's clock is from ours, in signatures
    parallel: int = 200  # connections at once
    remembers: int = 100_000  # deliveries kept in `log`


class Callbacks:
    """Sends to the addresses of the apps."""

    def __init__(self, corp_id: str, clock: Clock, rng: Random) -> None:
        self._corp_id = corp_id
        self._clock = clock
        self._rng = rng
        self._session: ClientSession | None = None
        self._slots: asyncio.Semaphore | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._last = 0
        self.habits = Habits()
        self.log: list[Delivery] = []
        self.on_reply: Callable[[Delivery], None] = lambda delivery: None

    def seal(self, app: App) -> Seal:
        return Seal(app.token, app.aes_key, self._corp_id, self._rng)

    async def check(self, app: App, url: str) -> bool:
        """The GET check; the address is kept if the answer is right and in time."""
        text = str(self._rng.randrange(10**18, 10**19))
        seal = self.seal(app)
        encrypted = seal.close(text)
        params = query(seal, encrypted, at=self._clock.now(), rng=self._rng)
        with suppress(ClientError, TimeoutError):
            async with self._client().get(
                url,
                params={**params, "echostr": encrypted},
                timeout=ClientTimeout(total=_CHECK_SECONDS),
            ) as answer:
                if answer.status == 200 and await answer.read() == text.encode():
                    app.url = url
        return app.url == url

    def post(self, app: App, fields: Fields, *, agent_id: str = "") -> None:
        """Send an event, in the background; without an address it is lost, and some always are."""
        if not app.url or (self.habits.lost_rate and self._rng.random() < self.habits.lost_rate):
            return
        full = {"ToUserName": self._corp_id, **fields}
        delivery = Delivery(app.name, full)
        if len(self.log) < self.habits.remembers:
            self.log.append(delivery)
        task = asyncio.get_running_loop().create_task(self._deliver(app, delivery, agent_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def envelope(self, app: App, fields: Fields, *, agent_id: str = "") -> Envelope:
        """What a POST would carry, for whoever wants to send it in a way of his own."""
        full = {"ToUserName": self._corp_id, **fields}
        return envelope(
            self.seal(app),
            full,
            at=self._clock.now() + self.habits.skew,
            rng=self._rng,
            agent_id=agent_id,
        )

    def number(self) -> int:
        """A message id that none had before."""
        self._last = max(self._last + 1, int(self._clock.now() * 1_000_000))
        return self._last

    async def settled(self) -> None:
        """Wait until nothing is on its way."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _deliver(self, app: App, delivery: Delivery, agent_id: str) -> None:
        if self._rng.random() < self.habits.reorder_rate:
            await asyncio.sleep(self._rng.uniform(0, self.habits.reorder_seconds))
        sealed = self.envelope(app, delivery.fields, agent_id=agent_id)
        keeps_nonce = self._rng.random() < 0.5  # nobody knows what the platform does
        for number in range(self.habits.tries):
            if number:
                await asyncio.sleep(self.habits.gap)
            if number and not keeps_nonce:
                sealed = self.envelope(app, delivery.fields, agent_id=agent_id)
            if await self._attempt(app, delivery, sealed):
                break
        delivery.is_given_up = not delivery.is_taken
        if delivery.is_taken and self._rng.random() < self.habits.repeat_rate:
            await self._attempt(app, delivery, sealed)

    async def _attempt(self, app: App, delivery: Delivery, sealed: Envelope) -> bool:
        """One POST, once there is a free connection; whether it was answered 200 in time."""
        if self._slots is None:
            self._slots = asyncio.Semaphore(self.habits.parallel)
        async with self._slots:
            return await self._post(app, delivery, sealed)

    async def _post(self, app: App, delivery: Delivery, sealed: Envelope) -> bool:
        began = time.perf_counter()
        status, body = 0, ""
        with suppress(ClientError, TimeoutError):
            async with self._client().post(
                app.url,
                params=sealed.query,
                data=sealed.body.encode(),
                headers={"Content-Type": "text/xml; charset=utf-8"},
                timeout=ClientTimeout(total=self.habits.patience),
            ) as answer:
                body = await answer.text()
                status = answer.status
        delivery.attempts.append(Attempt(status, time.perf_counter() - began))
        if status == 200 and body not in {"", "success"}:
            self._take_reply(app, delivery, body)
        return status == 200

    def _take_reply(self, app: App, delivery: Delivery, body: str) -> None:
        try:
            delivery.reply = opened_reply(self.seal(app), body)
        except (ValueError, KeyError, SyntaxError) as fault:
            delivery.fault = f"{type(fault).__name__}: {fault}"
            return
        self.on_reply(delivery)

    def _client(self) -> ClientSession:
        if self._session is None:
            self._session = ClientSession(connector=TCPConnector(limit=0))
        return self._session
