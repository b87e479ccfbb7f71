"""Pictures in the web chat: staff send them for posts and see them; nobody else's are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from aiohttp import web

from channels.webchat.parse import KIND
from channels.webchat.refusals import (
    NO_PICTURE,
    NOT_A_PICTURE,
    PICTURE_TOO_BIG,
    PICTURE_TOO_WIDE,
    Refused,
)
from records import pictures, staff_accounts
from records.database import Database
from records.vault import Vault

PICTURE = "picture"  # in the extras of messages of both sides
PATH = "/chat/api/pictures"
_TYPES = {"jpg": "image/jpeg", "png": "image/png"}
_KEPT = {"Cache-Control": "private, max-age=86400", "X-Content-Type-Options": "nosniff"}


class Shelf:
    """The pictures of one store, as visitors come to them."""

    def __init__(self, database: Database, vault: Vault) -> None:
        self._database = database
        self._vault = vault

    async def serves(self, visitor: str) -> bool:
        """Whether this visitor is one of the staff."""
        key = f"{KIND}:{visitor}"
        return bool(await self._database.read(staff_accounts.who_are, [key]))

    async def take(self, visitor: str, outer_id: str, content: bytes, now: datetime) -> str:
        """Keep what one of the staff sent; its id, "" for anybody else. Refused: no picture."""
        if not pictures.kind_of(content):
            raise Refused(NOT_A_PICTURE)
        if pictures.pixels(content) > pictures.MOST_PIXELS:
            raise Refused(PICTURE_TOO_WIDE)
        if not await self.serves(visitor):
            return ""
        named = f"{KIND}:{outer_id}"
        return await self._database.run(pictures.keep, self._vault, named, content, now)

    async def give(self, visitor: str, number: str) -> web.Response:
        """A picture for one of the staff; Refused to others, and where it is gone."""
        kept = None
        if await self.serves(visitor):
            kept = await self._database.read(pictures.find, self._vault, number)
        if kept is None:
            raise Refused(NO_PICTURE)
        return web.Response(body=kept, content_type=_TYPES[pictures.kind_of(kept)], headers=_KEPT)


def address(extra: Mapping[str, str]) -> dict[str, str]:
    """Where the page finds the picture of a message, as a field of it; {} where none is."""
    number = extra.get(PICTURE, "")
    return {PICTURE: f"{PATH}/{number}"} if number else {}


async def read(request: web.Request) -> bytes:
    """A picture's bytes, unless they are too many; what is too much is never held in memory."""
    if (request.content_length or 0) > pictures.MOST_BYTES:
        raise Refused(PICTURE_TOO_BIG)
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > pictures.MOST_BYTES:
            raise Refused(PICTURE_TOO_BIG)
    return bytes(body)
