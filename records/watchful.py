"""Connections to PostgreSQL that end soon where the way to it is cut."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg

from records import cuts

_CONNECT_SECONDS = 10.0  # to reach the server and sign in: TCP knocks at 0, 1, 3 and 7


class Watchful(asyncpg.Connection):  # type: ignore[misc]
    """As the driver's, but for the options of its socket."""

    def __init__(self, protocol: Any, transport: asyncio.Transport, *rest: Any) -> None:
        super().__init__(protocol, transport, *rest)
        cuts.notice(transport.get_extra_info("socket"))


def watchful() -> dict[str, Any]:
    """What asyncpg is to be called with besides the address."""
    return {"connection_class": Watchful, "timeout": _CONNECT_SECONDS}
