"""Who is woken when something may be due or was sent: here at once, elsewhere by the bell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from channels.base import Channel, Streaming
from channels.sender import Sender
from records.database import Database

if TYPE_CHECKING:
    from records.bells import Bell

Wake = Callable[[], None]


def ringing(
    database: Database, sender: Sender, channels: Mapping[str, Channel], *, is_service: bool
) -> tuple[Bell | None, Wake]:
    """The bell of a service of several processes, and what tells senders that something is due."""
    if not is_service or database.is_sqlite:
        return None, sender.wake
    from records.bells import OUTBOX  # comes with a driver that the embedded default does without
    from records.bells import Bell as Shared

    streams = {kind: one for kind, one in channels.items() if isinstance(one, Streaming)}

    def heard(ring: str) -> None:
        kind, _, chat = ring.partition(" ")
        if ring == OUTBOX:
            sender.wake()
        elif kind in streams:
            streams[kind].look(chat)

    def sent(kind: str, chat: str) -> None:
        if kind in streams:
            bell.ring(f"{kind} {chat}")

    def wake() -> None:
        sender.wake()
        bell.ring(OUTBOX)

    bell = Shared(database, heard)
    sender.on_sent = sent
    return bell, wake
