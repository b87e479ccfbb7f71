"""A local stand-in for the servers of WeCom, and the people and staff on its other side.

Tests use it in their own process:

    async with WeCom() as wecom:
        customer = wecom.kf.customer()
        await wecom.listen(address)            # the checks of our callback addresses
        wecom.kf.says(customer, "你好")
        await wecom.until(lambda: wecom.phones.texts(customer))

`python -m tests.support.wecom --port 8090` runs it alone, with a page to act on.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from random import Random

import orjson
from aiohttp import StreamReader, web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import RawRequestMessage
from aiohttp.web_protocol import RequestHandler

from tests.support.wecom import wire
from tests.support.wecom.app import SelfBuiltApp
from tests.support.wecom.callbacks import Callbacks
from tests.support.wecom.clock import Clock
from tests.support.wecom.contacts import Contacts
from tests.support.wecom.contacts_calls import ContactCalls
from tests.support.wecom.faults import Fault, Faults, Kind
from tests.support.wecom.ids import Ids
from tests.support.wecom.kf import Kf
from tests.support.wecom.kf_calls import KfCalls
from tests.support.wecom.limits import CallLimits
from tests.support.wecom.media import Media
from tests.support.wecom.page import answer_page
from tests.support.wecom.phones import Phones
from tests.support.wecom.robots import Robots
from tests.support.wecom.tokens import App, Tokens
from tests.support.wecom.wire import Body, Refused
from tests.support.wecom.world import Call, Corp

CORP_ID = "ww8a3b0c5d9e1f2a47"
_ROOT = "/cgi-bin/"
_BODY_BYTES = 64 * 1024 * 1024
_PATHS = {"app": "/wecom/app", "kf": "/wecom/kf", "contact": "/wecom/contact"}


class WeCom:
    """The server, one corp in it, three apps of that corp, and everybody's phones."""

    def __init__(
        self, *, clock: Clock | None = None, port: int = 0, seed: int = 1, corp_id: str = CORP_ID
    ) -> None:
        self.port = port
        self.clock: Clock = clock or Clock()
        self.corp = _corp(corp_id, self.clock, Random(seed))
        self.tokens: Tokens = self.corp.tokens
        self.callbacks: Callbacks = self.corp.callbacks
        self.phones: Phones = self.corp.phones
        self.media: Media = self.corp.media
        apps = {name: self.tokens.add(name, 1_000_002 + n) for n, name in enumerate(_PATHS)}
        self.kf: Kf = Kf(self.corp, apps["kf"])
        self.kf.account()
        self.app: SelfBuiltApp = SelfBuiltApp(self.corp, apps["app"])
        self.contacts: Contacts = Contacts(self.corp, apps["contact"])
        self.robots: Robots = Robots(self.corp)
        self.callbacks.on_reply = self.app.replied
        self.faults: Faults = Faults(Random(seed + 1))
        self.limits: CallLimits = CallLimits()
        self.latency = (0.0, 0.0)  # real seconds that a call takes, from and to
        self._rng = Random(seed + 2)
        self.answers: Counter[tuple[str, int]] = Counter()  # path, errcode
        self._calls: dict[str, Call] = {
            **KfCalls(self.kf).calls(),
            **self.app.calls(),
            **ContactCalls(self.contacts).calls(),
        }
        self._runner: web.ServerRunner | None = None
        self._changed = asyncio.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def settings(self) -> dict[str, str]:
        """The settings of our own side for all modes of this corp."""
        app, kf, contact = (self.tokens.apps[name] for name in _PATHS)
        return {
            "GUIYAN_WECOM_CORP_ID": self.corp.corp_id,
            "GUIYAN_WECOM_BASE_URL": self.url,
            "GUIYAN_WECOM_APP_AGENT_ID": str(app.agent_id),
            **_secrets("APP", app),
            **_secrets("KF", kf),
            "GUIYAN_WECOM_KF_ACCOUNTS": ",".join(self.kf.accounts),
            **_secrets("CONTACT", contact),
            **self._robot_settings(),
        }

    def _robot_settings(self) -> dict[str, str]:
        robots = [self.robots.find(key) for key in self.robots.known()]
        named = ",".join(f"{robot.name}={robot.key}" for robot in robots)
        return {"GUIYAN_WECOM_ROBOTS": named} if named else {}

    async def listen(self, address: str, *names: str) -> list[str]:
        """Check the callback addresses under `address`; the names of the apps that passed."""
        wanted = names or tuple(_PATHS)
        return [
            name
            for name in wanted
            if await self.callbacks.check(self.tokens.apps[name], address + _PATHS[name])
        ]

    async def until(self, happened: Callable[[], object], seconds: float = 5.0) -> None:
        """Wait for something that calls to this server bring about."""
        async with asyncio.timeout(seconds):
            while not happened():
                self._changed.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.02):
                        await self._changed.wait()

    async def start(self) -> None:
        server = web.Server(self._serve, request_factory=_request, access_log=None)
        self._runner = web.ServerRunner(server, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """Close the port; everything stays as it is, so that it may start again."""
        await self.callbacks.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def __aenter__(self) -> WeCom:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        if not request.path.startswith(_ROOT):
            return await answer_page(self, request)
        path = request.path.removeprefix(_ROOT)
        fault = self.faults.of(path)
        if fault is not None and not fault.kind.has_effect:
            return await self._go_wrong(request, fault)
        answer = await self._answer(request, path)
        self._changed.set()
        return answer if fault is None else await self._go_wrong(request, fault)

    async def _answer(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        try:
            self.limits.enter(path, self.clock.now())
        except Refused as refused:
            return self._refuse(path, refused)
        try:
            if self.latency[1]:
                await asyncio.sleep(self._rng.uniform(*self.latency))
            answer = await self._do(request, path)
            self.answers[path, 0] += 1
        except Refused as refused:
            return self._refuse(path, refused)
        finally:
            self.limits.leave(path)
        return answer

    async def _do(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        if path == "gettoken":
            return wire.fine(self.tokens.issue(request.query))
        if path.startswith("webhook/"):
            return await self._do_robot(request, path)
        app = self.tokens.owner(request.query)
        if path.startswith("media/"):
            return await self._do_media(request, path)
        if path in {"getcallbackip", "get_api_domain_ip"}:
            return wire.fine({"ip_list": ["127.0.0.1"]})
        if path not in self._calls:
            return web.Response(status=404, text="<html>404 Not Found</html>")
        call = self._calls[path]
        if call.right not in app.rights:
            raise Refused(48002, "api forbidden")
        body, warning = await _body(request)
        answer = call.do(app, {**body, **_named(request.query)})
        return wire.json({"errcode": 0, "errmsg": "ok" + warning, **answer})

    async def _do_robot(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        key = request.query.get("key", "")
        if path == "webhook/upload_media":
            return wire.fine(await self.robots.upload(key, request))
        body, warning = await _body(request)
        answer = self.robots.send(key, body)
        return wire.json({"errcode": 0, "errmsg": "ok" + warning, **answer})

    async def _do_media(self, request: web.BaseRequest, path: str) -> web.StreamResponse:
        if path == "media/get":
            return self.media.get(request)
        if path == "media/uploadimg":
            return await self.media.upload_image(request)
        kind = request.query.get("type", "")
        return wire.json({"errcode": 0, "errmsg": "", **await self.media.upload(request, kind)})

    def _refuse(self, path: str, refused: Refused) -> web.Response:
        self.answers[path, refused.code] += 1
        return wire.refusal(refused, self.answers.total())

    async def _go_wrong(self, request: web.BaseRequest, fault: Fault) -> web.StreamResponse:
        if fault.kind is Kind.CODE:
            path = request.path.removeprefix(_ROOT)
            return self._refuse(path, Refused(fault.code, "system busy"))
        if fault.kind is Kind.HTML:
            return web.Response(text="<html>系统维护中</html>", content_type="text/html")
        if fault.kind in {Kind.BAD_GATEWAY, Kind.BAD_GATEWAY_AFTER}:
            return web.Response(status=502, text="<html>502 Bad Gateway</html>")
        if fault.kind in {Kind.TIME_OUT, Kind.TIME_OUT_AFTER}:
            await asyncio.sleep(self.faults.hang)
        if request.transport is not None:
            request.transport.abort()
        return web.Response()


def _corp(corp_id: str, clock: Clock, rng: Random) -> Corp:
    ids = Ids(rng)
    return Corp(
        corp_id=corp_id,
        clock=clock,
        rng=rng,
        ids=ids,
        tokens=Tokens(corp_id, clock, ids),
        callbacks=Callbacks(corp_id, clock, rng),
        phones=Phones(),
        media=Media(clock, ids),
    )


def _secrets(name: str, app: App) -> dict[str, str]:
    return {
        f"GUIYAN_WECOM_{name}_SECRET": app.secret,
        f"GUIYAN_WECOM_{name}_TOKEN": app.token,
        f"GUIYAN_WECOM_{name}_AES_KEY": app.aes_key,
    }


def _request(
    message: RawRequestMessage,
    payload: StreamReader,
    protocol: RequestHandler,
    writer: AbstractStreamWriter,
    task: asyncio.Task[None],
) -> web.BaseRequest:
    """A request that may be as large as files and pictures are."""
    return web.BaseRequest(
        message,
        payload,
        protocol,
        writer,
        task,
        asyncio.get_running_loop(),
        client_max_size=_BODY_BYTES,
    )


async def _body(request: web.BaseRequest) -> tuple[Body, str]:
    """The JSON of a call; one that is none is empty, and the answer says so."""
    if request.method != "POST":
        return {}, ""
    raw = await request.read()
    try:
        value = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError:
        value = None
    return (value, "") if isinstance(value, dict) else ({}, ". Warning: wrong json format. ")


def _named(query: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in query.items() if name != "access_token"}
