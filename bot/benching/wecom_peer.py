"""微信客服 for a benchmark: people who write at an even rate, pages to pull, replies noted."""

from __future__ import annotations

import asyncio
import random
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import orjson
from aiohttp import web

from bot.commands.service import run_loop

ACCOUNT = "wk0000000000000000"
PEOPLE = 1_000
# What is asked in turn, and words that only its answer has.
QUESTIONS = (
    ("定陶区个体户创业担保贷款最高多少", "干个体的，创业担保贷款最高"),
    ("宜昌一次性创业补贴要什么条件", "一次性创业补贴要第一次"),
    ("濮阳小微企业贴息贷款多少", "小微企业的贴息贷款"),
)
_PAGE = 1_000
_ROUND_TRIP = (0.04, 0.08)  # seconds
_BODY_BYTES = 64 * 1024**2

Json = dict[str, Any]


@dataclass(slots=True)
class _World:
    """What was written so far is told by the clock: `written` before, then `rate` a second."""

    written: int = 0
    coming: int = 0
    rate: float = 1.0
    began: float = 0.0
    pulls: int = 0
    sent: list[Json] = field(default_factory=list)
    msgids: set[str] = field(default_factory=set)

    def begin(self, count: int, rate: float) -> None:
        """So many more are written from now on."""
        self.written = self.last()
        self.coming, self.rate, self.began = count, rate, time.time()

    def last(self) -> int:
        """The number of the newest message."""
        passed = int((time.time() - self.began) * self.rate) + 1
        return self.written + min(self.coming, passed)


class _Peer:
    """The few calls that the service makes, answered as late as over a real line."""

    def __init__(self) -> None:
        self._world = _World()
        self._dice = random.Random(1)

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/cgi-bin/kf/sync_msg", self._page),
            web.post("/cgi-bin/kf/send_msg", self._send),
            web.get("/cgi-bin/gettoken", self._token),
            web.post("/control/begin", self._begin),
            web.get("/control/state", self._state),
            web.get("/control/sent", self._sent),
        ]

    async def _token(self, _request: web.Request) -> web.Response:
        return _fine({"access_token": "a-token-for-benchmarks", "expires_in": 7200})

    async def _page(self, request: web.Request) -> web.Response:
        body = orjson.loads(await request.read())
        await self._travel()
        first = int(body.get("cursor") or 0)
        last = self._world.last()
        end = min(last, first + min(_PAGE, body["limit"]))
        self._world.pulls += 1
        listed = [_item(number) for number in range(first + 1, end + 1)]
        return _fine({"next_cursor": str(end), "has_more": int(end < last), "msg_list": listed})

    async def _send(self, request: web.Request) -> web.Response:
        body = orjson.loads(await request.read())
        await self._travel()
        world = self._world
        if body["msgid"] in world.msgids:
            return _answer({"errcode": 40058, "errmsg": "msgid already exists"})
        world.msgids.add(body["msgid"])
        world.sent.append({"at": time.time(), "to": body["touser"], "text": _said(body)})
        return _fine({"msgid": body["msgid"]})

    async def _begin(self, request: web.Request) -> web.Response:
        wanted = orjson.loads(await request.read())
        self._world.begin(wanted["count"], wanted["rate"])
        return _fine({})

    async def _state(self, _request: web.Request) -> web.Response:
        world = self._world
        return _fine({"sent": len(world.sent), "pulls": world.pulls})

    async def _sent(self, request: web.Request) -> web.Response:
        first = int(request.query.get("since", "0"))
        return web.Response(body=orjson.dumps(self._world.sent[first:]))

    async def _travel(self) -> None:
        await asyncio.sleep(self._dice.uniform(*_ROUND_TRIP))


def asked(number: int) -> int:
    """Which question the message of this number asks: everybody asks one after the other."""
    return (number - 1) // PEOPLE % len(QUESTIONS)


def writer(number: int) -> str:
    """Who writes the message of this number."""
    return f"wm{number % PEOPLE:020d}"


def _item(number: int) -> Json:
    return {
        "msgid": f"m{number}",
        "open_kfid": ACCOUNT,
        "external_userid": writer(number),
        "send_time": int(time.time()),
        "origin": 3,
        "msgtype": "text",
        "text": {"content": QUESTIONS[asked(number)][0]},
    }


def _said(body: Json) -> str:
    if body["msgtype"] == "msgmenu":
        return str(body["msgmenu"]["head_content"])
    return str(body["text"]["content"])


def _fine(more: Json) -> web.Response:
    return _answer({"errcode": 0, "errmsg": "ok", **more})


def _answer(value: Json) -> web.Response:
    return web.Response(body=orjson.dumps(value), content_type="application/json")


async def _serve() -> None:
    server = web.Application(client_max_size=_BODY_BYTES)
    server.add_routes(_Peer().routes())
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    sys.stdout.write(f"http://127.0.0.1:{runner.addresses[0][1]}\n")
    sys.stdout.flush()
    await asyncio.Event().wait()


if __name__ == "__main__":
    run_loop(_serve())
