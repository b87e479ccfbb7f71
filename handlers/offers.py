"""A number after something that came unasked: whether it means that, or what we asked before."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from handlers import commands, frames, hearing
from handlers.choices import Choice, by_number, by_word
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.texts import say
from records.messages import Inbound, InboundKind, Option
from records.seen import CROSSING, Offer

LONGEST = 12  # characters of a number or a label
_KEY = "which"
_UNSURE, _ANSWERED = "unsure", "answered"  # in the memory: what was asked back, the last offer
_IN_ONE_TALK = timedelta(hours=1)  # a question older than that is not what a bare number answers
_PRINTED = re.compile(r"(\d)[\s.、]+\S")  # an option as it stands there, sent back as text
_BESIDE = frozenset({0, 9})  # the way back, and the next page


def may_answer(message: Inbound) -> bool:
    """Whether a message may be a number or a label, so that it matters what was seen last."""
    is_typed = message.kind is InboundKind.TEXT and not message.is_group
    return is_typed and 0 < len(message.text) <= LONGEST and not hearing.asks(message.text)


def meant(
    message: Inbound, state: State, scene: Scene, *, last: str | None
) -> tuple[Inbound, State] | Turn:
    """The message as what it answers, or a turn that asks which of two it does.

    `last` is when the turn before this one was, as ISO text.
    """
    offer = _open(state, scene) if may_answer(message) else None
    if offer is None:
        return _told(message, state)
    state = state.remember(**{_UNSURE: None})
    value = _value(message.text, offer)
    if value is None:
        return message, state
    state = state.remember(**{_ANSWERED: offer.at.isoformat()})
    has_crossed = message.sent_at < offer.at + CROSSING
    is_recent = bool(last) and offer.at - datetime.fromisoformat(last or "") < _IN_ONE_TALK
    is_stop = commands.of(value) is Command.STOP  # not to be taken from a mere number
    if (is_recent or has_crossed or is_stop) and _would_answer(message.text, offer, state):
        return _which(message.text, value, offer, state)
    return replace(message, kind=InboundKind.OPTION, text=value), state


def _open(state: State, scene: Scene) -> Offer | None:
    """The offer that nobody answered yet; staff and who talks to them know what they mean."""
    offer = scene.offer
    if offer is None or scene.ticket or scene.counter.staff is not None:
        return None
    return None if state.memory.get(_ANSWERED) == offer.at.isoformat() else offer


def _value(text: str, offer: Offer) -> str | None:
    """The value of the offered option that a message picks, and no option of our question."""
    offered = tuple(Choice(option.value, option.label) for option in offer.options)
    named = by_word(text, offered)
    if not named and (_PRINTED.match(text) or by_word(text, _bare(offer.asked))):
        return None
    codes = named or by_number(text, offered).codes
    return codes[0] if len(codes) == 1 else None


def _would_answer(text: str, offer: Offer, state: State) -> bool:
    """Whether a question of ours waits that the same words would answer."""
    if not (frames.is_asking(state) or state.flow not in ("", frames.FORM)):
        return False
    given = hearing.numbers(text)
    if not given:
        return bool(by_word(text, _bare(offer.asked)))
    shown = {int(option.label[0]) for option in offer.asked if option.label[:1].isdigit()}
    # Where nothing is numbered, a number may be the answer itself.
    return set(given) <= shown or not shown - _BESIDE


def _which(text: str, value: str, offer: Offer, state: State) -> Turn:
    label = next(option.label for option in offer.options if option.value == value)
    ways = (say("which.new", label=label), say("which.asked"))
    options = tuple(Option(f"{n} {way}", f"{_KEY}:{n}") for n, way in enumerate(ways, 1))
    unsure = {"said": text, "value": value, "label": label}
    reply = Reply(say("which.ask", said=hearing.clean(text)), options)
    return Turn((reply,), state.remember(**{_UNSURE: unsure}))


def _told(message: Inbound, state: State) -> tuple[Inbound, State]:
    """What was asked back is answered, or else forgotten."""
    unsure: dict[str, Any] | None = state.memory.get(_UNSURE)
    if not unsure:
        return message, state
    left = state.remember(**{_UNSURE: None})
    code = _way(message, str(unsure["label"]))
    if code == "new":
        return replace(message, kind=InboundKind.OPTION, text=unsure["value"]), left
    return (
        replace(message, kind=InboundKind.TEXT, text=unsure["said"]) if code else message
    ), left


def _way(message: Inbound, label: str) -> str:
    ways = (
        Choice("new", say("which.new", label=label), (label,)),
        Choice("old", say("which.asked")),
    )
    text = message.text
    if message.kind is InboundKind.OPTION:
        text = text.removeprefix(f"{_KEY}:") if text.startswith(f"{_KEY}:") else ""
    codes = by_number(text, ways).codes or by_word(text, ways)
    return codes[0] if len(codes) == 1 else ""


def _bare(asked: tuple[Option, ...]) -> tuple[Choice, ...]:
    """The options of a question by their words, without the numbers before them."""
    return tuple(Choice(o.value, re.sub(r"^\d[\s.、]*", "", o.label)) for o in asked)
