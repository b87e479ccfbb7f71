"""How we look from outside: our callback address, asked as WeCom's console asks it, and our clock.

Nothing that came back is told, but what it means.
"""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import aiohttp

from channels.wecom.cipher import Cipher

CHECK_SECONDS = 1.0  # WeCom waits no longer

_PATIENCE = aiohttp.ClientTimeout(total=8.0, connect=4.0)
_MOST_BYTES = 4096
_ELSEWHERE = (
    "GUIYAN_PUBLIC_URL leads elsewhere, the web server before us does not pass /wecom/ on, or the "
    "running service was started without these settings: start it again"
)
_BEHIND = (
    "the web server there answers, but not the service behind it: start `guiyan run`, and look "
    "to which port the web server passes on"
)
_MEANINGS = {
    400: "the service there has another EncodingAESKey: start it again with these settings",
    403: "the service there has another Token or corp id: start it again with these settings",
    404: _ELSEWHERE,
    405: _ELSEWHERE,
    502: _BEHIND,
    503: _BEHIND,
    504: _BEHIND,
}


@dataclass(frozen=True, slots=True)
class _Heard:
    """One answer: status, the beginning of the body, seconds, and the server's clock."""

    status: int
    body: bytes
    seconds: float
    date: str


async def address_fault(url: str, cipher: Cipher, now: datetime) -> str:
    """What would make the console refuse this address, and the mend; "" if it would take it."""
    word = str(10**18 + secrets.randbelow(9 * 10**18))
    sealed = cipher.encrypt(word, timestamp=str(int(now.timestamp())), nonce=cipher.draw_nonce())
    query = {
        "msg_signature": sealed.signature,
        "timestamp": sealed.timestamp,
        "nonce": sealed.nonce,
        "echostr": sealed.encrypt,
    }
    heard = await _ask(url, query)
    return heard if isinstance(heard, str) else _echo_fault(heard, word)


async def clock_skew(url: str, now: datetime) -> timedelta | str:
    """How far our clock is ahead of the server's; in words why that cannot be told."""
    heard = await _ask(url, {})
    if isinstance(heard, str):
        return heard
    try:
        there = parsedate_to_datetime(heard.date)
    except ValueError:
        return "it does not tell the time"
    return now - (there if there.tzinfo else there.replace(tzinfo=UTC))


def _echo_fault(heard: _Heard, word: str) -> str:
    if 300 <= heard.status < 400:
        return "it sends on to another address, where WeCom does not follow: give the last one"
    if heard.status != 200:
        meaning = _MEANINGS.get(heard.status, "something before the service refuses the request")
        return f"it answers {heard.status}: {meaning}"
    if heard.body != word.encode():
        return "it answers with something else than the word that was asked for: " + (
            "a byte order mark, quotes or a line end were put around it on the way"
            if word.encode() in heard.body
            else _ELSEWHERE
        )
    if heard.seconds > CHECK_SECONDS:
        return f"it takes {heard.seconds:.1f} seconds to answer, and WeCom waits one"
    return ""


async def _ask(url: str, query: dict[str, str]) -> _Heard | str:
    """The answer to a GET, or in words why there is none."""
    began = time.monotonic()
    try:
        async with (
            aiohttp.ClientSession(timeout=_PATIENCE, trust_env=False) as session,
            session.get(url, params=query, allow_redirects=False) as answer,
        ):
            body = await answer.content.read(_MOST_BYTES)
            seconds = time.monotonic() - began
            return _Heard(answer.status, body, seconds, answer.headers.get("Date", ""))
    except aiohttp.ClientConnectorDNSError:
        return "its name is not known to the name server (DNS)"
    except aiohttp.ClientConnectorCertificateError:
        return "its certificate is not valid for this name, or has ended: renew it"
    except aiohttp.ClientSSLError:
        return "it does not speak TLS there: is https or the port wrong?"
    except aiohttp.ClientConnectorError:
        return "nothing takes the connection there: is the server up, and the port open?"
    except TimeoutError:
        return "it does not answer in time: a firewall, or a server that hangs"
    except (aiohttp.ClientError, OSError):
        return "the connection ends before there is an answer"
