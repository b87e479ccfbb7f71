"""Complaints and suggestions: one message, a receipt, an answer in three days (domain P-27)."""

from __future__ import annotations

from handlers import commands, consent, frames, human_help
from handlers.commands import ALWAYS_ON, Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import OpenTicket
from handlers.prompts import ask
from handlers.texts import say
from records.messages import Inbound
from records.tickets import TicketKind

TELL = "tell"
_WORKING_DAYS = 3


class Complaint:
    """投诉, 意见, 建议."""

    name = "complaint"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        command = commands.of(message.text)
        if command is Command.COMPLAIN:
            return True
        return state.flow == self.name and command not in (Command.HOME, Command.HELP)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        command = commands.of(message.text)
        if command is Command.COMPLAIN and not commands.is_whole_complaint(message.text):
            reply = ask(say("complaint.tell"), key=TELL)
            return Turn((reply,), frames.enter(state, self.name, TELL))
        left = frames.leave(state)
        if command in ALWAYS_ON:
            return Turn((Reply(say("complaint.dropped")),), left)
        ticket = human_help.a_ticket(
            TicketKind.COMPLAINT, message.text, state, scene, working_days=_WORKING_DAYS
        )
        phone = consent.phone_of(scene.office)
        until = human_help.promise(ticket, scene)
        text = say("complaint.received", number=ticket.number, until=until, phone=phone)
        return Turn((Reply(text, kind="notice"),), left, (OpenTicket(ticket),))
