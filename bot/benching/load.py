"""A small HTTP load: keep-alive connections, each sending its next request after an answer."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Load:
    """What came of it: requests answered 200, refused, seconds, and each answer's time in ms."""

    answered: int
    refused: int
    seconds: float
    times: list[float]

    @property
    def rate(self) -> float:
        return self.answered / self.seconds

    def percentile(self, share: float) -> float:
        """The time that `share` of the answers did not exceed, in ms."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class _Connection(asyncio.Protocol):
    """One connection of the load: sends, waits for the whole answer, sends again."""

    def __init__(self, requests: Iterator[bytes], done: Callable[[bool, float], None]) -> None:
        self._requests = requests
        self._done = done
        self._began = 0.0
        self._buffer = b""
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._next()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if not _is_whole(self._buffer):
            return
        self._done(self._buffer.startswith(b"HTTP/1.1 200"), time.perf_counter() - self._began)
        self._buffer = b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.finished.done():
            self.finished.set_result(None)

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
            return
        self._began = time.perf_counter()
        self._transport.write(request)


async def closed_loop(port: int, requests: Iterator[bytes], connections: int) -> Load:
    """Send all `requests` over so many connections, each as fast as it is answered."""
    times: list[float] = []
    refused = 0

    def done(is_good: bool, seconds: float) -> None:
        nonlocal refused
        times.append(seconds * 1000)
        refused += not is_good

    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    opened = []
    for _ in range(connections):
        _, connection = await loop.create_connection(
            lambda: _Connection(requests, done), "127.0.0.1", port
        )
        opened.append(connection.finished)
    await asyncio.gather(*opened)
    seconds = time.perf_counter() - began
    return Load(len(times) - refused, refused, seconds, times)


async def open_loop(port: int, requests: Iterator[bytes], rate: float) -> Load:
    """Send `requests` at an even `rate` a second, whether or not the last was answered."""
    times: list[float] = []
    refused = 0

    def done(is_good: bool, seconds: float) -> None:
        nonlocal refused
        times.append(seconds * 1000)
        refused += not is_good

    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    waiting = []
    for number, request in enumerate(requests):
        await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        _, connection = await loop.create_connection(
            lambda one=request: _Connection(iter([one]), done),  # type: ignore[misc]
            "127.0.0.1",
            port,
        )
        waiting.append(connection.finished)
    await asyncio.gather(*waiting)
    seconds = time.perf_counter() - began
    return Load(len(times) - refused, refused, seconds, times)


def post(path: str, body: bytes, headers: str = "") -> bytes:
    """A POST as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"{headers}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _is_whole(data: bytes) -> bool:
    head, separator, body = data.partition(b"\r\n\r\n")
    if not separator:
        return False
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return len(body) >= int(value)
    return True
