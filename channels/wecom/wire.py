"""HTTP to WeCom: one question, one answer, or a trouble that names no URL.

Tokens, keys and secrets travel in the query, and aiohttp's errors quote URLs: nothing that it
raises leaves this module, not even as the cause of something else.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson

from channels.decoding import decode
from channels.wecom.failures import OK, Trouble, WecomError

CONNECT_SECONDS = 4.0  # waiting for a free connection included
TOTAL_SECONDS = 8.0
JSON_BYTES = 16 * 1024**2  # a page of a thousand messages is a few megabytes

_CONNECTIONS = 64
_LARGE = 1024**2  # bytes
_NEVER_LEFT = (
    aiohttp.ClientConnectorError,  # no such name, no route, refused, no TLS
    aiohttp.ConnectionTimeoutError,  # no answer to the knock, or no free connection
    aiohttp.InvalidURL,
)


@dataclass(frozen=True, slots=True)
class Ask:
    """One call; `path` is below `/cgi-bin/` and the only part of it that is ever told."""

    path: str
    query: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)  # None: GET
    content_type: str = "application/json; charset=utf-8"
    seconds: float = TOTAL_SECONDS
    most_bytes: int = JSON_BYTES


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, not yet believed."""

    status: int
    content_type: str
    disposition: str
    body: bytes = field(repr=False)


class Wire:
    """The connections to one server."""

    def __init__(self, base_url: str) -> None:
        self._base_url = base_url.rstrip("/") + "/cgi-bin/"
        self._session: aiohttp.ClientSession | None = None

    async def ask(self, ask: Ask) -> Reply:
        """Put one question; raises WecomError."""
        try:
            return await self._exchange(ask)
        except _NEVER_LEFT:
            trouble = Trouble.NOT_SENT
        except TimeoutError:
            trouble = Trouble.NO_ANSWER
        except aiohttp.ClientResponseError:
            trouble = Trouble.UNREADABLE
        except (aiohttp.ClientError, OSError):
            trouble = Trouble.NO_ANSWER
        # Outside of the handlers, so that aiohttp's error is not even its context.
        raise WecomError(OK, ask.path, trouble=trouble)

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _exchange(self, ask: Ask) -> Reply:
        # No redirects: where they lead, the token would follow.
        async with self._open().request(
            "GET" if ask.body is None else "POST",
            self._base_url + ask.path,
            params=dict(ask.query),
            data=_sent(ask.body),
            headers={"Content-Type": ask.content_type} if ask.body is not None else None,
            timeout=aiohttp.ClientTimeout(total=ask.seconds, connect=CONNECT_SECONDS),
            allow_redirects=False,
        ) as response:
            return Reply(
                status=response.status,
                content_type=response.content_type,
                disposition=response.headers.get("Content-Disposition", ""),
                body=await _read(response, ask),
            )

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS, ttl_dns_cache=60),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session


def _sent(body: bytes | None) -> bytes | io.BytesIO | None:
    """A large file goes piece by piece: whole, it would hold up the loop."""
    return body if body is None or len(body) < _LARGE else io.BytesIO(body)


async def _read(response: aiohttp.ClientResponse, ask: Ask) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > ask.most_bytes:
            raise WecomError(OK, ask.path, trouble=Trouble.UNREADABLE)
    return bytes(body)


def answer(reply: Reply, path: str) -> dict[str, Any]:
    """The answer in JSON, where `errcode` is 0; raises WecomError for any other."""
    value = _object(reply)
    code = value.get("errcode")
    if reply.status != 200 or not isinstance(code, int) or isinstance(code, bool):
        raise WecomError(OK, path, trouble=Trouble.UNREADABLE)
    if code != OK:
        raise WecomError(code, path, said=str(value.get("errmsg", "")))
    return value


def _object(reply: Reply) -> dict[str, Any]:
    try:
        value = decode(reply.body)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def as_json(body: Mapping[str, Any]) -> bytes:
    """A body in real UTF-8: WeCom refuses `\\uxxxx`, which is how JSON writes control characters.

    They are left out, and so is half a surrogate pair.
    """
    try:
        encoded = orjson.dumps(body)
    except orjson.JSONEncodeError:
        return orjson.dumps(_clean(body))
    return orjson.dumps(_clean(body)) if b"\\u" in encoded else encoded


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        plain = value.encode("utf-8", "ignore").decode()
        return "".join(c for c in plain if c >= " " or c in "\n\r\t")
    if isinstance(value, Mapping):
        return {key: _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return value
