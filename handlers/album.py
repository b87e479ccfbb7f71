"""Pictures that staff send while they write a post: fetched, looked at, kept.

Of pictures that anybody else sends, not even the address is kept.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from handlers.posting.seen import FLOW
from handlers.spoken import FILE
from handlers.state import State
from records import pictures, staff_accounts
from records.database import Database
from records.messages import Inbound, InboundKind
from records.vault import Vault

log = logging.getLogger("guiyan.intake")

PICTURE = "picture"  # in a message's extras: the id of the picture that came with it
REFUSED = "picture_refused"  # or why there is none: "away", "kind", "wide", or its size in bytes
_FETCH_SECONDS = 25.0
_KINDS = frozenset({InboundKind.PICTURE, InboundKind.TEXT})  # a picture alone, or with a text

# The file of a message; None where it cannot be had. Never raises.
Fetch = Callable[[Inbound], Awaitable[bytes | None]]


class Album:
    """Keeps pictures of the channels that give the files."""

    def __init__(
        self,
        database: Database,
        vault: Vault,
        sources: Mapping[str, Fetch],
        now: Callable[[], datetime],
    ) -> None:
        self._database = database
        self._vault = vault
        self._sources = sources
        self._now = now

    def may_fetch(self, message: Inbound) -> bool:
        """Whether a message has a picture that could be had."""
        is_ours = message.kind in _KINDS and not message.is_group
        return is_ours and FILE in message.extra and message.channel in self._sources

    def may_keep(self, message: Inbound, state: State) -> bool:
        """Whether its picture belongs to a post that is being written."""
        return state.flow == FLOW and self.may_fetch(message)

    async def without_others(self, messages: Sequence[Inbound]) -> list[Inbound]:
        """The messages, without the address of each picture that is none of our staff's."""
        found = [message.conversation for message in messages if self.may_fetch(message)]
        if not found:
            return list(messages)
        staff = await self._database.read(staff_accounts.who_are, found)
        return [
            one if one.conversation in staff or not self.may_fetch(one) else _without_file(one)
            for one in messages
        ]

    async def kept(self, message: Inbound) -> Inbound:
        """The message with the id of its picture, once that is stored, or with what is wrong."""
        content = await self._fetched(message)
        bare = _without_file(message)
        if fault := _fault(content):
            return replace(bare, extra={**bare.extra, REFUSED: fault})
        named = f"{message.channel}:{message.outer_id}"
        number = await self._database.run(pictures.keep, self._vault, named, content, self._now())
        return replace(bare, extra={**bare.extra, PICTURE: number})

    async def _fetched(self, message: Inbound) -> bytes | None:
        try:
            async with asyncio.timeout(_FETCH_SECONDS):
                return await self._sources[message.channel](message)
        except TimeoutError:
            log.warning("a picture was not had in time")
            return None


def _fault(content: bytes | None) -> str:
    if content is None:
        return "away"
    if not pictures.kind_of(content):
        return "kind"
    if pictures.pixels(content) > pictures.MOST_PIXELS:
        return "wide"
    return str(len(content)) if len(content) > pictures.MOST_BYTES else ""


def _without_file(message: Inbound) -> Inbound:
    rest = {name: value for name, value in message.extra.items() if name != FILE}
    return replace(message, extra=rest)
