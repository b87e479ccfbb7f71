"""回1看全文: a message that left inside another as a whole; 别的几件: all lines again."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from handlers import frames, hearing
from handlers.dialogue import Scene, State, Turn
from handlers.texts import table
from handlers.wishes.effects import OpenPush
from outreach.digests import OPEN
from records.messages import Inbound

_ASKED = "others"  # in the memory: when the lines were asked for
_ON_ITS_WAY = timedelta(seconds=20)  # they may not have arrived, so that no number means them yet
_OPENS = re.compile(rf"{OPEN} ?(\d{{1,18}})")


class Digests:
    """打开消息 123, as the line of a digest says; 别的几件."""

    name = "digests"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if message.is_group:
            return False
        return _row(message.text) is not None or bool(_line(message.text, state, scene))

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        row = _row(message.text)
        line = 0 if row is not None else _line(message.text, state, scene)
        asked = scene.now.isoformat() if row == 0 else None
        left = frames.leave(state).remember(**{_ASKED: asked})
        return Turn((), left, (OpenPush(row or 0, line),))


def _row(text: str) -> int | None:
    """The message that is to be opened, 0 for what came with the last one."""
    found = _OPENS.fullmatch(text)
    if found:
        return int(found.group(1))
    return 0 if hearing.core(text) in table("words")["wishes"]["others"] else None


def _line(text: str, state: State, scene: Scene) -> int:
    """The number of a line, typed before the lines that were asked for have arrived; else 0."""
    asked, numbers = state.memory.get(_ASKED), hearing.numbers(text)
    if not asked or scene.ticket or len(numbers) != 1:
        return 0
    is_on_its_way = scene.now - datetime.fromisoformat(asked) <= _ON_ITS_WAY
    return numbers[0] if is_on_its_way else 0
