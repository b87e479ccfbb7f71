"""Tries to sign in go one after another: side by side, many would pass before one is counted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from weakref import WeakValueDictionary

_TURNS: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


@asynccontextmanager
async def in_turn(name: str, source: str) -> AsyncIterator[None]:
    """Alone with this name, and from this place, until it is over."""
    async with AsyncExitStack() as turns:
        for key in (f"name {name}", f"from {source}"):
            await turns.enter_async_context(_TURNS.setdefault(key, asyncio.Lock()))
        yield
