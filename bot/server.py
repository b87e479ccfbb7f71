"""The aiohttp application: the channels' routes, health, readiness and metrics."""

from __future__ import annotations

import logging
import time
from collections.abc import Awaitable, Callable, Iterable

from aiohttp import web

from bot.measuring import measure, write_fault
from bot.metrics import Metrics
from bot.security_txt import PATH as SECURITY_PATH
from bot.security_txt import security_txt
from bot.tracing.following import note_arrival
from bot.wiring import App
from channels.base import Receive
from console.routes import Console, mount
from records import schema
from records.database import StoreUnavailable
from records.messages import Inbound

log = logging.getLogger("guiyan.server")

_NEEDED = ("database", "schema", "entries")  # a channel at fault leaves the others, and the pages
BODY_LIMIT = 1024 * 1024  # bytes; channels set lower ones

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def make_server(
    app: App, metrics: Metrics, receive: Receive, console: Console | None = None
) -> web.Application:
    """Everything that this process serves over HTTP."""
    watching = [note_arrival, _unavailable] if app.tracing else [_unavailable]
    server = web.Application(client_max_size=BODY_LIMIT, middlewares=watching)
    health = Health(app, metrics)
    server.add_routes(
        [
            web.get("/healthz", health.alive),
            web.get("/readyz", health.ready),
            web.get("/metrics", health.metrics),
        ]
    )
    if "web" in app.parts:
        server.add_routes(_of_security(app))
        for channel in app.channels.values():
            server.add_routes(channel.routes(receive))
    if console is not None:
        mount(server, console)
    return server


def _of_security(app: App) -> list[web.RouteDef]:
    """Whom to tell of a hole, where somebody is named."""
    who, public_url = app.settings.security_contact, app.settings.public_url

    async def told(_request: web.Request) -> web.Response:
        return web.Response(text=security_txt(who, public_url, app.now()))

    return [web.get(SECURITY_PATH, told)] if who else []


def counted(app: App, metrics: Metrics) -> Receive:
    """The door, with what passes it counted and timed."""

    async def receive(messages: Iterable[Inbound]) -> list[bool]:
        batch = list(messages)
        began = time.perf_counter()
        fresh = await app.door.receive(batch)
        metrics.receive_seconds.observe(time.perf_counter() - began)
        for message, is_new in zip(batch, fresh, strict=True):
            counter = metrics.received if is_new else metrics.duplicates
            counter.labels(message.channel).inc()
        return fresh

    return receive


class Health:
    """What the outside may ask about this process."""

    def __init__(self, app: App, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def alive(self, _request: web.Request) -> web.Response:
        """The process turns its loop."""
        return web.json_response({"status": "alive"})

    async def ready(self, _request: web.Request) -> web.Response:
        """What is wrong with each part; 503 where a balancer should pass this process by."""
        faults = await readiness(self._app)
        status = 503 if any(faults.get(name) for name in _NEEDED) else 200
        return web.json_response(
            {name: fault or "ok" for name, fault in faults.items()}, status=status
        )

    async def metrics(self, _request: web.Request) -> web.Response:
        """Prometheus's text form."""
        await measure(self._app, self._metrics)
        return web.Response(body=self._metrics.text(), content_type="text/plain", charset="utf-8")


async def readiness(app: App) -> dict[str, str]:
    """For the database, the schema and each channel: what is wrong, or ""."""
    faults = {"database": "", "schema": ""}
    try:
        if not await schema.is_current(app.database):
            faults["schema"] = "not up to date: run `guiyan migrate`"
    except StoreUnavailable as fault:
        faults["database"] = str(fault)
    else:
        faults["database"] = await write_fault(app)
    if "worker" in app.parts:
        faults["entries"] = "" if app.is_learned else "still being read"
    for kind, channel in app.channels.items():
        faults[kind] = channel.fault()
    return faults


@web.middleware
async def _unavailable(request: web.Request, handler: Handler) -> web.StreamResponse:
    try:
        return await handler(request)
    except StoreUnavailable as fault:
        log.error("not stored: %s", fault)
        sentence = "系统正忙，您的消息还没有存下，请过一会儿再发一次。"
        return web.json_response({"error": sentence}, status=503, headers={"Retry-After": "5"})
