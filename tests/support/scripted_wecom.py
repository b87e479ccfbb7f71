"""A server that answers as WeCom would where a test has not scripted something worse."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

import orjson
from aiohttp import web
from aiohttp.test_utils import TestServer

from channels.wecom.calls import Patience
from channels.wecom.client import Client
from channels.wecom.pacing import Pacing
from channels.wecom.tokens import TokenStore
from records.database import Database
from records.vault import Vault

CORP, SECRET, TOKEN = "wwCORPID0123456789", "SECRETsecret-9Zx", "TOKENtoken"
ADDRESS = "203.0.113.9"
PATIENCE = Patience(rest=0.01)


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer that is no JSON of the API; without a body the connection is cut."""

    body: bytes | None = None
    status: int = 200
    headers: Mapping[str, str] | None = None
    delay: float = 0.0


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes
    content_type: str

    @property
    def json(self) -> Any:
        return orjson.loads(self.body)


class ScriptedWecom:
    """`script[path]` is answered first: an error code, an object, or something Raw."""

    def __init__(self) -> None:
        self.script: dict[str, list[int | dict[str, Any] | Raw]] = defaultdict(list)
        self.asked: list[Asked] = []
        self.expires_in: Any = 7200
        self.secret = SECRET
        self.repeats_token = False  # gives the same token again when asked
        self.token_delay = 0.0
        self.asked_for_token = asyncio.Event()
        self._valid = ""
        self._app = web.Application(client_max_size=32 * 1024**2)
        self._app.router.add_route("*", "/cgi-bin/{path:.*}", self._answer)
        self._server = TestServer(self._app)

    async def __aenter__(self) -> Self:
        await self._server.start_server(access_log=None)  # it would tell the queries
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._server.close()

    @property
    def url(self) -> str:
        return str(self._server.make_url("")).rstrip("/")

    @classmethod
    def nowhere(cls) -> ScriptedWecom:
        """One that never listens."""
        return _Nowhere()

    def count(self, path: str) -> int:
        """How often a path was asked."""
        return sum(asked.path == path for asked in self.asked)

    def invalidate(self) -> None:
        """The token holds no longer."""
        self._valid = ""

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"]
        body = await request.read()
        kind = request.headers.get("Content-Type", "")
        self.asked.append(Asked(request.method, path, dict(request.query), body, kind))
        scripted = self.script[path].pop(0) if self.script[path] else None
        if isinstance(scripted, Raw):
            return await _raw(request, scripted)
        if isinstance(scripted, int):
            return _error(scripted)
        if path == "gettoken":
            return scripted_json(scripted) if scripted else await self._token(request.query)
        if not path.startswith("webhook/") and request.query.get("access_token") != self._valid:
            return _error(40014)
        return scripted_json(scripted or {"errcode": 0, "errmsg": "ok"})

    async def _token(self, query: Mapping[str, str]) -> web.Response:
        self.asked_for_token.set()
        await asyncio.sleep(self.token_delay)
        if query.get("corpid") != CORP or query.get("corpsecret") != self.secret:
            return _error(40001)
        if not (self.repeats_token and self._valid):
            self._valid = f"{TOKEN}{self.count('gettoken')}" if not self.repeats_token else TOKEN
        answer = {"errcode": 0, "access_token": self._valid, "expires_in": self.expires_in}
        return scripted_json(answer)


class _Nowhere(ScriptedWecom):
    @property
    def url(self) -> str:
        return "http://127.0.0.1:9"


def scripted_json(value: dict[str, Any]) -> web.Response:
    """An answer of the API."""
    return web.Response(body=orjson.dumps(value), content_type="application/json")


def _error(code: int) -> web.Response:
    said = f"sorry, hint: [17], from ip: {ADDRESS}, more info at https://open.example"
    return scripted_json({"errcode": code, "errmsg": said})


async def _raw(request: web.Request, raw: Raw) -> web.StreamResponse:
    await asyncio.sleep(raw.delay)
    if raw.body is None:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()
    return web.Response(body=raw.body, status=raw.status, headers=raw.headers)


class Clock:
    """A clock that the test turns."""

    def __init__(self, start: datetime) -> None:
        self.now = start

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **delta: float) -> None:
        """Let so much time pass."""
        self.now += timedelta(**delta)


def a_client(
    server: ScriptedWecom,
    database: Database,
    clock: Clock,
    *,
    owner: str = "tester",
    secret: str = SECRET,
    pacing: Pacing | None = None,
    patience: Patience = PATIENCE,
) -> Client:
    """A client that rests hardly between its tries."""
    return Client(
        base_url=server.url,
        corp_id=CORP,
        secret=secret,
        store=TokenStore(database, Vault("a key for tests only"), owner),
        now=clock,
        pacing=pacing,
        setting="GUIYAN_WECOM_KF_SECRET",
        patience=patience,
    )
