"""The optional speech recogniser: a recording to an address of the common transcription API.

Whatever goes wrong is None: the person is then asked to type or to tap."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

import aiohttp
import orjson

from bot import helper_faults
from bot.forbearance import Forbearance
from bot.helper_faults import NO_SENSE, STATUS, TOO_LATE, TOO_LONG
from bot.settings import Settings
from handlers.recordings import Recording

log = logging.getLogger("guiyan.speech")

_PATH = "/audio/transcriptions"
_LANGUAGE = "zh"
_MOST_BYTES = 64 * 1024
_REFUSALS = frozenset({400, 413, 415, 422})  # this file is refused; another one may not be


class Failed(Exception):
    """No usable answer; the reason in a few words, without what was said."""


class RefusedFile(Exception):
    """The address takes no such file."""


class Speech:
    """Asks the configured recogniser; never raises, nor waits longer than its time-out."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> None:
        url = settings.speech_url
        self._url = url if url.endswith(_PATH) else url + _PATH
        self._key = settings.speech_key
        self._model = settings.speech_model
        self._timeout = settings.speech_timeout
        self._forbearance = Forbearance("spoken messages were not recognised", clock)
        self._refused: set[str] = set()  # types of files that the log has told of
        self._session: aiohttp.ClientSession | None = None

    def is_resting(self) -> bool:
        """Whether it failed too often, or asked to be left alone."""
        return self._forbearance.is_resting()

    async def recognised(self, spoken: Recording) -> str | None:
        """The words of a recording, "" where it holds none; None where they were not to be had."""
        try:
            async with asyncio.timeout(self._timeout):
                words = _words(await self._answer(spoken))
        except RefusedFile as refusal:
            self._tell_once(spoken.content_type, refusal)
            return None
        except (TimeoutError, aiohttp.ClientError, OSError, Failed) as fault:
            self._forbearance.failed(_reason(fault))
            return None
        self._forbearance.worked()
        return words

    async def check(self, silence: Recording) -> str:
        """Let it hear a silence; what is wrong and how to mend it, "" if nothing is."""
        try:
            async with asyncio.timeout(self._timeout):
                _words(await self._answer(silence))
        except RefusedFile as refusal:
            return (
                f"it refuses {silence.content_type} ({refusal}): check GUIYAN_SPEECH_MODEL, and "
                "use a recogniser that takes such files, or put a converter before it "
                "(docs/howto/voice.md)"
            )
        except (TimeoutError, aiohttp.ClientError, OSError, Failed) as fault:
            return helper_faults.mended(_reason(fault), "GUIYAN_SPEECH")
        return ""

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _answer(self, spoken: Recording) -> bytes:
        # No redirects: where they lead was not allowed by anybody.
        async with self._open().post(
            self._url, data=self._form(spoken), headers=self._headers(), allow_redirects=False
        ) as response:
            if response.status == 429:
                self._forbearance.rest(response.headers.get("Retry-After", ""))
            if response.status in _REFUSALS:
                raise RefusedFile(f"status {response.status}")
            if response.status != 200:
                raise Failed(f"{STATUS} {response.status}")
            body = bytearray()
            async for chunk in response.content.iter_any():
                body += chunk
                if len(body) > _MOST_BYTES:
                    raise Failed(TOO_LONG)
            return bytes(body)

    def _form(self, spoken: Recording) -> aiohttp.FormData:
        form = aiohttp.FormData()
        form.add_field("model", self._model)
        form.add_field("language", _LANGUAGE)
        form.add_field("response_format", "json")
        form.add_field(
            "file", spoken.content, filename=spoken.name, content_type=spoken.content_type
        )
        return form

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._key}"} if self._key else {}

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self._session

    def _tell_once(self, content_type: str, refusal: RefusedFile) -> None:
        if content_type not in self._refused:
            self._refused.add(content_type)
            log.warning(
                "the recogniser refuses %s (%s): people are asked to type; use one that takes "
                "such files, or put a converter before it (docs/howto/voice.md)",
                content_type,
                refusal,
            )


def _words(body: bytes) -> str:
    try:
        text = orjson.loads(body)["text"]
    except (orjson.JSONDecodeError, LookupError, TypeError) as fault:
        raise Failed(NO_SENSE) from fault
    if not isinstance(text, str):
        raise Failed(NO_SENSE)
    return text.strip()


def _reason(fault: Exception) -> str:
    if isinstance(fault, TimeoutError):
        return TOO_LATE
    return str(fault) if isinstance(fault, Failed) else type(fault).__name__
