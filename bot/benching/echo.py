"""The limit for a webhook: a bare aiohttp server that parses the body and answers 200."""

from __future__ import annotations

import sys

import orjson
from aiohttp import web


async def _echo(request: web.Request) -> web.Response:
    orjson.loads(await request.read())
    return web.Response()


def main(port: int) -> None:
    """Serve on `port` until told to stop."""
    import uvloop

    server = web.Application()
    server.router.add_post("/echo", _echo)
    web.run_app(
        server,
        host="127.0.0.1",
        port=port,
        access_log=None,
        print=None,
        loop=uvloop.new_event_loop(),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
