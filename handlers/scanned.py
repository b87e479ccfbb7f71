"""The place of a scanned code: taken where no home is known, mentioned where another one is."""

from __future__ import annotations

from handlers import hearing, places
from handlers.dialogue import Reply, Scene, State
from handlers.policy_answer import home_of
from handlers.prompts import MOST_REPLIES
from handlers.texts import say
from records.messages import Inbound, InboundKind

AGAIN = "again"  # in the extras of a start: nobody waits for a greeting
_SCANNED, _UNMET = "scanned", "unmet"  # in the memory: a place, that nothing was ever said


def is_silent(message: Inbound) -> bool:
    """Whether somebody only came by a code, and said nothing."""
    return message.kind is InboundKind.START and AGAIN in message.extra


def came(message: Inbound, state: State, scene: Scene) -> State:
    """Somebody came by a code without a word: who is new is still new when they write."""
    return noted(message, state.remember(**{_UNMET: scene.is_new}), scene)


def is_new(state: State, scene: Scene) -> bool:
    """Whether nobody has told them yet who we are."""
    return scene.is_new or bool(state.memory.get(_UNMET))


def noted(message: Inbound, state: State, scene: Scene) -> State:
    """The home of who had none; else the place waits to be mentioned."""
    # A station's code may stand with its name: 371703-张湾镇服务站.
    found = places.on_code(hearing.clean(message.text), scene.places)
    area = found.area
    if area is None:
        return state
    home = home_of(state, scene)
    if found.detail and home in ("", area.code):
        state = state.remember(**{places.SCANNED: [area.code, found.detail]})
    if not home:
        return state.remember(area=area.code)
    is_same = home in scene.places.lineage(area.code) or area.code in scene.places.lineage(home)
    return state.remember(**{_SCANNED: None if is_same else area.code})


def mentioned(
    replies: tuple[Reply, ...], state: State, scene: Scene
) -> tuple[tuple[Reply, ...], State]:
    """Say once, where there is room, that the home stays as it was, and how it is changed."""
    if state.memory.get(_UNMET):
        state = state.remember(**{_UNMET: False})
    area = scene.places.area(str(state.memory.get(_SCANNED) or ""))
    home = scene.places.area(home_of(state, scene))
    if area is None or not replies or len(replies) >= MOST_REPLIES or scene.ticket:
        return replies, state
    left = state.remember(**{_SCANNED: None})
    if home is None or home.code == area.code:
        return replies, left
    text = say("scanned.other", scanned=area.short, home=home.short)
    return (Reply(text, kind="notice"), *replies), left
