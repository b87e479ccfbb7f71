"""The port takes new connections by the handful, also while answers keep the loop busy."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from bot.listening import listen

_CALLERS = 24


def _run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """On the loop of the service, which takes one connection per listener and round."""
    if sys.platform == "win32":
        pytest.skip("the service has no other loop there")
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(work())


@asynccontextmanager
async def _serving(port: int = 0) -> AsyncIterator[web.AppRunner]:
    runner = web.AppRunner(web.Application(), shutdown_timeout=0.1)
    await runner.setup()
    try:
        await listen(runner, "127.0.0.1", port)
        yield runner
    finally:
        await runner.cleanup()


def _callers(address: tuple[str, int]) -> list[socket.socket]:
    """Connected as far as the system is concerned: nobody has taken them in yet."""
    return [socket.create_connection(address, timeout=5) for _ in range(_CALLERS)]


def test_a_crowd_is_let_in_within_a_few_rounds() -> None:
    async def work() -> None:
        async with _serving() as runner:
            callers = _callers(runner.addresses[0])
            for _ in range(8):
                await asyncio.sleep(0)
            assert runner.server is not None
            let_in = len(runner.server.connections)
            for caller in callers:
                caller.close()
        assert let_in == _CALLERS

    _run(work)


def test_a_port_in_use_is_refused() -> None:
    async def work() -> None:
        async with _serving() as runner:
            with pytest.raises(OSError, match="address already in use"):
                async with _serving(runner.addresses[0][1]):
                    pass

    _run(work)
