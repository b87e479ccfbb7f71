"""Several workers beside each other: who is at which conversation, so that no turn is lost.

It saves work, no more: what two did at once is decided by the conversation's version.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Protocol

_TOGETHER, _BESIDE_OTHERS = 64, 32  # conversations advanced in one go
_LOOKS = 7  # at who is at a conversation, in two seconds, before we ask whether they still are
_GIVE_WAY, _DOUBLINGS = 0.05, 5  # seconds at most before the first and the later tries


class Turns(Protocol):
    """Which conversations the workers of other processes are at."""

    async def take(self, keys: Sequence[str]) -> set[str]:
        """Those of these that no other is at: they are ours until `end`."""

    async def abandoned(self, keys: Sequence[str]) -> set[str]:
        """Those whose worker stands still."""

    def end(self, keys: Collection[str]) -> None:
        """Others may be at these."""

    async def close(self) -> None:
        """Let go of all."""


class Beside:
    """One worker's place among others; without `turns` it is alone."""

    def __init__(self, turns: Turns | None) -> None:
        self._turns = turns
        self._elsewhere: Counter[str] = Counter()  # how often in a row another was at it

    def portion(self, ready: int) -> int:
        """How many of those that are ready to advance now: half is left to others."""
        if self._turns is None:
            return min(ready, _TOGETHER)
        return min((ready + 1) // 2, _BESIDE_OTHERS)

    async def ours(self, keys: Sequence[str]) -> tuple[list[str], float]:
        """Those that no other is at, and the seconds after which the rest is looked at again."""
        if self._turns is None:
            return list(keys), 0.0
        ours = await self._turns.take(keys)
        waiting = {*keys} - ours
        if long := [key for key in waiting if self._elsewhere[key] % _LOOKS == _LOOKS - 1]:
            ours |= await self._turns.abandoned(long)
        for key in ours:
            self._elsewhere.pop(key, None)
        self._elsewhere.update(waiting - ours)
        rest = a_moment(max((self._elsewhere[key] for key in waiting - ours), default=0))
        return [key for key in keys if key in ours], rest

    def end(self, keys: Collection[str]) -> None:
        """We are no longer at these."""
        if self._turns is not None:
            self._turns.end(keys)

    async def close(self) -> None:
        """Leave all to the others."""
        if self._turns is not None:
            await self._turns.close()


def a_moment(tries: int) -> float:
    """Seconds, by chance, so that two who wait do not meet again."""
    return random.uniform(0, _GIVE_WAY * 2 ** min(tries, _DOUBLINGS))
