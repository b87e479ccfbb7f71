"""One thing that a person told in a self-check, asked again and changed («改22»)."""

from __future__ import annotations

from datetime import date
from typing import Any

from handlers import commands, frames, prompts
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import KeepFacts
from handlers.self_check import recall, telling
from handlers.self_check.adviser import CHINA
from handlers.self_check.questions import Question, question_about
from handlers.self_check.reading import is_unsure
from handlers.texts import say
from records.people import Profile

_LEAVING = frozenset({Command.BACK, Command.QUIT, Command.LATER, Command.END})


def asked(attr: str, profile: Profile, state: State) -> Turn:
    """The question of this attribute, as it was asked then."""
    return _ask(_question(attr, profile), profile, frames.leave(state), again=False)


def answered(text: str, state: State, scene: Scene) -> Turn:
    """What the answer changes: a new value, or that it is no longer known."""
    attr, left = state.step, frames.leave(state)
    profile = next((p for p in scene.profiles if p.id == state.data.get("person")), None)
    if profile is None or commands.of(text) in _LEAVING:
        return Turn((Reply(say("mine.closed")),), left)
    if is_unsure(text):
        return _kept({attr: None}, say("self_check.taken_back"), profile, left)
    question = _question(attr, profile)
    value = _value(question, text, scene.now.astimezone(CHINA).date())
    if value:
        told = telling.phrase(attr, {**profile.told, **value})
        return _kept(value, say("self_check.mended", told=told), profile, left)
    if state.data.get("again"):
        return Turn((Reply(say("self_check.not_mended")),), left)
    return _ask(question, profile, left, again=True)


def _ask(question: Question, profile: Profile, state: State, *, again: bool) -> Turn:
    words = say("self_check.not_understood", help=question.help) if again else question.ask
    reply = prompts.ask(words, question.choices, key=question.attr)
    data = {"mend": True, "person": profile.id, "again": again}
    return Turn((reply,), frames.enter(state, "self_check", question.attr, **data))


def _kept(value: dict[str, Any], words: str, profile: Profile, state: State) -> Turn:
    # What was told before is not said again from memory.
    left = recall.dropped(state)
    return Turn((Reply(words, kind="notice"),), left, (KeepFacts(profile.id, value),))


def _question(attr: str, profile: Profile) -> Question:
    told = profile.told
    names = [*(told.get("recognised_as") or ()), *(told.get("not_recognised_as") or ())]
    return question_about(attr, {}, names)


def _value(question: Question, text: str, today: date) -> dict[str, Any]:
    """What the message says of this attribute, and nothing else."""
    given = question.answer(text, today)
    wanted = {question.attr}
    if question.attr == "recognised_as":
        wanted.add("not_recognised_as")
    if question.attr == "registered_on":
        wanted.add("entity_type")  # «还没办»
    return {attr: value for attr, value in given.items() if attr in wanted}
