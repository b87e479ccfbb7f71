"""回1看全文: a message that left inside another as a whole; 别的几件: all lines again."""

from __future__ import annotations

import re

from handlers import frames, hearing
from handlers.dialogue import Scene, State, Turn
from handlers.texts import table
from handlers.wishes.effects import OpenPush
from outreach.digests import OPEN
from records.messages import Inbound

_OPENS = re.compile(rf"{OPEN} ?(\d{{1,18}})")


class Digests:
    """打开消息 123, as the line of a digest says; 别的几件."""

    name = "digests"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        return not message.is_group and _row(message.text) is not None

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        row = _row(message.text)
        assert row is not None  # else it was not taken
        return Turn((), frames.leave(state), (OpenPush(row),))


def _row(text: str) -> int | None:
    """The message that is to be opened, 0 for what came with the last one."""
    found = _OPENS.fullmatch(text)
    if found:
        return int(found.group(1))
    return 0 if hearing.core(text) in table("words")["wishes"]["others"] else None
