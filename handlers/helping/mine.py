"""Who helps me: the commissioner's name and a call, a mentor to choose (1+1+N, domain 6.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers import commands, frames, human_help
from handlers.choices import Choice, by_number, by_word
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import OpenTicket
from handlers.helping.answering import phone_question
from handlers.helping.caseload import Mentor
from handlers.helping.effects import ChooseHelper
from handlers.helping.words import is_about_helpers, wants_expert, wants_mentor
from handlers.identity import by, living
from handlers.prompts import ask
from handlers.texts import say
from outreach.helping.assigning import spoken
from records.assignments import Assigned, Help
from records.messages import Inbound
from records.people import Profile
from records.tickets import TicketKind

CALL, PICK = "call", "pick"


class MyHelpers:
    """专员, 导师."""

    name = "my_helpers"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if message.is_group or frames.is_asking(state):
            return False
        if state.flow == self.name and _is_reply(message.text, state):
            return True
        return is_about_helpers(message.text)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        people = living(scene.profiles)
        if state.flow == self.name and not is_about_helpers(message.text):
            return _replied(message.text, state, scene)
        if not people:
            return Turn((Reply(say("mine_helped.nobody")),), frames.leave(state))
        if wants_expert(message.text):
            return _experts(people[0], state, scene)
        if wants_mentor(message.text):
            return _mentors(people[0], state, scene)
        return _commissioner(people[0], state, scene)


def _is_reply(text: str, state: State) -> bool:
    if state.step == CALL:
        return bool(by_number(text, _calls()).codes or by_word(text, _calls()))
    choices = _choices(state)
    is_no = commands.of(text) in (Command.BACK, Command.LATER)
    return is_no or bool(by_number(text, choices).codes or by_word(text, choices))


def _commissioner(person: Profile, state: State, scene: Scene) -> Turn:
    assigned = scene.caseload.helpers.get(person.id, ())
    name, mentor = spoken(assigned, Help.COMMISSIONER), spoken(assigned, Help.MENTOR)
    if not name:
        return Turn((Reply(say("mine_helped.soon")),), frames.leave(state))
    text = say("mine_helped.commissioner", name=name)
    if mentor:
        text = f"{text}\n{say('mine_helped.mentor', name=mentor)}"
    reply = ask(text, _calls(), key=CALL, kind="reply")
    return Turn((reply,), frames.enter(state, MyHelpers.name, CALL, helper=name))


def _mentors(person: Profile, state: State, scene: Scene) -> Turn:
    known = spoken(scene.caseload.helpers.get(person.id, ()), Help.MENTOR)
    mentors = [one for one in scene.caseload.mentors if one.name != known]
    if known and not mentors:
        return Turn((Reply(say("mine_helped.mentor", name=known)),), frames.leave(state))
    if not mentors:
        return Turn((Reply(say("mine_helped.no_mentor")),), frames.leave(state))
    question = say("mine_helped.ask_mentor") if len(mentors) > 1 else say("mine_helped.ask_one")
    return _offered(person, mentors, question, state)


def _experts(person: Profile, state: State, scene: Scene) -> Turn:
    """An expert is booked as one's mentor: they see whom to call, and write back."""
    experts = scene.caseload.mentors
    if not experts:
        return Turn((Reply(say("mine_helped.no_expert")),), frames.leave(state))
    return _offered(person, experts, say("mine_helped.ask_expert"), state)


def _offered(person: Profile, mentors: Sequence[Mentor], question: str, state: State) -> Turn:
    told = [
        say("mine_helped.about", name=one.name, about=one.about) for one in mentors if one.about
    ]
    names = [one.name for one in mentors]
    listed = (*(Choice(name, name) for name in names), Choice("", say("mine_helped.later")))
    reply = ask("\n".join((*told, question)), listed, key=PICK, kind="reply")
    return Turn((reply,), frames.enter(state, MyHelpers.name, PICK, names=names, person=person.id))


def _replied(text: str, state: State, scene: Scene) -> Turn:
    if state.step == CALL:
        return _called(str(state.data["helper"]), state, scene)
    choices = _choices(state)
    codes = by_number(text, choices).codes or by_word(text, choices)
    left = frames.leave(state)
    if not codes or not codes[0]:
        return Turn((Reply(say("mine_helped.not_now")),), left)
    person_id, chosen = str(state.data["person"]), say("mine_helped.chosen", name=codes[0])
    effect = ChooseHelper(person_id, codes[0], Help.MENTOR)
    person = by(scene.profiles, person_id)
    if person is None or not person.phone:
        return Turn((Reply(chosen),), left, (effect,))
    given = Assigned(person_id, Help.MENTOR, codes[0], 0, scene.now)
    asked = phone_question(given, left, chosen)
    return replace(asked, effects=(effect, *asked.effects))


def _called(helper: str, state: State, scene: Scene) -> Turn:
    subject = say("mine_helped.subject")
    ticket = human_help.a_ticket(TicketKind.CALLBACK, subject, state, scene)
    until = human_help.promise(ticket, scene)
    text = say("mine_helped.asked", number=ticket.number, name=helper, until=until)
    return Turn((Reply(text),), frames.leave(state), (OpenTicket(ticket),))


def _calls() -> tuple[Choice, ...]:
    return (Choice(CALL, say("mine_helped.call")),)


def _choices(state: State) -> tuple[Choice, ...]:
    names = [str(name) for name in state.data.get("names", ())]
    return (*(Choice(name, name) for name in names), Choice("", say("mine_helped.later")))
