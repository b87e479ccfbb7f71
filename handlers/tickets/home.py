"""老家事: something to be done at home for who is away (domain S2-10): asked once, receipted."""

from __future__ import annotations

import re

from handlers import commands, frames, hearing, human_help
from handlers.commands import ALWAYS_ON
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import OpenTicket
from handlers.prompts import ask
from handlers.texts import say
from records.messages import Inbound
from records.tickets import TicketKind

TELL = "tell"
_WORKING_DAYS = 3
_ASKED = re.compile(
    r"(?:我|俺)?(?:想|要|有)?(?:个|件|点)?老家(?:的)?(?:有)?(?:个|件|点)?(?:难)?事(?:情|儿)?"
    r"(?:想?请?(?:人|你们)?(?:帮忙|帮|办|代办)(?:一?下)?(?:忙|办)?)?|乡贤之家|"
    r"(?:想?请?(?:人|你们)?)?(?:帮我?|替我?)(?:办|办办|办一下)(?:点|件|个)?老家(?:的)?事(?:情)?"
)
# Told at once: somebody is to look after what they cannot, being away.
_TOLD = re.compile(
    r"(?:帮|替|请|托|找)(?:我|俺|忙|人|个人|你们)?.{0,6}(?:看看|照看|照应|照顾|修|送|跑|带|瞧瞧|取|上坟|扫墓)"
)
_WHAT = re.compile(r"爸|妈|爹|娘(?!子)|父母|老人|爷爷|奶奶|房子|老屋|老房|屋顶|坟")


class HomeMatters:
    """老家有事, 帮我看看家里老人."""

    name = "home_matters"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if message.is_group or frames.is_asking(state):
            return False
        if state.flow == self.name:
            return not commands.of(message.text) or commands.of(message.text) in ALWAYS_ON
        return _is_asked(message.text) or _is_told(message.text)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        if _is_asked(message.text) and state.flow != self.name:
            return Turn((ask(say("home.ask"), key=TELL),), frames.enter(state, self.name, TELL))
        left = frames.leave(state)
        if commands.of(message.text) in ALWAYS_ON:
            return Turn((Reply(say("home.dropped")),), left)
        ticket = human_help.a_ticket(
            TicketKind.HOME, message.text, state, scene, working_days=_WORKING_DAYS
        )
        until = human_help.promise(ticket, scene)
        text = say("home.received", number=ticket.number, until=until)
        return Turn((Reply(text, kind="notice"),), left, (OpenTicket(ticket),))


def _is_asked(text: str) -> bool:
    return bool(_ASKED.fullmatch(hearing.core(text)))


def _is_told(text: str) -> bool:
    """Somebody asks for a hand at home, and not what a paper says of it."""
    said = hearing.core(text)
    is_told = _TOLD.search(said) and _WHAT.search(said)
    return bool(is_told) and not hearing.asks(said) and not hearing.concerns(said)
