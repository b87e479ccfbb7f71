"""A way that is cut without a word, as by a dead switch, is noticed within seconds.

TCP by itself sends again for a quarter of an hour, at ever longer intervals, and who only waits
for an answer waits for ever. The server's own side: docs/howto/postgres.md.
"""

from __future__ import annotations

import socket
from typing import Protocol

_SILENCE = 6000  # milliseconds without an answer after which there is no way
# Not every system has each of them (tcp(7) of Linux); times of keep-alive are in seconds.
_OPTIONS = (
    ("TCP_KEEPIDLE", 3),
    ("TCP_KEEPINTVL", 1),
    ("TCP_KEEPCNT", 3),
    ("TCP_USER_TIMEOUT", _SILENCE),
)


class Socket(Protocol):
    """What a socket and an event loop's stand-in for one have in common."""

    @property
    def family(self) -> int: ...

    def setsockopt(self, level: int, option: int, value: int, /) -> None: ...


def notice(connection: Socket) -> None:
    """Let the system end this connection where the other side is silent; not within a machine."""
    if connection.family not in (socket.AF_INET, socket.AF_INET6):
        return
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _OPTIONS:
        if hasattr(socket, name):
            connection.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
