"""查8K3F7QX: whether a message is ours; a look-alike is answered with what we really said."""

from __future__ import annotations

from handlers import consent, human_help
from handlers.alarms import raised
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import FlagTicket, OpenTicket
from handlers.projects.market import FLOW as PROJECTS
from handlers.projects.narrow_words import Narrow, said_of
from handlers.texts import say
from handlers.wishes import doubts
from handlers.wishes.checked import Checking
from handlers.wishes.effects import NoteWrongCode
from knowledge.alarm import Alarm, alarm_of
from outreach.calendars import spoken
from outreach.genuine import LENGTH, Genuine, begins
from records.messages import Inbound
from records.tickets import TicketKind

_SHOWN, _TOGETHER = 2, 26  # wordings that are told, and characters of them


class Checks:
    """Anybody's question whether a message is really ours."""

    name = "checks"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if message.is_group or alarm_of(message.text) in (Alarm.DESPAIR, Alarm.EMERGENCY):
            return False
        seen = scene.checking
        return (
            seen.is_asked
            or (seen.asks_whose and not _is_of_project(message.text, state))
            or seen.like is not None
            or doubts.reports_fake(message.text)
            or bool(_lures(message, scene))
        )

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        checking = scene.checking
        if checking.like is not None and checking.like.foreign:
            return _faked(message, state, scene, begins(checking.words))
        if _lures(message, scene):
            return _faked(message, state, scene, "")
        if checking.is_asked:
            return _asked(message, state, scene)
        if checking.like is not None:
            return _told(say("check.same"), state)
        if doubts.reports_fake(message.text):
            return raised(message.text, TicketKind.SCAM, state, scene)
        return _told(_how(checking), state)


def _is_of_project(text: str, state: State) -> bool:
    """«这个靠谱吗» after a project is about that project."""
    said = said_of(text) if state.flow == PROJECTS else None
    return said is not None and said.narrow is Narrow.TRUST


def _asked(message: Inbound, state: State, scene: Scene) -> Turn:
    """What is known of a code."""
    checking, phone = scene.checking, consent.phone_of(scene.office)
    if len(checking.code) != LENGTH:
        return _told(say("check.length", length=LENGTH, number=len(checking.code)), state)
    if checking.is_guessing:
        return _told(say("check.too_many", phone=phone), state)
    if checking.found is None:
        return Turn(_notice(say("check.not_ours", phone=phone)), state, (NoteWrongCode(),))
    return _told(_ours(checking, checking.found), state)


def _ours(checking: Checking, found: Genuine) -> str:
    """What a message of ours told: to who got it their own words, to others how it may read."""
    day = spoken(found.sent_at)
    if not found.said:
        return say("check.personal", day=day)
    if checking.is_other:
        return say("check.other_words", day=day, words=_some(found))
    if found.is_theirs or not found.varies:
        return say("check.ours", day=day, words=begins(found.said[0]))
    return say("check.varies", day=day, words=_some(found))


def _some(found: Genuine) -> str:
    """One wording as it begins, or of several two; to who got it theirs."""
    some = found.said[: 1 if found.is_theirs else _SHOWN]
    return "”“".join(begins(one, _TOGETHER // len(some)) for one in some)


def _how(checking: Checking) -> str:
    """How our messages are known, and what we sent here last."""
    if checking.found is None or not checking.code:
        return say("check.how")
    day = spoken(checking.found.sent_at)
    words = begins(checking.found.said[0])
    return say("check.last", day=day, words=words, code=checking.code)


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
