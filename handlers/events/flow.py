"""来 and 不来: what somebody is invited to, and their answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from handlers import frames, hearing
from handlers.choices import Choice, by_number
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.events import pages
from handlers.events.answers import Heard, Meaning, answer_of
from handlers.events.effects import AnswerInvitation
from handlers.events.seen import Events
from handlers.events.words import Mine, Say, wish_of
from handlers.texts import say
from outreach.events.telling import clock, when, where
from records.events import Answer, Event, Guest
from records.messages import Inbound, Option
from records.seen import CROSSING

_MOST = 3  # invitations at once
_FREE = frozenset({"", "invitations"})  # nothing of another talk waits for an answer
_BEFORE: dict[Meaning, tuple[Answer, ...]] = {  # what they said before, the likeliest first
    Meaning.YES: (Answer.NONE, Answer.NO, Answer.YES),
    Meaning.AGAIN: (Answer.NO, Answer.NONE, Answer.YES),
    Meaning.NO_MORE: (Answer.YES, Answer.NONE, Answer.NO),
}


class Invitations:
    """来 活动3, 不来, 我的活动; «带两个人来», «几点开始», and 1 and 2 after other talk."""

    name = "invitations"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if message.is_group:
            return False
        wish = wish_of(message.text)
        if isinstance(wish, Say):
            return True
        if frames.is_asking(state):
            return False
        if isinstance(wish, Mine):
            return bool(scene.profiles)
        return _is_answer(message, state, scene) or _is_number(message, state, scene)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish, known = wish_of(message.text), scene.agenda.events
        after = _ours(frames.leave(state))
        if isinstance(wish, Mine):
            return Turn((_listed(known.mine, known),), after)
        if isinstance(wish, Say):
            return _said(wish, after, scene)
        heard = answer_of(message.text)
        if heard is not None:
            return _meant(heard, after, scene)
        picked = _picked(message, known)
        if picked is not None:
            return _said(picked, after, scene)
        title = known.known[_open(known)[0].event].told.title
        return Turn((Reply(say("event.which_number", title=title)),), after)


def _is_answer(message: Inbound, state: State, scene: Scene) -> bool:
    """Whether words can be meant for an invitation that arrived, and for nobody else."""
    heard, known = answer_of(message.text), scene.agenda.events
    if heard is None or not known.reached:
        return False
    if known.fresh or state.flow == Invitations.name:
        return True
    is_plain = heard.answer is not Answer.NONE or state.flow in _FREE
    return is_plain and not heard.is_weak and not scene.caseload.wrote


def _is_number(message: Inbound, state: State, scene: Scene) -> bool:
    """Whether a mere number, for which nothing else waits, comes while an invitation is open."""
    known = scene.agenda.events
    is_free = state.flow in _FREE and bool(hearing.numbers(message.text))
    return is_free and (bool(_open(known)) or _picked(message, known) is not None)


def _picked(message: Inbound, known: Events) -> Say | None:
    """What a number picks, where the last numbers that they saw are those of an invitation."""
    offer = known.numbered
    if offer is None or message.sent_at + CROSSING < offer.at:
        return None
    offered = [Choice(option.value, option.label) for option in offer.options]
    codes = by_number(message.text, offered).codes
    wish = wish_of(codes[0]) if len(codes) == 1 else None
    return wish if isinstance(wish, Say) else None


def _ours(left: State) -> State:
    """We talk of invitations, unless a form waits."""
    return left if frames.has_form(left) else frames.enter(left, Invitations.name, "told")


def _open(known: Events) -> list[Guest]:
    return [one for one in _reached(known) if one.answer is Answer.NONE]


def _reached(known: Events) -> list[Guest]:
    return [one for one in known.mine if one.event in known.reached]


def _listed(mine: Sequence[Guest], known: Events) -> Reply:
    lines = [pages.mine(one, known.known[one.event]) for one in mine[:_MOST]]
    return Reply("\n".join(lines) or say("event.not_invited_now"), kind="notice")


def _said(wish: Say, state: State, scene: Scene, *, brings: bool = False) -> Turn:
    known = scene.agenda.events
    guest = next((one for one in known.mine if wish.number == one.event), None)
    if guest is None:
        return Turn((Reply(say("event.over")),), state)
    effect = AnswerInvitation(guest.event, guest.person_id, wish.answer)
    text = _told(wish, known.known[guest.event], scene.now, brings=brings)
    return Turn((Reply(text, kind="notice"),), state, (effect,))


def _meant(heard: Heard, state: State, scene: Scene) -> Turn:
    """The invitation that is meant is answered, or asked for where it may be several."""
    known = scene.agenda.events
    meant = _of_these(heard, known)
    is_known = heard.answer is Answer.NONE and meant[0].answer is not Answer.NONE
    if is_known or heard.meaning is Meaning.ASKS:
        return Turn((_listed(meant, known),), state)
    if heard.answer is Answer.NONE:
        return Turn((Reply(_unsettled(heard, known.known[meant[0].event])),), state)
    if len(meant) > 1:
        return Turn((_which(heard, meant, known),), state)
    return _said(Say(heard.answer, meant[0].event), state, scene, brings=heard.brings)


def _of_these(heard: Heard, known: Events) -> list[Guest]:
    """The invitations that an answer may be for: those it changes."""
    reached = _reached(known)
    if heard.meaning in (Meaning.NO, Meaning.ASKS):
        return [one for one in reached if one.answer is not Answer.NO] or reached
    for before in _BEFORE.get(heard.meaning, (Answer.NONE, Answer.YES, Answer.NO)):
        if found := [one for one in reached if one.answer is before]:
            return found
    return reached


def _which(heard: Heard, meant: Sequence[Guest], known: Events) -> Reply:
    is_no = heard.answer is Answer.NO
    options = []
    for n, one in enumerate(meant[:_MOST], 1):
        title = known.known[one.event].told.title
        label = say("event.yes_of", n=n, title=title)
        if is_no:
            label = say("event.no_of", n=n, title=title)
        word = "不来" if is_no else "来"
        options.append(Option(label, f"{word} 活动{one.event}"))
    return Reply(say("event.which"), tuple(options))


def _unsettled(heard: Heard, event: Event) -> str:
    title, day = event.told.title, when(event)
    if heard.meaning is Meaning.WELL:
        return say("event.well", title=title, day=day)
    return say("event.undecided", title=title, day=day, time=clock(event))


def _told(wish: Say, event: Event, now: datetime, *, brings: bool) -> str:
    title, day = event.told.title, when(event)
    if wish.answer is Answer.NO:
        return say("event.not_coming", title=title, number=event.number)
    if brings:
        return say(
            "event.coming_with", title=title, day=day, time=clock(event), place=where(event)
        )
    return pages.coming(event, now)
