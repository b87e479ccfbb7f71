"""The HTTP transport under python-telegram-bot: aiohttp, which does not collapse under load."""

from __future__ import annotations

import io
import socket
from datetime import timedelta
from typing import Any

import aiohttp
import orjson
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from channels.decoding import decode
from records import cuts

CONNECTIONS = 128  # twice the sends in flight: acknowledged taps and the long poll need some too
CONNECT_SECONDS = 5.0  # waiting for a free connection included
TOTAL_SECONDS = 10.0
FILE_BYTES = 4 * 1024**2  # a voice note of a minute has a tenth of that

_JSON = {"Content-Type": "application/json"}
_TIMEOUT = aiohttp.ClientTimeout(total=TOTAL_SECONDS, connect=CONNECT_SECONDS)
_NEVER_LEFT = (
    aiohttp.ClientConnectorError,  # no such name, no route, refused, no TLS
    aiohttp.ConnectionTimeoutError,  # no answer to the knock, or no free connection
    aiohttp.InvalidURL,
)


class NotSent(NetworkError):
    """The request certainly never left."""


class UnreadableAnswer(NetworkError):
    """Something answered, but not in the words of the Bot API."""


class SlowDown(TelegramError):
    """429. PTB's own RetryAfter warns of a deprecation each time it is made."""

    def __init__(self, retry_after: timedelta) -> None:
        super().__init__("Too many requests")
        self.retry_after = retry_after


class AiohttpRequest(BaseRequest):
    """One session for all calls. Its errors never carry a URL, because URLs carry the token."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return TOTAL_SECONDS

    async def initialize(self) -> None:
        self._open()

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        try:
            answer = decode(payload)
        except ValueError:
            raise UnreadableAnswer("Not JSON") from None
        if not isinstance(answer, dict) or "ok" not in answer:
            raise UnreadableAnswer("Not an answer of the Bot API")
        return answer

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make one call; `read_timeout` bounds all of it."""
        body, headers = _body(request_data)
        try:
            async with self._open().request(
                method, url, data=body, headers=headers, timeout=_timeout(read_timeout)
            ) as answer:
                status, payload = answer.status, await answer.read()
        except _NEVER_LEFT as error:
            raise NotSent(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None
        if 400 <= status < 500:
            self._check_refusal(status, payload)
        return status, payload

    async def download(self, url: str) -> bytes:
        """A file, if it is not too large; raises NetworkError."""
        body = bytearray()
        try:
            async with self._open().get(url, timeout=_TIMEOUT, allow_redirects=False) as answer:
                async for chunk in answer.content.iter_any():
                    body += chunk
                    if answer.status != 200 or len(body) > FILE_BYTES:
                        raise UnreadableAnswer("No file, or too large")
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None
        return bytes(body)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=CONNECTIONS, ttl_dns_cache=60, socket_factory=_noticing_cuts
                ),
                cookie_jar=aiohttp.DummyCookieJar(),
                trust_env=False,
            )
        return self._session

    def _check_refusal(self, status: int, payload: bytes) -> None:
        # Read before PTB does: the 403 of some proxy is not a person who blocked us.
        parameters = self.parse_json_payload(payload).get("parameters") or {}
        if status == 429:
            raise SlowDown(timedelta(seconds=parameters.get("retry_after", 1)))


def _noticing_cuts(address: tuple[Any, ...]) -> socket.socket:
    """A socket that does not wait a minute for updates on a way that is no more."""
    made = socket.socket(*address[:3])
    cuts.notice(made)
    return made


def _body(data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    """A call as it goes over the wire: JSON, or a form where there is a file."""
    if data is None or not data.contains_files:
        return orjson.dumps(data.parameters) if data else None, _JSON
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, kind) in (data.multipart_data or {}).items():
        whole = content if isinstance(content, bytes) else content.read()
        form.add_field(name, io.BytesIO(whole), filename=filename, content_type=kind)
    return form, {}


def _timeout(seconds: Any) -> aiohttp.ClientTimeout:
    if seconds is BaseRequest.DEFAULT_NONE:
        return _TIMEOUT
    return aiohttp.ClientTimeout(total=seconds, connect=CONNECT_SECONDS)
