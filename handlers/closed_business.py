"""A business that failed: kind words, no pushes, a human soon, and no promise (journey J12)."""

from __future__ import annotations

import re

from handlers import frames, hearing, human_help
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import Effect, OpenTicket, StopPushes
from handlers.identity import living
from handlers.texts import say
from handlers.tickets.effects import CloseBusiness
from records.messages import Inbound, Option
from records.stops import StopReason
from records.tickets import TicketKind

_TOLD = re.compile(
    r"亏(?:了|光|本|完|惨|大)|赔(?:了|光|本|完)|倒闭|关门(?:了|大吉)|(?:店|厂|铺子|生意).{0,3}(?:关|黄|垮|倒)了|"
    r"干不下去|做不下去|开不下去|撑不下去|干砸|不干了$|不做了$|破产"
)
# In the middle of a form «不干了» may be about the form.
_OF_A_SHOP = re.compile(r"(?:店|厂|铺子|生意|公司|合作社).{0,4}(?:关|黄|垮|倒闭?|亏)了|破产")
# Who has lost money may go on: only what is said to be over is put down as closed.
_IS_OVER = re.compile(r"(?:关|黄|垮|倒)了|关门|倒闭|不干了|不做了|干砸|破产")
_LONGEST = 40


class ClosedBusiness:
    """亏了, 店关了, 不干了."""

    name = "closed_business"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        said = hearing.core(message.text)
        told = _OF_A_SHOP if frames.is_asking(state) else _TOLD
        if len(said) > _LONGEST or not told.search(said):
            return False
        return not hearing.asks(said) and not hearing.concerns(said)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        ticket = human_help.a_ticket(TicketKind.CLOSED_BUSINESS, message.text, state, scene)
        known = living(scene.profiles)
        phones = tuple(p.phone for p in known if p.phone)
        until = human_help.promise(ticket, scene)
        soon = say("closed.human", number=ticket.number, until=until)
        words = (say("option.human"), say("closed.again"))
        replies = (Reply(say("closed.kind")), Reply(soon, tuple(Option(w, w) for w in words)))
        effects: tuple[Effect, ...] = (StopPushes(StopReason.CLOSED, phones), OpenTicket(ticket))
        if len(known) == 1 and _IS_OVER.search(hearing.core(message.text)):
            effects = (*effects, CloseBusiness(known[0].id))
        return Turn(replies, frames.parked(frames.leave(state)), effects)
