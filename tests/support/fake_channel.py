"""A channel that keeps what it is given and fails as told, in the same loop as real ones."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from aiohttp import web

from channels.base import Limits, Receive, SendFailure
from records.messages import Outgoing, Receipt


class FakeChannel:
    """Delivers into a list. `failures` are raised one after another before sends succeed."""

    kind = "fake"
    limits = Limits(text_length=4096, per_chat=1000, per_group=1000, bulk=1000, burst=100)

    def __init__(self, *failures: SendFailure, pause: float = 0.0) -> None:
        self.sent: list[Outgoing] = []
        self.failures = list(failures)
        self.pause = pause
        self.tries = 0

    def routes(self, receive: Receive) -> Iterable[web.RouteDef]:
        return ()

    async def start(self, receive: Receive) -> None: ...

    async def stop(self) -> None: ...

    async def close(self) -> None: ...

    def fault(self) -> str:
        return ""

    async def check(self) -> str:
        return ""

    async def send(self, message: Outgoing) -> Receipt:
        self.tries += 1
        await asyncio.sleep(self.pause)
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append(message)
        return Receipt(str(len(self.sent)))

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.sent]
