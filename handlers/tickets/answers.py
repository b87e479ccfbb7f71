"""Answers to what we ask after a request is done: how content, whether the money has come."""

from __future__ import annotations

import re

from handlers import frames
from handlers.choices import by_number, by_word
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.prompts import ask
from handlers.texts import say
from handlers.tickets import knowing
from handlers.tickets.applying import NotePaid
from handlers.tickets.knowing import NoteKnown
from handlers.tickets.rating import RateTicket
from records.messages import Inbound

_RATED = re.compile(r"打分\s*([0-9A-Za-z]{6})\s*([1-5])")
_PAID = re.compile(r"到账\s*([0-9A-Za-z]{6})\s*([12])")
_KNOWN = re.compile(r"知晓\s*(20\d\d)\s*([123])")
SECOND = "known"
_COME = 1
_UNHAPPY = 2


class TicketAnswers:
    """A score of 1 to 5 and «到了», as the options of our questions bring them."""

    name = "ticket_answers"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if state.flow == self.name and _second(message.text):
            return True
        answers = (_RATED, _PAID, _KNOWN)
        return any(pattern.fullmatch(message.text) for pattern in answers)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        if found := _RATED.fullmatch(message.text):
            score = int(found[2])
            text = say("rating.sorry") if score <= _UNHAPPY else say("rating.thanks")
            return _noted(text, state, RateTicket(found[1].upper(), score))
        if found := _KNOWN.fullmatch(message.text):
            return _knew_first(int(found[1]), int(found[2]), state)
        if state.flow == self.name:
            return _knew_second(message.text, state)
        paid = _PAID.fullmatch(message.text)
        assert paid is not None
        has_come = int(paid[2]) == _COME
        text = say("ticket.thanks_paid") if has_come else say("ticket.will_check")
        return _noted(text, state, NotePaid(paid[1].upper(), has_come))


def _knew_first(year: int, choice: int, state: State) -> Turn:
    """Who answers learns how it is; then comes the second item, unless a form is under way."""
    is_right = choice == knowing.RIGHT[1]
    text = say("knowing.right") if is_right else say("knowing.wrong")
    effect = NoteKnown(year, 1, is_right)
    if frames.is_asking(state):
        return _noted(text, state, effect)
    reply = ask(f"{text}\n{say('knowing.second')}", knowing.second(), key=SECOND, kind="notice")
    asked = frames.enter(state, TicketAnswers.name, SECOND, year=year)
    return Turn((reply,), asked, (effect,))


def _knew_second(text: str, state: State) -> Turn:
    is_right = _second(text) == str(knowing.RIGHT[2])
    told = say("knowing.right_too") if is_right else say("knowing.wrong_too")
    return _noted(told, state, NoteKnown(int(state.data["year"]), 2, is_right))


def _second(text: str) -> str:
    """Which option of the second item a message picks; "" for none."""
    codes = by_number(text, knowing.second()).codes or by_word(text, knowing.second())
    return codes[0] if len(codes) == 1 else ""


def _noted(text: str, state: State, effect: RateTicket | NotePaid | NoteKnown) -> Turn:
    left = state if frames.is_asking(state) else frames.leave(state)
    return Turn((Reply(text, kind="notice"),), left, (effect,))
