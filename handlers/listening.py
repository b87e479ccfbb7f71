"""From a spoken message to its words: fetched, within our limits, recognised, and believed or not.

Never raises and never waits for long: whoever cannot be heard is asked to type or to tap."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from enum import Enum
from typing import Protocol

from handlers import hearing
from handlers.recordings import MOST_BYTES, MOST_SECONDS, Recording, recording, seconds
from handlers.texts import table
from records.messages import Inbound, InboundKind

_AT_ONCE = 8
_QUEUE_SECONDS = 10.0
_FETCH_SECONDS = 20.0

_READABLE = re.compile(r"[\u4e00-\u9fff\d]")
# A recogniser gone round in circles; a number may well repeat a digit.
_STUCK = re.compile(r"([^\d\s,，。零〇一二三四五六七八九]{1,10}?)[\s,，。]*(?:\1[\s,，。]*){7,}")
_LINK = re.compile(r"://|www\.", re.IGNORECASE)  # nobody speaks one
_PER_SECOND, _SPARE = 12, 30  # characters that somebody may speak, and so many more

# The file of a message; None where it cannot be had. Never raises.
Fetch = Callable[[Inbound], Awaitable[bytes | None]]


class Unheard(Enum):
    """Why a voice gave no words."""

    UNCLEAR = "unclear"
    LONG = "long"
    AWAY = "away"  # file or recogniser out of reach, or the kind of file refused


class Recogniser(Protocol):
    """Makes words out of a recording; keeps to a time-out of its own and never raises."""

    def is_resting(self) -> bool:
        """Whether asking is no use just now: then nothing is fetched either."""
        ...

    async def recognised(self, spoken: Recording) -> str | None:
        """The words, "" where there are none; None where they could not be had."""
        ...


class Listener:
    """Hears what people speak on the channels that give the files."""

    def __init__(self, recogniser: Recogniser, sources: Mapping[str, Fetch]) -> None:
        self._recogniser = recogniser
        self._sources = sources
        self._places = asyncio.Semaphore(_AT_ONCE)

    def may_hear(self, message: Inbound) -> bool:
        """Whether a message is a voice for us; what is spoken in a group is not listened to."""
        is_ours = message.kind is InboundKind.VOICE and not message.is_group
        return is_ours and bool(message.extra.get("file_id")) and message.channel in self._sources

    async def heard(self, message: Inbound) -> str | Unheard:
        """The words of a voice, or why there are none."""
        if _told_seconds(message) > MOST_SECONDS:
            return Unheard.LONG
        if message.channel not in self._sources or self._recogniser.is_resting():
            return Unheard.AWAY
        try:
            async with asyncio.timeout(_QUEUE_SECONDS):
                await self._places.acquire()
        except TimeoutError:
            return Unheard.AWAY
        try:
            return await self._words(message)
        finally:
            self._places.release()

    async def _words(self, message: Inbound) -> str | Unheard:
        content = await self._fetched(message)
        if content is not None and (len(content) > MOST_BYTES or seconds(content) > MOST_SECONDS):
            return Unheard.LONG
        spoken = recording(content) if content is not None else None
        if content is None or spoken is None:
            return Unheard.AWAY
        words = await self._recogniser.recognised(spoken)
        if words is None:
            return Unheard.AWAY
        length = _told_seconds(message) or seconds(content)
        return words if is_believable(words, length) else Unheard.UNCLEAR

    async def _fetched(self, message: Inbound) -> bytes | None:
        try:
            async with asyncio.timeout(_FETCH_SECONDS):
                return await self._sources[message.channel](message)
        except TimeoutError:
            return None


def is_believable(words: str, length: float) -> bool:
    """Whether somebody may have said this in so many seconds (0 = not known).

    Recognisers make up words out of silence and noise, and always the same ones.
    """
    if len(words) > _PER_SECOND * (length or MOST_SECONDS) + _SPARE:
        return False
    said = hearing.core(hearing.clean(words))
    if not _READABLE.search(said) and said not in table("words")["answers"]["yes"]:
        return False
    if _LINK.search(words) or _STUCK.search(words):
        return False
    return not any(phrase in said for phrase in table("words")["noise"]["heard"])


def _told_seconds(message: Inbound) -> float:
    """How long the channel says that a voice is; 0 where it does not say."""
    told = message.extra.get("duration", "")
    return float(told) if told.isdecimal() else 0.0
