"""同意给看 3, 不给看了, 不给银行看了, 给谁看了: at any time, in one word."""

from __future__ import annotations

from collections.abc import Sequence

from handlers import frames
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.sharing.effects import AnswerSharing, EndSharing, SharingEffect
from handlers.sharing.words import No, Wish, Yes, wish_of
from handlers.texts import say
from outreach.calendars import CHINA
from outreach.sharing import spoken, words
from records.messages import Inbound, Option
from records.sharing import Sharing, SharingState

_READ = "share_read"  # in the memory: the question that was shown here


class SharingWord:
    """The word of whose data it is."""

    name = "sharing"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        wish = wish_of(message.text)
        if message.is_group or wish is None or not scene.profiles:
            return False
        return bool(scene.agenda.sharings) or not isinstance(wish, No)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish, left = wish_of(message.text), frames.leave(state)
        assert wish is not None
        new = _unread(wish, scene, left)
        if new is not None:
            options = (Option(say("sharing.yes"), say("sharing.yes_word", number=new.number)),)
            reply = Reply(words(new.wanted), options, "notice")
            return Turn((reply,), left.remember(**{_READ: new.number}))
        text, effects = _done(wish, scene.agenda.sharings, message.channel)
        return Turn((Reply(text, kind="notice"),), left, effects)


def _unread(wish: Wish, scene: Scene, state: State) -> Sharing | None:
    """What they say yes to without having read it: it is shown first."""
    if not isinstance(wish, Yes):
        return None
    known = scene.agenda.sharings
    asked = [one for one in known if one.state is SharingState.ASKED]
    meant = _meant(asked, wish.number, "")
    if len(meant) != 1 or meant[0].number not in scene.agenda.unheard:
        return None
    return None if state.memory.get(_READ) == meant[0].number else meant[0]


_Done = tuple[str, tuple[SharingEffect, ...]]


def _done(wish: Wish, known: Sequence[Sharing], channel: str) -> _Done:
    asked = [one for one in known if one.state is SharingState.ASKED]
    given = [one for one in known if one.state is SharingState.GIVEN]
    if isinstance(wish, Yes):
        return _agreed(_meant(asked, wish.number, ""), channel)
    if isinstance(wish, No):
        return _refused(wish, asked, given, channel)
    if not given:
        return say("sharing.nobody"), ()
    return "\n".join(line(one) for one in given), ()


def line(one: Sharing) -> str:
    """Who sees what until when, and how to end it."""
    day = f"{one.until.astimezone(CHINA):%Y-%m-%d}" if one.until else ""
    what, name = spoken(one.wanted.fields), one.wanted.partner
    return say("sharing.line", name=name, what=what, day=day, number=one.number)


def _agreed(meant: Sequence[Sharing], channel: str) -> _Done:
    if len(meant) != 1:
        return say("sharing.not_asked"), ()
    one = meant[0]
    text = say("sharing.agreed", name=one.wanted.partner, days=one.wanted.days, number=one.number)
    return text, (AnswerSharing(one, True, channel),)


def _refused(wish: No, asked: Sequence[Sharing], given: Sequence[Sharing], channel: str) -> _Done:
    refused = _meant(asked, wish.number, wish.name)
    ended = tuple(_meant(given, wish.number, wish.name))
    effects: list[SharingEffect] = [AnswerSharing(one, False, channel) for one in refused]
    if ended:
        return say("sharing.ended"), (*effects, EndSharing(ended))
    text = say("sharing.refused") if refused else say("sharing.nobody")
    return text, tuple(effects)


def _meant(known: Sequence[Sharing], number: int, name: str) -> list[Sharing]:
    """Of a number, else of a name, else all."""
    if number:
        return [one for one in known if one.number == number]
    return [one for one in known if name in one.wanted.partner]
