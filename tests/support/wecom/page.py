"""The page of the stand-in (to come)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from tests.support.wecom.server import WeCom


async def answer_page(wecom: WeCom, request: web.BaseRequest) -> web.StreamResponse:
    return web.Response(status=404, text="no such page")
