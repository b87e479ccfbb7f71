"""A helper's words to one of theirs: passed on under their name, or refused with the reason."""

from __future__ import annotations

from datetime import datetime

from handlers import hearing
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.helping import pages
from handlers.helping.caseload import Dossier
from handlers.helping.effects import PassOn
from handlers.helping.relay_words import LONGEST, Message
from handlers.texts import say
from outreach.calendars import CHINA, spoken
from outreach.helping.relaying import Refusal, shows_phone
from records.assignments import Help
from records.send_budgets import Reach


def passed(message: Message, state: State, scene: Scene) -> Turn:
    """Whom it goes to and that it does; else why not, and nothing is kept."""
    found = _meant(message, scene)
    if len(found) != 1:
        return Turn((Reply(_not_one(message, found), kind="notice"),), state)
    dossier = found[0]
    refused = _refused(message, dossier)
    if refused or dossier.passage is None:
        return Turn((Reply(refused, kind="notice"),), state)
    number, name = dossier.number, pages.name_of(dossier)
    text = say("relay.sent", number=number, name=name)
    if dossier.passage.way.reach is Reach.WHEN_THEY_WRITE:
        text = say("relay.sent_later", number=number, name=name)
    effect = PassOn(dossier.assigned, message.text, dossier.passage)
    return Turn((Reply(text, kind="notice", about=dossier.profile.id),), state, (effect,))


def _meant(message: Message, scene: Scene) -> tuple[Dossier, ...]:
    if not message.number:
        return scene.caseload.called(message.name)
    numbered = scene.caseload.numbered(message.number)
    return (numbered,) if numbered else ()


def _not_one(message: Message, found: tuple[Dossier, ...]) -> str:
    if message.number:
        return say("helping.unknown", number=message.number)
    if not found:
        return say("relay.nobody_called", name=message.name)
    numbers = "、".join(f"{one.number}号" for one in found)
    return say("helping.several_called", name=message.name, numbers=numbers)


def _refused(message: Message, dossier: Dossier) -> str:
    """Why it is not passed on; "" where it is."""
    number = dossier.number
    if not message.text:
        return say("relay.empty", number=number)
    if len(message.text) > LONGEST:
        return say("relay.too_long", most=LONGEST)
    if hearing.phone(message.text) and not shows_phone(dossier.assigned, dossier.leave):
        return say("relay.has_phone", number=number)
    if dossier.passage is None or dossier.passage.refusal is None:
        return ""
    is_mentor = dossier.assigned.help is Help.MENTOR
    call = say("relay.ask_commissioner") if is_mentor else say("relay.call", number=number)
    match dossier.passage.refusal:
        case Refusal.NIGHT:
            return say("relay.night")
        case Refusal.CAPPED:
            at = _moment(dossier.passage.free_at)
            return say("relay.capped", number=number, at=at, call=call)
        case Refusal.STOPPED:
            return say("relay.stopped", number=number, call=call)
        case Refusal.NEVER_HERE:
            return say("relay.never_here", number=number, call=call)
        case Refusal.UNREACHABLE:
            return say("relay.unreachable", number=number, call=call)
        case Refusal.GONE:
            return say("relay.gone", number=number)


def _moment(at: datetime | None) -> str:
    return f"{spoken(at)}{at.astimezone(CHINA):%H:%M}" if at else ""
