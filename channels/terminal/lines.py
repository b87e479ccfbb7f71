"""Lines from a keyboard, a pipe or a file, however long or broken they are."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import AsyncIterator
from contextlib import suppress

from channels.plain_text import plain_text

TEXT_LIMIT = 4000  # characters of one line
_KEPT = 4 * (TEXT_LIMIT + 1)  # bytes of a line: enough to see that it is too long
_CHUNK = 64 * 1024

TOO_LONG = f"这一行太长了，请分成几句，每句不超过{TEXT_LIMIT}个字。"
UNREADABLE = "这一行里有认不出的字（要用UTF-8），请换个写法再发。"
NO_WORDS = "这一行里没有字，请再写一句。"


async def read_lines(descriptor: int) -> AsyncIterator[str]:
    """The lines as they come, without their ends; an endless one is never held in memory."""
    line = bytearray()
    while chunk := await _read(descriptor):
        *ended, rest = chunk.split(b"\n")
        for part in ended:
            line += part[: _KEPT - len(line)]
            yield line.decode(errors="surrogateescape")
            line.clear()
        line += rest[: _KEPT - len(line)]
    if line:
        yield line.decode(errors="surrogateescape")


def fault_of(line: str) -> str:
    """Why this line cannot be sent, in a sentence; "" if it can."""
    if len(line) > TEXT_LIMIT:
        return TOO_LONG
    if any("\ud800" <= letter <= "\udfff" for letter in line):
        return UNREADABLE
    return NO_WORDS if line.strip() and not plain_text(line) else ""


async def _read(descriptor: int) -> bytes:
    # A thread of the loop's own pool would hold up the end of the program at a silent keyboard.
    loop = asyncio.get_running_loop()
    result: asyncio.Future[bytes] = loop.create_future()

    def read() -> None:
        data = b""
        with suppress(OSError):  # the terminal was closed: that is the end of the input
            data = os.read(descriptor, _CHUNK)
        with suppress(RuntimeError):  # nobody waits any more
            loop.call_soon_threadsafe(_settle, result, data)

    threading.Thread(target=read, daemon=True).start()
    return await result


def _settle(result: asyncio.Future[bytes], data: bytes) -> None:
    if not result.done():
        result.set_result(data)
