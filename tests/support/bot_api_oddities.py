"""What providers do besides refusing: they answer in other words, flood-limit, or never answer."""

from __future__ import annotations

import asyncio
import random
from dataclasses import dataclass

import orjson
from aiohttp import web

_FOREVER = 3600.0
_PAGE = "<html><head><title>302 Found</title></head><body>nginx</body></html>"
_HALF = '{"ok": true, "result": {"message_id": 17, "da'
_FAILED = {"ok": False, "error_code": 500, "description": "Internal Server Error"}
_FLOOD = {
    "ok": False,
    "error_code": 429,
    "description": "Too Many Requests: retry after 1",
    "parameters": {"retry_after": 1},
}


@dataclass(slots=True)
class Oddity:
    """Shares of the sends of which this becomes."""

    flooded: float = 0.0  # 429, not accepted
    silent: float = 0.0  # not accepted, and never answered
    wrong: float = 0.0  # half of them accepted; answered with HTML, half a JSON, 200 and ok false

    async def before(self, rng: random.Random) -> web.Response | None:
        """The answer to a send that is not accepted."""
        if rng.random() < self.flooded:
            return _json(429, _FLOOD)
        if rng.random() < self.silent:
            await asyncio.sleep(_FOREVER)
        return _wrong(rng) if rng.random() < self.wrong / 2 else None

    def after(self, rng: random.Random) -> web.Response | None:
        """The answer to one that was accepted, if not the usual one."""
        return _wrong(rng) if rng.random() < self.wrong / 2 else None


def _wrong(rng: random.Random) -> web.Response:
    kinds = (
        lambda: web.Response(text=_PAGE, content_type="text/html"),
        lambda: web.Response(text=_HALF, content_type="application/json"),
        lambda: _json(200, _FAILED),
    )
    return rng.choice(kinds)()


def _json(status: int, value: object) -> web.Response:
    return web.Response(status=status, body=orjson.dumps(value), content_type="application/json")
