"""查8K3F7QX: whether a message is ours; a look-alike is answered with what we really said."""

from __future__ import annotations

from handlers import consent, human_help
from handlers.alarms import raised
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import FlagTicket, OpenTicket
from handlers.texts import say
from handlers.wishes import doubts
from handlers.wishes.checked import Checking
from handlers.wishes.effects import NoteWrongCode
from knowledge.alarm import Alarm, alarm_of
from outreach.calendars import spoken
from outreach.genuine import LENGTH, begins
from records.messages import Inbound
from records.tickets import TicketKind


class Checks:
    """Anybody's question whether a message is really ours."""

    name = "checks"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if message.is_group or alarm_of(message.text) in (Alarm.DESPAIR, Alarm.EMERGENCY):
            return False
        seen = scene.checking
        return (
            seen.is_asked
            or seen.asks_whose
            or seen.like is not None
            or doubts.reports_fake(message.text)
            or bool(_lures(message, scene))
        )

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        checking = scene.checking
        if checking.like is not None and checking.like.foreign:
            return _faked(message, state, scene, _words(checking))
        if _lures(message, scene):
            return _faked(message, state, scene, "")
        if checking.is_asked:
            return _asked(message, state, scene)
        if checking.like is not None:
            return _told(say("check.same"), state)
        if doubts.reports_fake(message.text):
            return raised(message.text, TicketKind.SCAM, state, scene)
        return _told(_how(checking), state)


def _asked(message: Inbound, state: State, scene: Scene) -> Turn:
    """What is known of a code."""
    checking, phone = scene.checking, consent.phone_of(scene.office)
    if len(checking.code) != LENGTH:
        return _told(say("check.length", length=LENGTH, number=len(checking.code)), state)
    if checking.is_guessing:
        return _told(say("check.too_many", phone=phone), state)
    if checking.found is None:
        return Turn(_notice(say("check.not_ours", phone=phone)), state, (NoteWrongCode(),))
    day = spoken(checking.found.sent_at)
    if not checking.found.said:
        return _told(say("check.personal", day=day), state)
    return _told(say("check.ours", day=day, words=_words(checking)), state)


def _how(checking: Checking) -> str:
    """How our messages are known, and what we sent here last."""
    if checking.found is None or not checking.code:
        return say("check.how")
    day = spoken(checking.found.sent_at)
    return say("check.last", day=day, words=_words(checking), code=checking.code)


def _words(checking: Checking) -> str:
    return begins(checking.found.said) if checking.found else ""


def _lures(message: Inbound, scene: Scene) -> tuple[str, ...]:
    return doubts.lures(message.text, scene.office.hosts)


def _faked(message: Inbound, state: State, scene: Scene, words: str) -> Turn:
    """A lure, or like ours but for a link, a number or a sum: told so, and so is the county."""
    ticket = human_help.a_ticket(TicketKind.SCAM, message.text, state, scene, is_flagged=True)
    number = scene.ticket or ticket.number
    effect = FlagTicket(scene.ticket) if scene.ticket else OpenTicket(ticket)
    told = say("check.faked", words=words, number=number)
    text = told if words else say("check.lured", number=number)
    return Turn(_notice(text, is_urgent=True), state, (effect,))


def _told(text: str, state: State) -> Turn:
    return Turn(_notice(text), state)


def _notice(text: str, *, is_urgent: bool = False) -> tuple[Reply, ...]:
    return (Reply(text, kind="notice", is_urgent=is_urgent),)
