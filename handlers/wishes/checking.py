"""查8K3F7QX: whether a message is ours; a look-alike is answered with what we really said."""

from __future__ import annotations

from handlers import consent, human_help
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import FlagTicket, OpenTicket
from handlers.texts import say
from handlers.wishes.effects import NoteWrongCode
from knowledge.alarm import Alarm, alarm_of
from outreach.calendars import spoken
from outreach.genuine import begins
from records.messages import Inbound
from records.tickets import TicketKind


class Checks:
    """Anybody's question whether a message is really ours."""

    name = "checks"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if message.is_group or alarm_of(message.text) in (Alarm.DESPAIR, Alarm.EMERGENCY):
            return False
        return scene.checking.is_asked or scene.checking.like is not None

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        checking = scene.checking
        if checking.like is not None and checking.like.foreign:
            return _faked(message, state, scene)
        if checking.is_guessing:
            phone = consent.phone_of(scene.office)
            return _told(say("check.too_many", phone=phone), state)
        if checking.found is None:
            phone = consent.phone_of(scene.office)
            return Turn(_notice(say("check.not_ours", phone=phone)), state, (NoteWrongCode(),))
        day = spoken(checking.found.sent_at)
        if not checking.found.said:
            return _told(say("check.personal", day=day), state)
        if checking.like is not None:
            return _told(say("check.same"), state)
        return _told(say("check.ours", day=day, words=begins(checking.found.said)), state)


def _faked(message: Inbound, state: State, scene: Scene) -> Turn:
    """Like ours, but for a link, a number or a sum: told so, and the county is told."""
    found = scene.checking.found
    words = begins(found.said) if found else ""
    if scene.ticket:
        text = say("check.faked", words=words, number=scene.ticket)
        return Turn(_notice(text, is_urgent=True), state, (FlagTicket(scene.ticket),))
    ticket = human_help.a_ticket(TicketKind.SCAM, message.text, state, scene, is_flagged=True)
    text = say("check.faked", words=words, number=ticket.number)
    return Turn(_notice(text, is_urgent=True), state, (OpenTicket(ticket),))


def _told(text: str, state: State) -> Turn:
    return Turn(_notice(text), state)


def _notice(text: str, *, is_urgent: bool = False) -> tuple[Reply, ...]:
    return (Reply(text, kind="notice", is_urgent=is_urgent),)
