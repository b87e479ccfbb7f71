"""What stands before several processes that take in, as nginx does."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

import aiohttp
from aiohttp import web

from tests.support.program import Program


class Front:
    """One address before all of them, in turn: who is away is passed over."""

    def __init__(self, programs: list[Program]) -> None:
        self.programs = programs
        self.answers: Counter[int] = Counter()
        self.address = ""
        self._turn = count()

    async def pass_on(self, request: web.Request) -> web.Response:
        body, start = await request.read(), next(self._turn) % len(self.programs)
        for program in self.programs[start:] + self.programs[:start]:
            try:
                async with aiohttp.request(
                    request.method,
                    f"{program.address}{request.path_qs}",
                    data=body,
                    headers=request.headers,
                ) as answer:
                    self.answers[answer.status] += 1
                    return web.Response(status=answer.status, body=await answer.read())
            except aiohttp.ClientConnectionError:
                continue
        return web.Response(status=502)


@asynccontextmanager
async def before(programs: list[Program]) -> AsyncIterator[Front]:
    """The front, while it serves."""
    front = Front(programs)
    site = web.Application()
    site.router.add_route("*", "/{rest:.*}", front.pass_on)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    front.address = f"http://{host}:{port}"
    try:
        yield front
    finally:
        await runner.cleanup()
