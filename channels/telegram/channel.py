"""The Telegram channel: by long polling, or by a webhook on our own server."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from aiohttp import web
from telegram.error import BadRequest, InvalidToken, NetworkError, TelegramError

from channels.base import Channel, Limits, Receive
from channels.decoding import decode
from channels.pictures import Pictures
from channels.telegram.client import Client
from channels.telegram.crowds import Crowds
from channels.telegram.parse import KIND, KINDS, Me, callback_id, is_update, parse
from channels.telegram.polling import Patience, Poller, trouble_of
from channels.telegram.request import AiohttpRequest
from channels.telegram.sending import TEXT_LENGTH, Deliveries
from outreach.groups.crowds import Crowd
from records.database import StoreUnavailable
from records.messages import Inbound, Outgoing, Receipt

log = logging.getLogger("guiyan.telegram")

PATH = "/telegram/main"

_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
_BODY_BYTES = 1024**2
_WEBHOOK_CONNECTIONS = 100
_ACK_PATIENCE = 2.0


class Mode(StrEnum):
    """How updates arrive."""

    POLLING = "polling"
    WEBHOOK = "webhook"


class Telegram(Channel):
    """One bot. Telegram keeps an update until we have stored it: nothing is confirmed before."""

    kind = KIND
    limits = Limits(
        text_length=TEXT_LENGTH,
        per_chat=1.0,
        per_group=17 / 60,  # with a burst of three no minute holds more than 20
        bulk=30.0,
        parallel=64,
        a_second=30,
    )

    def __init__(
        self,
        *,
        token: str,
        base_url: str,
        mode: str,
        webhook_secret: str,
        other_secret: str = "",
        public_url: str,
        pictures: Pictures | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._mode = Mode(mode)
        if self._mode is Mode.WEBHOOK and not webhook_secret:
            raise ValueError("a webhook without a secret would believe anybody")
        self._now = now
        self._secret = webhook_secret
        self._believed = [one.encode() for one in (webhook_secret, other_secret) if one]
        self._webhook_url = public_url.rstrip("/") + PATH
        self._request = AiohttpRequest()
        self._client = Client(token, base_url.rstrip("/"), self._request)
        self._deliveries = Deliveries(self._client, pictures=pictures)
        self._crowds = Crowds(self._client)
        self._patience = Patience()
        self._me: Me | None = None  # known once Telegram has answered
        self._task: asyncio.Task[None] | None = None
        self._acks: set[asyncio.Task[None]] = set()

    def routes(self, receive: Receive) -> Iterable[web.RouteDef]:
        """The webhook, where there is one."""
        if self._mode is Mode.POLLING:
            return []

        async def webhook(request: web.Request) -> web.Response:
            return await self._webhook(request, receive)

        return [web.post(PATH, webhook)]

    async def start(self, receive: Receive) -> None:
        """Begin to take messages in, without waiting for a Telegram that may be out of reach."""
        self._task = asyncio.create_task(self._connect(receive))

    async def stop(self) -> None:
        """Take nothing in any more; a webhook call that still comes is answered "later"."""
        self._me = None
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None
        if self._acks:
            await asyncio.wait(self._acks, timeout=_ACK_PATIENCE)

    async def close(self) -> None:
        """Close the connections to Telegram."""
        await self._request.shutdown()

    def fault(self) -> str:
        """What Telegram last complained of, until a call succeeds again."""
        is_silent = self._task is not None and self._me is None
        return self._patience.trouble or ("Telegram has not answered yet" if is_silent else "")

    async def check(self) -> str:
        """Ask Telegram who we are and, with a webhook, whether it reaches us."""
        try:
            await self._client.get_me()
            if self._mode is Mode.POLLING:
                return ""
            complaint = (await self._client.get_webhook_info()).last_error_message
        except InvalidToken:
            return "the token is refused: set GUIYAN_TELEGRAM_TOKEN as BotFather gave it"
        except TelegramError as error:
            return trouble_of(error)
        return f"Telegram cannot deliver to {self._webhook_url}: {complaint}" if complaint else ""

    async def send(self, message: Outgoing) -> Receipt:
        """Deliver a message, in parts if it is long; raises SendFailure."""
        return Receipt(await self._deliveries.deliver(message))

    async def fetch(self, message: Inbound) -> bytes | None:
        """A voice note (Ogg with Opus), or a picture (JPEG)."""
        file_id = message.extra["file_id"]
        try:
            try:
                return await self._client.download(file_id)
            except BadRequest:
                raise
            except NetworkError:
                return await self._client.download(file_id)
        except TelegramError as error:
            log.warning("a file could not be fetched: %s", type(error).__name__)
            return None

    async def crowd(self, chat: str) -> Crowd:
        """A group or channel: its name and how many are in it."""
        return await self._crowds.of(chat)

    async def _connect(self, receive: Receive) -> None:
        with suppress(InvalidToken):  # said by Patience; the other channels go on without us
            user = await self._patience.insist(self._client.get_me)
            self._me = me = Me(user.id, user.username or "")
            if self._mode is Mode.WEBHOOK:
                await self._patience.insist(self._set_webhook)
            else:
                await self._patience.insist(self._client.delete_webhook)
                await self._poll(me, receive)

    async def _poll(self, me: Me, receive: Receive) -> None:
        async def take(updates: Sequence[Any]) -> None:
            await self._take(updates, me, receive)

        poller = Poller(self._client, take)
        while True:
            await self._patience.insist(poller.turn)

    async def _set_webhook(self) -> bool:
        return await self._client.set_webhook(
            self._webhook_url,
            secret_token=self._secret,
            max_connections=_WEBHOOK_CONNECTIONS,
            allowed_updates=KINDS,
        )

    async def _webhook(self, request: web.Request, receive: Receive) -> web.Response:
        if not self._is_telegram(request):
            return web.Response(status=403)
        me = self._me
        if me is None:
            return web.Response(status=503, headers={"Retry-After": "1"})
        update = await _read_update(request)
        if update is None:
            return web.Response(status=400)
        try:
            await self._take([update], me, receive)
        except StoreUnavailable:
            return web.Response(status=503)
        return web.Response()

    def _is_telegram(self, request: web.Request) -> bool:
        given = request.headers.get(_SECRET_HEADER, "").encode(errors="replace")
        return any(hmac.compare_digest(given, secret) for secret in self._believed)

    async def _take(self, updates: Sequence[Any], me: Me, receive: Receive) -> None:
        """Store what some updates say; they may be confirmed when this returns."""
        now = self._now()
        parsed = [parse(update, me, now) for update in updates]
        messages = [message for message in parsed if message is not None]
        if messages:
            await receive(await self._crowds.counted(messages))
        for update in updates:
            if tap := callback_id(update):
                self._acknowledge(tap)

    def _acknowledge(self, tap: str) -> None:
        """Stop the spinner on the button; nobody waits for this, and a stale tap has none."""
        task = asyncio.create_task(self._answer(tap))
        self._acks.add(task)
        task.add_done_callback(self._acks.discard)

    async def _answer(self, tap: str) -> None:
        with suppress(TelegramError):
            await self._client.answer_callback_query(tap)


async def _read_update(request: web.Request) -> Any:
    """The update in a webhook call, None if there is none; too large a body is answered 413."""
    try:
        update = decode(await _body(request))
    except ValueError:
        return None
    return update if is_update(update) else None


async def _body(request: web.Request) -> bytes:
    body = b""
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > _BODY_BYTES:
            raise web.HTTPRequestEntityTooLarge(_BODY_BYTES, len(body))
    return body
