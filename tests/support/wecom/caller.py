"""A plain caller of the stand-in and a plain receiver of its callbacks, for its own tests."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import TracebackType
from typing import Any
from xml.etree import ElementTree

import orjson
from aiohttp import ClientSession, ClientTimeout, web

from tests.support.wecom.envelope import fields_of
from tests.support.wecom.seal import Seal
from tests.support.wecom.server import WeCom
from tests.support.wecom.tokens import App


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    content_type: str
    body: bytes

    def json(self) -> dict[str, Any]:
        value: dict[str, Any] = orjson.loads(self.body)
        return value


class Caller:
    """Calls the API with a fresh token of one app, without any cleverness."""

    def __init__(self, wecom: WeCom, name: str) -> None:
        self._wecom = wecom
        self._app = wecom.tokens.apps[name]
        self._session = ClientSession(timeout=ClientTimeout(total=5))
        self.token = ""

    async def __aenter__(self) -> Caller:
        self.token = (await self.get_token())["access_token"]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def get_token(self, secret: str = "") -> dict[str, Any]:
        query = {"corpid": self._wecom.corp.corp_id, "corpsecret": secret or self._app.secret}
        return await self._json("GET", "gettoken", query)

    async def call(self, path: str, **body: Any) -> dict[str, Any]:
        """POST; the whole answer."""
        return await self._json("POST", path, {"access_token": self.token}, json=body)

    async def code(self, path: str, **body: Any) -> int:
        """POST; the errcode only."""
        return int((await self.call(path, **body))["errcode"])

    async def read(self, path: str, **query: str) -> dict[str, Any]:
        """GET."""
        return await self._json("GET", path, {"access_token": self.token, **query})

    async def pull(self, account: str = "", cursor: str = "", **more: Any) -> list[dict[str, Any]]:
        """All items from the cursor on."""
        account, found = account or next(iter(self._wecom.kf.accounts)), []
        while True:
            page = await self.call("kf/sync_msg", open_kfid=account, cursor=cursor, **more)
            found += page["msg_list"]
            cursor = page["next_cursor"]
            if not page["has_more"]:
                return found

    async def robot(self, key: str, **body: Any) -> int:
        answer = await self._json("POST", "webhook/send", {"key": key}, json=body)
        return int(answer["errcode"])

    async def raw(self, method: str, path: str, query: dict[str, str], **more: Any) -> Answer:
        """The response itself."""
        url = f"{self._wecom.url}/cgi-bin/{path}"
        async with self._session.request(method, url, params=query, **more) as answer:
            return Answer(answer.status, answer.content_type, await answer.read())

    async def _json(
        self, method: str, path: str, query: dict[str, str], **more: Any
    ) -> dict[str, Any]:
        return (await self.raw(method, path, query, **more)).json()


@dataclass(slots=True)
class Receiver:
    """Our side as a plain server: opens what comes, and answers as told."""

    seal: Seal
    statuses: list[int] = field(default_factory=list)  # of the next answers; then 200
    got: list[dict[str, Any]] = field(default_factory=list)
    reply: str = ""
    address: str = ""
    _runner: web.AppRunner | None = None

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/{rest:.*}", self._check)
        app.router.add_post("/{rest:.*}", self._take)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.address = f"http://127.0.0.1:{self._runner.addresses[0][1]}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _check(self, request: web.Request) -> web.Response:
        encrypted = request.query["echostr"]
        self._verify(request, encrypted)
        return web.Response(body=self.seal.open(encrypted).encode())

    async def _take(self, request: web.Request) -> web.Response:
        encrypted = fields_of(ElementTree.fromstring(await request.text()))["Encrypt"]
        self._verify(request, encrypted)
        self.got.append(fields_of(ElementTree.fromstring(self.seal.open(encrypted))))
        status = self.statuses.pop(0) if self.statuses else 200
        return web.Response(status=status, text=self.reply)

    def _verify(self, request: web.Request, encrypted: str) -> None:
        query = request.query
        expected = self.seal.signature(query["timestamp"], query["nonce"], encrypted)
        assert query["msg_signature"] == expected


def receiver(wecom: WeCom, app: App) -> Receiver:
    """A receiver with the secrets of the app."""
    return Receiver(wecom.callbacks.seal(app))
