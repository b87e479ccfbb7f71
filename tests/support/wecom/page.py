"""The page of the stand-in, where one can be a customer, a member of staff, and a steward."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from aiohttp import web

from tests.support.wecom.control import act
from tests.support.wecom.view import view
from tests.support.wecom.wire import json

if TYPE_CHECKING:
    from tests.support.wecom.server import WeCom

_PAGE = Path(__file__).with_name("page.html")


async def answer_page(wecom: WeCom, request: web.BaseRequest) -> web.StreamResponse:
    """The page itself, its state, and what is done on it."""
    if request.path == "/":
        return web.Response(body=_PAGE.read_bytes(), content_type="text/html", charset="utf-8")
    if request.path == "/play/state":
        return json(view(wecom))
    if request.path.startswith("/play/") and request.method == "POST":
        if request.content_type != "application/json":
            return web.Response(status=415, text="JSON only")
        given = orjson.loads(await request.read() or b"{}")
        return json(act(wecom, request.path.removeprefix("/play/"), given))
    return web.Response(status=404, text="no such page")
