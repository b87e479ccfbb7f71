"""The port that this process serves: as many new connections a moment as come."""

from __future__ import annotations

import asyncio

from aiohttp import web

_BACKLOG = 1024
_LISTENERS = 8


async def listen(runner: web.AppRunner, host: str, port: int) -> None:
    """Serve on `host` and `port`; raises OSError.

    Several listeners share each socket: the fast event loop takes one connection per listener
    each time round, and a round lasts as long as an answer takes.
    """
    bound = await asyncio.get_running_loop().create_server(
        asyncio.Protocol, host, port, backlog=_BACKLOG, start_serving=False
    )
    try:
        for socket in bound.sockets:
            for _ in range(_LISTENERS):
                await web.SockSite(runner, socket.dup(), backlog=_BACKLOG).start()
    finally:
        bound.close()
