"""The Telegram channel on the Bot API stand-in, and a door that keeps a list."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager

from aiohttp import web

from channels.pictures import Pictures
from channels.telegram.channel import PATH, Telegram
from records.messages import Inbound, InboundKind, Option, Outgoing
from tests.support.bot_api import BotApi

SECRET = "a-secret_of_the-tests"


class ListDoor:
    """Receives into a list. `failures` are raised one after another before anything is kept."""

    def __init__(self, *failures: Exception) -> None:
        self.kept: list[Inbound] = []
        self.failures = list(failures)
        self.calls = 0
        self._called = asyncio.Event()

    async def receive(self, messages: Iterable[Inbound]) -> list[bool]:
        self.calls += 1
        self._called.set()
        if self.failures:
            raise self.failures.pop(0)
        known = {message.outer_id for message in self.kept}
        batch = list(messages)
        self.kept += batch
        return [message.outer_id not in known for message in batch]

    async def until(self, happened: Callable[[], bool], seconds: float = 5.0) -> None:
        """Wait for something that a call of the door brings about."""
        async with asyncio.timeout(seconds):
            while not happened():
                self._called.clear()
                await self._called.wait()

    async def keeps(self, count: int, seconds: float = 5.0) -> list[Inbound]:
        """Wait until `count` messages are kept."""
        await self.until(lambda: len(self.kept) >= count, seconds)
        return self.kept

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.kept]

    @property
    def kinds(self) -> list[InboundKind]:
        return [message.kind for message in self.kept]


class DyingDoor(ListDoor):
    """Keeps what it receives, but the process ends before it can say so."""

    async def receive(self, messages: Iterable[Inbound]) -> list[bool]:
        await super().receive(messages)
        await asyncio.Event().wait()
        return []


def a_channel(
    api: BotApi,
    *,
    mode: str = "polling",
    public_url: str = "",
    other_secret: str = "",
    pictures: Pictures | None = None,
) -> Telegram:
    return Telegram(
        token=api.token,
        base_url=api.url,
        mode=mode,
        webhook_secret=SECRET,
        other_secret=other_secret,
        public_url=public_url,
        pictures=pictures,
    )


def an_outgoing(chat: int, text: str = "您好", *options: Option, **extra: str) -> Outgoing:
    return Outgoing(1, "telegram", str(chat), text, options, extra=extra)


@asynccontextmanager
async def polling(api: BotApi, door: ListDoor) -> AsyncIterator[Telegram]:
    """The channel, polling until the end of the block."""
    channel = a_channel(api)
    await channel.start(door.receive)
    try:
        yield channel
    finally:
        await channel.stop()
        await channel.close()


@asynccontextmanager
async def hooked(api: BotApi, door: ListDoor, *, other_secret: str = "") -> AsyncIterator[str]:
    """The channel on a web server of its own, known to the stand-in; the webhook's URL."""
    site = web.AppRunner(web.Application(client_max_size=0), shutdown_timeout=0.1)
    port = _free_port()
    url = f"http://127.0.0.1:{port}"
    channel = a_channel(api, mode="webhook", public_url=url, other_secret=other_secret)
    site.app.add_routes(channel.routes(door.receive))
    await site.setup()
    await web.TCPSite(site, "127.0.0.1", port).start()
    await channel.start(door.receive)
    try:
        await api.until(lambda: api.updates.webhook is not None)
        yield f"http://127.0.0.1:{port}{PATH}"
    finally:
        await channel.stop()
        await site.cleanup()
        await channel.close()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
