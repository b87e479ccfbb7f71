"""The web chat as a channel: its addresses, and the outbox row itself as the delivery."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

import orjson
from aiohttp import web

from channels.base import Limits, Receive
from channels.webchat import history, parse, pictures, plain_page
from channels.webchat.refusals import (
    FOREIGN_PAGE,
    NO_VISITOR,
    NOT_A_NUMBER,
    STOPPING,
    STORE_DOWN,
    Refusal,
    Refused,
    too_fast,
)
from channels.webchat.stream import Ears, EventWriter, Feed, Rhythm, tell
from channels.webchat.visitors import Pacer, Visitors, is_foreign
from channels.webchat.widget_files import GUARDS, PARTS, Widget
from records import inbound, outbox
from records.database import Database, StoreUnavailable
from records.messages import Inbound, Outgoing, Receipt
from records.vault import Vault

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

_NOT_KEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_PLAIN = "/chat?nojs=1"
_HISTORY = 50
_HISTORY_LIMIT = 200
_STREAMED = {
    **_NOT_KEPT,
    "Content-Type": "text/event-stream; charset=utf-8",
    "X-Accel-Buffering": "no",  # a proxy that collects events would hold the replies back
}
_REPLY_PATIENCE = (
    8  # looks at the outbox, a quarter of a second apart, before a plain page goes out
)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class WebChat:
    """Visitors write by POST and listen to events; a row sent in the outbox is the delivery."""

    kind = parse.KIND
    limits = Limits(text_length=8000, per_chat=100, per_group=100, bulk=1000, burst=100)

    def __init__(
        self,
        database: Database,
        vault: Vault,
        *,
        text_limit: int = 8000,
        now: Callable[[], datetime] = _utc_now,
        rhythm: Rhythm = Rhythm(),  # noqa: B008, frozen
    ) -> None:
        self._database = database
        self._vault = vault
        self._text_limit = text_limit
        self._now = now
        self._rhythm = rhythm
        self._visitors = Visitors(vault)
        self._pacer = Pacer(burst=20, rate=2)
        self._ears = Ears()
        self._shelf = pictures.Shelf(database, vault)
        self._widget = Widget()

    def routes(self, receive: Receive) -> Iterable[web.RouteDef]:
        """The page and its parts, the addresses of its script, and the form for no script."""
        page = self._in_html(self._page)
        return [
            web.get("/", page),
            web.get("/chat", page),
            *(web.get(f"/chat/{name}", self._part) for name in PARTS),
            web.post("/chat/api/messages", _in_json(partial(self._take, receive))),
            web.get(
                "/chat/api/stream", _in_json(partial(self._stream, receive)), allow_head=False
            ),
            web.get("/chat/api/history", _in_json(self._history)),
            web.post(pictures.PATH, _in_json(partial(self._take_picture, receive))),
            web.get(f"{pictures.PATH}/{{number}}", _in_json(self._picture), allow_head=False),
            web.post("/chat/say", self._in_html(partial(self._say, receive))),
        ]

    async def start(self, receive: Receive) -> None:
        """Nothing to open: the server listens."""

    async def stop(self) -> None:
        """Take in nothing more, and end the streams."""
        await self._ears.stop()

    async def close(self) -> None:
        """Nothing to release."""

    def fault(self) -> str:
        """Nothing outside is needed, so nothing can be missing."""
        return ""

    async def check(self) -> str:
        """As `fault`: the page and the database are checked by others."""
        return ""

    async def send(self, message: Outgoing) -> Receipt:
        """Hand the message to the open streams; a visitor who is away finds it in the outbox."""
        for ear in self._ears.of(message.chat):
            ear.hand(message)
        return Receipt()

    def look(self, chat: str) -> None:
        """The open streams find in the outbox what another process sent."""
        for ear in self._ears.of(chat):
            ear.wake()

    async def _part(self, request: web.Request) -> web.Response:
        return self._widget.parts[request.path.rpartition("/")[2]].response(request)

    async def _page(self, request: web.Request) -> web.Response:
        if "nojs" in request.query:
            visitor = self._visitors.of(request)
            response = self._plain(await self._lines(visitor, _HISTORY) if visitor else [])
        else:
            response = self._widget.page.response(request)
        self._visitors.welcome(request, response)
        return response

    async def _take(self, receive: Receive, request: web.Request) -> web.Response:
        visitor = self._admit(request)
        fields = parse.json_fields(await parse.read_body(request))
        message = await self._receive(receive, visitor, fields)
        return _json({"id": parse.own_id(message.outer_id)}, status=202)

    async def _take_picture(self, receive: Receive, request: web.Request) -> web.Response:
        visitor, now = self._admit(request), self._now()
        message = parse.picture(request.query.get("client_id"), visitor=visitor, now=now)
        content = await pictures.read(request)
        if number := await self._shelf.take(visitor, message.outer_id, content, now):
            message = replace(message, extra={pictures.PICTURE: number})
        await self._pass_on(receive, message)
        return _json({"id": parse.own_id(message.outer_id)}, status=202)

    async def _picture(self, request: web.Request) -> web.Response:
        return await self._shelf.give(self._known(request), request.match_info["number"])

    async def _history(self, request: web.Request) -> web.Response:
        visitor = self._known(request)
        limit = request.query.get("limit", str(_HISTORY))
        if not limit.isdecimal():
            raise Refused(NOT_A_NUMBER)
        lines = await self._lines(visitor, max(1, min(int(limit[:9]), _HISTORY_LIMIT)))
        offer = {"pictures": True} if await self._shelf.serves(visitor) else {}
        response = _json({"messages": [line.as_json() for line in lines], **offer})
        response.enable_compression()
        return response

    async def _stream(self, receive: Receive, request: web.Request) -> web.StreamResponse:
        visitor = self._known(request)
        after = _place(request)
        ear = self._ears.open(visitor)
        try:
            if after is None:
                await self._greet(receive, visitor)
            response = web.StreamResponse(headers=_STREAMED)
            with suppress(ConnectionResetError):  # the visitor left, and comes back if they wish
                await response.prepare(request)
                feed = Feed(self._database, self._vault, visitor, after)
                writer = EventWriter(request, response)
                await tell(feed=feed, ear=ear, ears=self._ears, writer=writer, rhythm=self._rhythm)
            return response
        finally:
            self._ears.close(visitor, ear)

    async def _say(self, receive: Receive, request: web.Request) -> web.Response:
        visitor = self._admit(request)
        before = await self._last_heard(visitor)
        await self._receive(receive, visitor, parse.form_fields(await parse.read_body(request)))
        for _ in range(_REPLY_PATIENCE):
            if await self._last_heard(visitor) != before:
                break
            await asyncio.sleep(0.25)
        raise web.HTTPSeeOther(_PLAIN)

    async def _receive(self, receive: Receive, visitor: str, fields: Mapping[str, Any]) -> Inbound:
        message = parse.message(fields, visitor=visitor, now=self._now(), limit=self._text_limit)
        await self._pass_on(receive, message)
        return message

    async def _pass_on(self, receive: Receive, message: Inbound) -> None:
        await receive([message])
        for ear in self._ears.of(message.chat):
            ear.wake()  # an answer is near: look for it more often

    async def _greet(self, receive: Receive, visitor: str) -> None:
        """Somebody with whom we never spoke gets the welcome by opening the chat."""
        said = await self._database.read(inbound.history, f"{parse.KIND}:{visitor}", 1)
        if not said and not await self._last_heard(visitor):
            await receive([parse.first_contact(visitor, self._now())])

    async def _last_heard(self, visitor: str) -> int:
        rows = await self._database.read(outbox.latest, f"{parse.KIND}:{visitor}", 1)
        return (rows[0].id or 0) if rows else 0

    async def _lines(self, visitor: str, limit: int) -> list[history.Line]:
        return await history.lines(self._database, self._vault, visitor, limit)

    def _plain(
        self, lines: list[history.Line], *, fault: str = "", status: int = 200
    ) -> web.Response:
        text = plain_page.render(self._widget.plain_page, lines, fault)
        headers = {**GUARDS, **_NOT_KEPT}
        return web.Response(text=text, content_type="text/html", status=status, headers=headers)

    def _in_html(self, handler: Handler) -> Handler:
        """Refusals as a page that shows the sentence."""

        async def guarded(request: web.Request) -> web.StreamResponse:
            try:
                return await handler(request)
            except (Refused, StoreUnavailable) as error:
                refusal = _refusal(error)
                return self._plain([], fault=refusal.sentence, status=refusal.status)

        return guarded

    def _admit(self, request: web.Request) -> str:
        """The visitor, if they may write now."""
        if is_foreign(request):
            raise Refused(FOREIGN_PAGE)
        visitor = self._known(request)
        if self._ears.is_stopping:
            raise Refused(STOPPING)
        wait = self._pacer.wait(visitor, asyncio.get_running_loop().time())
        if wait:
            raise Refused(too_fast(wait))
        return visitor

    def _known(self, request: web.Request) -> str:
        visitor = self._visitors.of(request)
        if not visitor:
            raise Refused(NO_VISITOR)
        return visitor


def _in_json(handler: Handler) -> Handler:
    """Refusals as {"error": sentence}."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except (Refused, StoreUnavailable) as error:
            refusal = _refusal(error)
            response = _json({"error": refusal.sentence}, status=refusal.status)
            response.headers.update(refusal.headers())
            return response

    return guarded


def _refusal(error: Refused | StoreUnavailable) -> Refusal:
    return error.refusal if isinstance(error, Refused) else STORE_DOWN


def _json(content: object, *, status: int = 200) -> web.Response:
    return web.Response(
        body=orjson.dumps(content),
        status=status,
        content_type="application/json",
        headers=_NOT_KEPT,
    )


def _place(request: web.Request) -> int | None:
    """The last event that the visitor has, None if none is named; nonsense is the beginning."""
    given = request.headers.get("Last-Event-ID") or request.query.get("after")
    if given is None:
        return None
    return int(given) if given.isdecimal() and len(given) <= 18 else 0
