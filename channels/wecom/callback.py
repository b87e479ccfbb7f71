"""A callback address of WeCom: the URL check, and events taken once they are stored.

WeCom waits one second for the answer to a check and five for that to an event, then repeats it
three times; whatever is not 200 is repeated too. So `take` only stores: what follows is for later.

Nowhere is said whether a repeat carries the same time and nonce; it comes within half a minute.
What was signed longer ago than `WINDOW` (or as far ahead) is refused as replayed. Within it a
replay is what a repeat is: known by `Event.dedupe_key`, answered 200, stored once. An hour, so
that a clock some minutes wrong does not shut everybody out.
Source: developer.work.weixin.qq.com, pages 90238, 90930, 101033.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import re
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson
from aiohttp import web

from channels.wecom.cipher import Cipher
from channels.wecom.envelope import (
    Fields,
    Reply,
    Value,
    as_text,
    envelope,
    is_envelope,
    parse,
    sealed_reply,
)
from channels.wecom.refusals import Reason, Refused
from records.database import StoreUnavailable

log = logging.getLogger("guiyan.wecom")

BODY_BYTES = 1024**2
WINDOW = timedelta(hours=1)
LONGEST_ID = 64  # characters of a userid
SHUT = 5  # signed callbacks in a row that cannot be opened: then the key is wrong

_BODY_SECONDS = 5.0  # WeCom itself gives up then
_SECONDS = re.compile(r"[0-9]{10}")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")
# What tells two events of one moment apart. Nothing that a repeat may bring anew: no codes.
_IDENTITY = (
    "FromUserName",
    "CreateTime",
    "Event",
    "ChangeType",
    "EventKey",
    "TaskId",
    "SelectedItems",
    "ExternalUserID",
    "UserID",
    "OpenKfId",
    "ChatId",
    "UpdateDetail",
    "MemChangeList",
    "CurMemVer",
    "Id",
    "TagType",
    "JobId",
    "BatchJob",
)


@dataclass(frozen=True, slots=True)
class Event:
    """One message or event that WeCom sent, as it says it."""

    fields: Fields

    def text(self, name: str) -> str:
        """A field, "" where it is missing or holds others."""
        value = self._field(name)
        return value if isinstance(value, str) else ""

    def values(self, name: str) -> list[Value]:
        """A field that may repeat: none, one or many."""
        value = self._field(name)
        if value is None:
            return []
        return value if isinstance(value, list) else [value]

    @property
    def kind(self) -> str:
        """MsgType in lower case: "text", "event", …"""
        return self.text("MsgType").lower()

    @property
    def event(self) -> str:
        """Event in lower case, as WeCom spells one and the same now so, now so; "" in messages."""
        return self.text("Event").lower()

    @property
    def sender(self) -> str:
        """Who wrote or did it: a userid of the company, or "sys"; "" where nobody can be meant."""
        named = self.text("FromUserName")
        return named if len(named) <= LONGEST_ID else ""

    @property
    def sent_at(self) -> datetime | None:
        """CreateTime, None where it is missing or strange."""
        created = self.text("CreateTime")
        return _moment(created) if _SECONDS.fullmatch(created) else None

    def dedupe_key(self) -> str:
        """The same for each repeat, another for whatever else came: at most 64 characters.

        "" for what has no identity of its own: the notice that 微信客服 has messages to pull.
        """
        if message := self.text("MsgId"):
            return _short(message)
        if self.event == "kf_msg_or_event":
            return ""
        named = [self._field(name) for name in _IDENTITY]
        return hashlib.sha256(orjson.dumps(named)).hexdigest()

    def _field(self, name: str) -> Value | None:
        """By its name in XML; JSON spells the same in lower case."""
        return self.fields.get(name, self.fields.get(name.lower()))


Take = Callable[[Event], Awaitable[Reply | None]]


class Callback:
    """One address. `take` stores an event durably; what it returns is the passive reply."""

    def __init__(
        self,
        cipher: Cipher,
        path: str,
        take: Take,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        window: timedelta = WINDOW,
        patience: float = _BODY_SECONDS,
    ) -> None:
        self._cipher = cipher
        self._path = path
        self._take = take
        self._now = now
        self._window = window
        self._patience = patience
        self._shut = 0  # how many in a row could not be opened

    def fault(self) -> str:
        """That what WeCom sends cannot be opened, until something can; "" if it can."""
        if self._shut < SHUT:
            return ""
        return (
            f"the last {self._shut} callbacks at {self._path} were signed by WeCom but could not "
            "be opened: copy EncodingAESKey from the console again, and check the corp id"
        )

    def routes(self) -> Iterable[web.RouteDef]:
        """The address, for every method: what is refused is to be in the log."""
        return [web.route("*", self._path, self._answer)]

    async def _answer(self, request: web.Request) -> web.Response:
        try:
            return await self._accept(request)
        except Refused as refused:
            log.warning("callback refused at %s: %s", self._path, refused.reason.word)
            allow = {"Allow": "GET, POST"} if refused.reason is Reason.METHOD else None
            return web.Response(status=refused.reason.status, headers=allow)
        except StoreUnavailable as fault:
            log.error("callback not stored at %s: %s", self._path, fault)
            return web.Response(status=503)  # WeCom sends it again

    async def _accept(self, request: web.Request) -> web.Response:
        match request.method:
            case "GET":
                return self._echo(request)
            case "POST":
                return await self._receive(request)
        raise Refused(Reason.METHOD)

    def _echo(self, request: web.Request) -> web.Response:
        """The URL check. A message is never echoed: its ciphertext would be opened for anybody."""
        # A plus sign is a space by the rules of queries, and base64 has none.
        encrypt = _only(request, "echostr").replace(" ", "+")
        word = self._opened(_Signed.of(request).signer(self._cipher, encrypt), encrypt)
        if is_envelope(word):
            raise Refused(Reason.NOT_AN_ECHO)
        return web.Response(text=word)

    async def _receive(self, request: web.Request) -> web.Response:
        signed = _Signed.of(request)
        outer = envelope(await _body(request, self._patience))
        cipher = signed.signer(self._cipher, outer.encrypt)
        if abs(self._now() - signed.at) > self._window:
            raise Refused(Reason.STALE)
        reply = await self._take(Event(parse(self._opened(cipher, outer.encrypt))))
        return self._reply(cipher, reply, outer.is_json) if reply else web.Response()

    def _opened(self, cipher: Cipher, encrypt: str) -> str:
        """What was sealed, by somebody who knows the token: strangers do not come so far."""
        try:
            text = cipher.decrypt(encrypt)
        except Refused:
            self._shut += 1
            raise
        self._shut = 0
        return text

    def _reply(self, cipher: Cipher, reply: Reply, is_json: bool) -> web.Response:
        """The reply sealed, with a time and nonce of our own."""
        sealed = cipher.encrypt(
            as_text(reply, is_json=is_json),
            timestamp=str(int(self._now().timestamp())),
            nonce=cipher.draw_nonce(),
        )
        kind = "application/json" if is_json else "application/xml"
        return web.Response(text=sealed_reply(sealed, is_json=is_json), content_type=kind)


@dataclass(frozen=True, slots=True)
class _Signed:
    """What the query says of the signature."""

    signature: str
    timestamp: str
    nonce: str

    @classmethod
    def of(cls, request: web.Request) -> _Signed:
        names = ("msg_signature", "timestamp", "nonce")
        signed = cls(*(_only(request, name) for name in names))
        # Signed without separators: were the length loose, digits could pass to the nonce.
        if not _SECONDS.fullmatch(signed.timestamp):
            raise Refused(Reason.PARAMETERS)
        return signed

    @property
    def at(self) -> datetime:
        return _moment(self.timestamp)

    def signer(self, cipher: Cipher, encrypt: str) -> Cipher:
        return cipher.signer(self.signature, self.timestamp, self.nonce, encrypt)


def _only(request: web.Request, name: str) -> str:
    """A parameter that is there, and once."""
    values = request.query.getall(name, [])
    if len(values) != 1 or not values[0]:
        raise Refused(Reason.PARAMETERS)
    return values[0]


async def _body(request: web.Request, patience: float) -> bytes:
    if (request.content_length or 0) > BODY_BYTES:
        raise Refused(Reason.TOO_LARGE)
    try:
        async with asyncio.timeout(patience):
            return await _limited(request)
    except TimeoutError:
        raise Refused(Reason.TOO_SLOW) from None
    except (ConnectionError, web.RequestPayloadError):
        raise Refused(Reason.BROKEN_OFF) from None


async def _limited(request: web.Request) -> bytes:
    """The whole body, whatever length was declared."""
    body = bytearray()
    async for chunk in request.content.iter_any():
        body += chunk
        if len(body) > BODY_BYTES:
            raise Refused(Reason.TOO_LARGE)
    return bytes(body)


def _moment(seconds: str) -> datetime:
    return datetime.fromtimestamp(int(seconds), UTC)


def _short(message: str) -> str:
    """A message's id as it is: digits. A strange one is digested, so that columns hold it."""
    return message if _ID.fullmatch(message) else hashlib.sha256(message.encode()).hexdigest()
