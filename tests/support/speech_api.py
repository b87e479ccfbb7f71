"""A stand-in for a speech recogniser behind the common transcription API: a real server."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from types import TracebackType

import orjson
from aiohttp import BodyPartReader, web

MEGABYTES = 5 * 1024 * 1024


def amr(seconds: float = 2.0, mark: str = "") -> bytes:
    """A voice as WeCom gives it; the mark, at its end, tells it from others."""
    frame = bytes([0x04]) + bytes(12)  # 4.75 kbit/s
    return b"#!AMR\n" + frame * int(seconds * 50) + mark.encode()


def ogg(mark: str = "") -> bytes:
    """A voice note as Telegram gives it, or near enough."""
    return b"OggS" + bytes(200) + mark.encode()


@dataclass(frozen=True, slots=True)
class Asked:
    """What came with one request."""

    key: str
    model: str
    language: str
    name: str
    content_type: str
    content: bytes = field(repr=False)


class SpeechApi:
    """Writes down what it is told to: `words` by the end of a file, else `text`."""

    def __init__(self, text: str = "你好") -> None:
        self.text = text
        self.words: dict[str, str] = {}
        self.status = 200
        self.headers: dict[str, str] = {}
        self.raw: bytes | None = None
        self.delay = 0.0
        self.heard: list[Asked] = []
        self.at_once = 0
        self.most_at_once = 0
        self.url = ""

    async def __aenter__(self) -> SpeechApi:
        app = web.Application(client_max_size=16 * 1024 * 1024)
        app.router.add_post("/v1/audio/transcriptions", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/v1"
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._runner.cleanup()

    @property
    def settings(self) -> dict[str, str]:
        """The settings that name this server."""
        return {
            "GUIYAN_SPEECH_URL": self.url,
            "GUIYAN_SPEECH_MODEL": "m",
            "GUIYAN_SPEECH_KEY": "geheim",
            "GUIYAN_SPEECH_TIMEOUT": "2",
        }

    async def until_asked(self, count: int = 1) -> None:
        """Wait until so many files have come in."""
        async with asyncio.timeout(5):
            while len(self.heard) < count:  # noqa: ASYNC110
                await asyncio.sleep(0.01)

    async def _answer(self, request: web.Request) -> web.Response:
        asked = await _asked(request)
        self.heard.append(asked)
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await asyncio.sleep(self.delay)
        finally:
            self.at_once -= 1
        known = (
            text for mark, text in self.words.items() if asked.content.endswith(mark.encode())
        )
        good = orjson.dumps({"text": next(known, self.text)})
        raw = good if self.raw is None else self.raw
        return web.Response(status=self.status, body=raw, headers=self.headers)


async def _asked(request: web.Request) -> Asked:
    found: dict[str, str] = {}
    file = b""
    async for part in await request.multipart():
        assert isinstance(part, BodyPartReader)
        if part.name == "file":
            file = bytes(await part.read(decode=False))
            found["name"] = part.filename or ""
            found["type"] = part.headers.get("Content-Type", "")
        else:
            found[part.name or ""] = await part.text()
    return Asked(
        request.headers.get("Authorization", ""),
        found.get("model", ""),
        found.get("language", ""),
        found.get("name", ""),
        found.get("type", ""),
        file,
    )
