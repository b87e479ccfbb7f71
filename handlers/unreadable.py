"""Voice, pictures, stickers and empty messages: a polite way out (domain rule 3.3-9)."""

from __future__ import annotations

from handlers import frames, spoken
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.texts import say
from handlers.welcome import at_menu, menu
from records.messages import Inbound, InboundKind

_KINDS = frozenset({InboundKind.VOICE, InboundKind.PICTURE, InboundKind.OTHER})


class Unreadable:
    """What we can neither read nor hear."""

    name = "unreadable"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        is_start = message.kind is InboundKind.START
        return message.kind in _KINDS or (not message.text and not is_start)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        reply = Reply(_sentence(message))
        if frames.is_asking(state) or state.flow:
            return Turn((reply,), state)
        return Turn((Reply(reply.text, menu(scene.now).options),), at_menu(state))


def _sentence(message: Inbound) -> str:
    if message.kind is InboundKind.VOICE:
        return spoken.sentence(message)
    is_picture = message.kind is InboundKind.PICTURE
    return say("unreadable.picture") if is_picture else say("unreadable.other")
