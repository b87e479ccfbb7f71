"""What changes while a page is open: topics with versions, told to browsers as they change."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from aiohttp import web

from console.desk import Desk
from records.database import Session, StoreUnavailable
from records.staff_accounts import Staff

Version = Callable[[Session, Staff, str, datetime], str]

POLL = 1.0  # seconds between two looks, however many pages are open
_BEAT = 15.0  # seconds between two signs of life
_LIFE = 600.0  # seconds: then the browser comes again, and its rights are looked at anew
_MOST_TOPICS, _MOST_STREAMS = 6, 300
_AGAIN = 3000  # milliseconds


@dataclass(slots=True)
class _Look:
    """What was found when somebody last looked; others within a second take it from here."""

    version: str = ""
    at: float = -POLL
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


class Live:
    """The streams of this process."""

    def __init__(self, topics: Mapping[str, Version]) -> None:
        self._topics = dict(topics)
        self._looks: dict[tuple[str, str], _Look] = {}
        self._open = 0
        self._is_stopping = asyncio.Event()

    def stop(self) -> None:
        """Streams end; no new ones begin."""
        self._is_stopping.set()

    async def stream(self, desk: Desk) -> web.StreamResponse:
        """Tell each change of the topics that are asked for."""
        asked = desk.request.query.getall("topic", [])[:_MOST_TOPICS]
        wanted = [one for one in asked if one.partition(":")[0] in self._topics]
        if not wanted or self._open >= _MOST_STREAMS or self._is_stopping.is_set():
            return web.Response(status=204)  # a browser does not come again after that
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(desk.request)
        self._open += 1
        try:
            await response.write(f"retry: {_AGAIN}\n\n".encode())
            await self._tell(desk, wanted, response)
        except (ConnectionResetError, StoreUnavailable):
            pass  # the browser left, or comes again when the store is there
        finally:
            self._open -= 1
        return response

    async def _tell(self, desk: Desk, wanted: list[str], response: web.StreamResponse) -> None:
        known: dict[str, str] = {}
        began = beat = time.monotonic()
        while not self._is_stopping.is_set() and time.monotonic() - began < _LIFE:
            found = {topic: await self._version(desk, topic) for topic in wanted}
            changed = [topic for topic in wanted if found[topic] != known.get(topic)]
            if changed and known:
                await response.write(b"data: " + orjson.dumps(changed) + b"\n\n")
            elif time.monotonic() - beat > _BEAT:
                beat = time.monotonic()
                await response.write(b": here\n\n")
            known = found
            await self._pause()

    async def _pause(self) -> None:
        try:
            await asyncio.wait_for(self._is_stopping.wait(), POLL)
        except TimeoutError:
            return

    async def _version(self, desk: Desk, topic: str) -> str:
        look = self._looks.setdefault((topic, desk.staff.name), _Look())
        async with look.turn:
            if time.monotonic() - look.at >= POLL:
                name, _, key = topic.partition(":")
                read = self._topics[name]
                look.version = await desk.read(read, desk.staff, key[:40], desk.means.now())
                look.at = time.monotonic()
        return look.version
