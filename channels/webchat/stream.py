"""Server-sent events: what reaches a visitor, each message once, in order, as it comes."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

import orjson
from aiohttp import web

from channels.webchat.history import options_as_json
from channels.webchat.parse import KIND
from channels.webchat.pictures import address
from channels.webchat.refusals import STOPPING, TOO_MANY_STREAMS, Refused
from records import outbox
from records.database import Database, StoreUnavailable
from records.messages import Outgoing
from records.vault import Vault

_PER_VISITOR = 5
_PAGE = 200  # messages read at a time
_REMEMBERED = 2 * _PAGE  # of those told
_PATIENCE = 5.0  # seconds that streams get to end when we stop


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Seconds: between two looks at the outbox, and between two signs of life.

    The sender of this process hands over what it sends, and what another sent is rung for; looking
    finds what nobody rang for. After `lively` seconds of silence it is done less often: sleeping
    phones shall cost little.
    """

    poll: float = 2.0
    idle_poll: float = 10.0
    lively: float = 60.0
    heartbeat: float = 15.0

    def until_next_look(self, silence: float) -> float:
        return self.poll if silence < self.lively else self.idle_poll


class Ear:
    """One open stream: what it was handed since it last looked."""

    def __init__(self) -> None:
        self._handed: list[Outgoing] = []
        self._woken = asyncio.Event()

    def hand(self, message: Outgoing) -> None:
        self._handed.append(message)
        self._woken.set()

    def wake(self) -> None:
        self._woken.set()

    def take_handed(self) -> list[Outgoing]:
        handed, self._handed = self._handed, []
        return handed

    async def wait(self, seconds: float) -> bool:
        """Until something was handed over or said, `seconds` at the most; whether it was."""
        try:
            async with asyncio.timeout(seconds):
                return await self._woken.wait()
        except TimeoutError:
            return False
        finally:
            self._woken.clear()


class Ears:
    """All open streams of this process, by visitor."""

    def __init__(self) -> None:
        self._ears: defaultdict[str, set[Ear]] = defaultdict(set)
        self._gone = asyncio.Event()
        self.is_stopping = False

    def open(self, visitor: str) -> Ear:
        """A new stream's ear; Refused when the visitor has too many, or we are stopping."""
        if self.is_stopping:
            raise Refused(STOPPING)
        if len(self._ears[visitor]) >= _PER_VISITOR:
            raise Refused(TOO_MANY_STREAMS)
        ear = Ear()
        self._ears[visitor].add(ear)
        return ear

    def close(self, visitor: str, ear: Ear) -> None:
        self._ears[visitor].discard(ear)
        if not self._ears[visitor]:
            del self._ears[visitor]
        self._gone.set()

    def of(self, visitor: str) -> Iterable[Ear]:
        return tuple(self._ears.get(visitor, ()))

    async def stop(self) -> None:
        """End every stream and wait until they are gone, if not for long."""
        self.is_stopping = True
        for ears in self._ears.values():
            for ear in ears:
                ear.wake()
        with suppress(TimeoutError):  # somebody does not read what we write: the server cuts them
            async with asyncio.timeout(_PATIENCE):
                while any(self._ears.values()):
                    self._gone.clear()
                    await self._gone.wait()


class Feed:
    """Decides what a stream still has to say.

    A message is handed over before its row is settled, so it arrives twice: from the sender and
    from the outbox, in either order. The place in the outbox moves only by what was read there;
    `_told` holds what was told last.
    """

    def __init__(self, database: Database, vault: Vault, visitor: str, after: int | None) -> None:
        self._database = database
        self._vault = vault
        self._conversation = f"{KIND}:{visitor}"
        self._place = after
        self._told: dict[int, None] = {}

    async def news(self, handed: Iterable[Outgoing]) -> list[Outgoing]:
        """What was not told yet: first what the outbox has, then what the sender handed over."""
        found = await self._from_outbox()
        return [m for m in (*found, *handed) if self._is_new(m.id)]

    async def _from_outbox(self) -> list[Outgoing]:
        read, chat = self._database.read, self._conversation
        if self._place is None:
            rows = await read(outbox.latest, chat, _PAGE)
        else:
            rows = await read(outbox.after, chat, self._place, _PAGE)
        self._place = max([self._place or 0, *(row.id or 0 for row in rows)])
        return [outbox.as_outgoing(row, self._vault) for row in rows]

    def _is_new(self, id: int) -> bool:
        is_new = id not in self._told
        self._told[id] = None
        if len(self._told) > _REMEMBERED:
            del self._told[next(iter(self._told))]
        return is_new


class EventWriter:
    """Writes events to one response."""

    def __init__(self, request: web.Request, response: web.StreamResponse) -> None:
        self._request = request
        self._response = response
        self._newest = 0

    @property
    def is_cut(self) -> bool:
        """Whether the visitor has gone away."""
        return self._request.transport is None

    async def begin(self) -> None:
        await self._response.write(b"retry: 2000\n\n")

    async def message(self, message: Outgoing) -> None:
        """One message; bulk overtaken by replies must not set back the place to resume from."""
        content = {
            "id": message.id,
            "text": message.text,
            "options": options_as_json(message.options),
            "kind": message.kind,
            **address(message.extra),
        }
        name = b"id: %d\n" % message.id if message.id > self._newest else b""
        self._newest = max(self._newest, message.id)
        await self._response.write(name + b"data: " + orjson.dumps(content) + b"\n\n")

    async def heartbeat(self) -> None:
        await self._response.write(b": \n\n")


async def tell(*, feed: Feed, ear: Ear, ears: Ears, writer: EventWriter, rhythm: Rhythm) -> None:
    """Write what there is to say until the visitor leaves or we stop."""
    clock = asyncio.get_running_loop().time
    heartbeat_at, silent_since = clock() + rhythm.heartbeat, clock()
    await writer.begin()
    while not (ears.is_stopping or writer.is_cut):
        news = await _news_or_nothing(feed, ear.take_handed())
        for message in news:
            await writer.message(message)
        if clock() >= heartbeat_at:
            await writer.heartbeat()
            heartbeat_at = clock() + rhythm.heartbeat
        look_in = rhythm.until_next_look(clock() - silent_since)
        if await ear.wait(min(look_in, max(0.0, heartbeat_at - clock()))) or news:
            silent_since = clock()


async def _news_or_nothing(feed: Feed, handed: list[Outgoing]) -> list[Outgoing]:
    # While the database is away the stream stays open: it will have what was handed over, too.
    try:
        return await feed.news(handed)
    except StoreUnavailable:
        return []
