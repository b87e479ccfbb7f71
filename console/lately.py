"""What was worked out lately: a heavy count is made once for everybody who asks within minutes."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from console.desk import Desk
from records.database import Database

T = TypeVar("T")
Make = Callable[[], Awaitable[T]]
_MOST = 500  # answers that are kept


@dataclass(frozen=True, slots=True)
class Made(Generic[T]):
    """An answer, and of which moment it is."""

    value: T
    at: datetime


@dataclass(slots=True)
class Lately:
    """Answers by key, each for a while; those of another database are others."""

    life: timedelta
    _kept: WeakKeyDictionary[Database, dict[Hashable, Made[Any]]] = field(
        default_factory=WeakKeyDictionary
    )

    _making: WeakKeyDictionary[Database, dict[Hashable, asyncio.Task[Made[Any]]]] = field(
        default_factory=WeakKeyDictionary
    )

    async def get(self, desk: Desk, key: Hashable, make: Make[T]) -> Made[T]:
        """The answer to this, made now unless there is one."""
        found = await self.soon(desk, key, make, None)
        assert found is not None  # it was waited for
        return found

    async def soon(
        self, desk: Desk, key: Hashable, make: Make[T], patience: float | None
    ) -> Made[T] | None:
        """The answer if it is there in so many seconds; else None, and it goes on being made."""
        found: Made[T] | None = self._kept.setdefault(desk.means.database, {}).get(key)
        if found is not None and found.at <= desk.now < found.at + self.life:
            return found
        making = self._made(desk, key, make)
        done, _ = await asyncio.wait({making}, timeout=patience)
        return making.result() if done else None

    def is_making(self, sign: Callable[[Any], bool]) -> bool:
        """Whether an answer with such a key is being made."""
        return any(sign(key) for mine in list(self._making.values()) for key in list(mine))

    def _made(self, desk: Desk, key: Hashable, make: Make[T]) -> asyncio.Task[Made[T]]:
        """The making of an answer, one for everybody who asks meanwhile."""
        database = desk.means.database
        mine = self._making.setdefault(database, {})

        async def made() -> Made[T]:
            answer = Made(await make(), desk.now)
            kept = self._kept[database]
            if len(kept) >= _MOST:
                kept.clear()
            kept[key] = answer
            return answer

        def over(task: asyncio.Task[Made[T]]) -> None:
            mine.pop(key, None)
            if not task.cancelled():
                task.exception()  # whoever asks next makes it anew, and hears of it

        if key not in mine:
            mine[key] = asyncio.create_task(made())
            mine[key].add_done_callback(over)
        return mine[key]
