"""How Telegram's groups and channels are called, and how many are in them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from telegram.error import TelegramError

from channels.base import FailureKind
from channels.telegram.client import Client
from channels.telegram.failures import as_failure
from outreach.groups.crowds import UNKNOWN, Crowd
from outreach.groups.joining import SIZE
from records.messages import Inbound, InboundKind

_SECONDS = 3.0  # that a notice waits for its group to be counted; a job counts again


class Crowds:
    """Asks Telegram; what it does not tell is left out."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def of(self, chat: str) -> Crowd:
        """The group at an address, as Telegram counts it: the bots in it too."""
        asked = {"chat_id": int(chat)}
        try:
            known = await self._client.call("getChat", asked)
            size = await self._client.call("getChatMemberCount", asked)
        except TelegramError as error:
            return _refused(error)
        title = known.get("title") if isinstance(known, dict) else None
        return Crowd(title if isinstance(title, str) else "", size if type(size) is int else None)

    async def counted(self, messages: Sequence[Inbound]) -> list[Inbound]:
        """The same, with how many are in the groups that the bot was taken into."""
        return list(await asyncio.gather(*map(self._counted, messages)))

    async def _counted(self, message: Inbound) -> Inbound:
        if message.kind is not InboundKind.JOINED:
            return message
        try:
            async with asyncio.timeout(_SECONDS):
                crowd = await self.of(message.chat)
        except TimeoutError:
            return message
        if crowd.size is None:
            return message
        return replace(message, extra={**message.extra, SIZE: str(crowd.size)})


def _refused(error: TelegramError) -> Crowd:
    failure = as_failure(error)
    if failure.kind is FailureKind.MOVED:
        return Crowd(moved_to=failure.moved_to)
    return Crowd(is_gone=True) if failure.kind.ends_address else UNKNOWN
