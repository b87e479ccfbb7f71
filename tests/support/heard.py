"""What a channel gave to the door, each message once, for tests of a channel alone."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

from records.messages import Inbound


class Heard:
    """A door that only keeps: new is what it has not seen."""

    def __init__(self) -> None:
        self.heard: list[Inbound] = []
        self.faults = 0  # how many of the next calls go wrong
        self._known: set[str] = set()

    async def receive(self, messages: Iterable[Inbound]) -> list[bool]:
        """The door: for each message, whether it is new."""
        if self.faults:
            self.faults -= 1
            raise ValueError("a fault of our own")
        fresh = []
        for message in messages:
            fresh.append(message.outer_id not in self._known)
            self._known.add(message.outer_id)
            if fresh[-1]:
                self.heard.append(message)
        return fresh

    async def hears(self, count: int, seconds: float = 5) -> list[str]:
        """Wait until so many messages came in all; their texts."""
        async with asyncio.timeout(seconds):
            while len(self.heard) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        return [message.text for message in self.heard]
