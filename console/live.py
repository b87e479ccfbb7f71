"""What changes while a page is open: topics with versions, told to browsers as they change."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import orjson
from aiohttp import web

from console.desk import Desk
from records import console_access, staff_accounts
from records.database import Session, StoreUnavailable
from records.staff_accounts import Staff

Version = Callable[[Session, Staff, str, datetime], str]

POLL = 1.0  # seconds between two looks, however many pages are open
_BEAT = 15.0  # seconds between two signs of life
_LIFE = 600.0  # seconds: then the browser comes again
_WATCH = 3.0  # seconds between two looks at whether they are still signed in, as what they were
_MOST_TOPICS, _MOST_STREAMS, _MOST_OF_ONE = 6, 300, 30
_KEY = 18  # signs of a key at most: a number that a database can hold
_LOOKS = 2000  # kept; then those are dropped that nobody asks for
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
        self._open: Counter[str] = Counter()  # by the name of who watches
        self._is_stopping = asyncio.Event()

    def stop(self) -> None:
        """Streams end; no new ones begin."""
        self._is_stopping.set()

    async def stream(self, desk: Desk) -> web.StreamResponse:
        """Tell each change of the topics that are asked for."""
        asked = desk.request.query.getall("topic", [])[:_MOST_TOPICS]
        wanted = [one for one in asked if self._knows(one)]
        if not wanted or self._is_full(desk.staff.name) or self._is_stopping.is_set():
            return web.Response(status=204)  # a browser does not come again after that
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(desk.request)
        self._open[desk.staff.name] += 1
        try:
            await response.write(f"retry: {_AGAIN}\n\n".encode())
            await self._tell(desk, wanted, response)
        except (ConnectionResetError, StoreUnavailable):
            pass  # the browser left, or comes again when the store is there
        finally:
            self._open[desk.staff.name] -= 1
        return response

    def _knows(self, topic: str) -> bool:
        name, _, key = topic.partition(":")
        return name in self._topics and len(key) <= _KEY

    def _is_full(self, name: str) -> bool:
        return self._open[name] >= _MOST_OF_ONE or self._open.total() >= _MOST_STREAMS

    async def _tell(self, desk: Desk, wanted: list[str], response: web.StreamResponse) -> None:
        known: dict[str, str] = {}
        began = beat = watched = time.monotonic()
        while not self._is_stopping.is_set() and time.monotonic() - began < _LIFE:
            if time.monotonic() - watched >= _WATCH:
                watched = time.monotonic()
                if not await desk.read(_is_still, desk.token_print, desk.staff, desk.means.now()):
                    return  # the browser comes again, and is let in or not
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
        self._tidy()
        look = self._looks.setdefault((topic, desk.staff.name), _Look())
        async with look.turn:
            if time.monotonic() - look.at >= POLL:
                name, _, key = topic.partition(":")
                read = self._topics[name]
                look.version = await desk.read(read, desk.staff, key, desk.means.now())
                look.at = time.monotonic()
        return look.version

    def _tidy(self) -> None:
        if len(self._looks) > _LOOKS:
            since = time.monotonic() - 10 * POLL
            self._looks = {key: look for key, look in self._looks.items() if look.at > since}


def _is_still(session: Session, token_print: str, staff: Staff, now: datetime) -> bool:
    """Whether this browser is signed in yet, by somebody of the same post."""
    known = console_access.signed_in(session, token_print)
    found = staff_accounts.active(session, staff.name)
    if known is None or found is None or known.is_over(now):
        return False
    return (found.role, found.area) == (staff.role, staff.area)
