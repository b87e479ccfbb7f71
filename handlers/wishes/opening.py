"""回1看全文: a message that left inside another is shown as a whole."""

from __future__ import annotations

import re

from handlers import frames
from handlers.dialogue import Scene, State, Turn
from handlers.wishes.effects import OpenPush
from outreach.digests import OPEN
from records.messages import Inbound

_OPENS = re.compile(rf"{OPEN} ?(\d{{1,18}})")


class Digests:
    """打开消息 123, as the line of a digest says."""

    name = "digests"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        return not message.is_group and bool(_OPENS.fullmatch(message.text))

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        found = _OPENS.fullmatch(message.text)
        assert found is not None  # else it was not taken
        return Turn((), frames.leave(state), (OpenPush(int(found.group(1))),))
