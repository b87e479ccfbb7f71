"""What was worked out lately: a heavy count is made once for everybody who asks within minutes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar
from weakref import WeakKeyDictionary

from console.desk import Desk
from records.database import Database

T = TypeVar("T")
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

    async def get(self, desk: Desk, key: Hashable, make: Callable[[], Awaitable[T]]) -> Made[T]:
        """The answer to this, made now unless there is one."""
        kept = self._kept.setdefault(desk.means.database, {})
        found: Made[T] | None = kept.get(key)
        if found is not None and found.at <= desk.now < found.at + self.life:
            return found
        if len(kept) >= _MOST:
            kept.clear()
        kept[key] = made = Made(await make(), desk.now)
        return made
