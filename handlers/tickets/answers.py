"""Answers to what we ask after a request is done: how content, whether the money has come."""

from __future__ import annotations

import re

from handlers import frames
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.texts import say
from handlers.tickets.applying import NotePaid
from handlers.tickets.rating import RateTicket
from records.messages import Inbound

_RATED = re.compile(r"打分\s*([0-9A-Za-z]{6})\s*([1-5])")
_PAID = re.compile(r"到账\s*([0-9A-Za-z]{6})\s*([12])")
_COME = 1
_UNHAPPY = 2


class TicketAnswers:
    """A score of 1 to 5 and «到了», as the options of our questions bring them."""

    name = "ticket_answers"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        return bool(_RATED.fullmatch(message.text) or _PAID.fullmatch(message.text))

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        if found := _RATED.fullmatch(message.text):
            score = int(found[2])
            text = say("rating.sorry") if score <= _UNHAPPY else say("rating.thanks")
            return _noted(text, state, RateTicket(found[1].upper(), score))
        paid = _PAID.fullmatch(message.text)
        assert paid is not None
        has_come = int(paid[2]) == _COME
        text = say("ticket.thanks_paid") if has_come else say("ticket.will_check")
        return _noted(text, state, NotePaid(paid[1].upper(), has_come))


def _noted(text: str, state: State, effect: RateTicket | NotePaid) -> Turn:
    left = state if frames.is_asking(state) else frames.leave(state)
    return Turn((Reply(text, kind="notice"),), left, (effect,))
