"""A person writes back to a helper, and says what helpers may: see the number, write at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from handlers import commands, frames, hearing
from handlers.choices import Choice, by_number, by_word
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import Effect
from handlers.helping.caseload import RELAY, may_answer
from handlers.helping.effects import AllowPhone, AnswerHelper, AskedPhone, StopHelper
from handlers.helping.relay_words import LONGEST, Answer, Contact, PersonWish, ShowPhone, wish_of
from handlers.human_help import TYPED
from handlers.identity import by, living
from handlers.policy_question import PolicyQuestion
from handlers.prompts import ask
from handlers.texts import say
from records.assignments import Assigned, Help
from records.messages import Inbound
from records.relays import Phone

WRITE, TALK, WHICH, PHONE = "relay_write", "relay_talk", "relay_which", "relay_phone"
_IN_TALK = timedelta(minutes=30)
_OURS = "ours"  # the choice that it was meant for us


class Answering:
    """«回导师 …», «手机号给陈姐看», «别让导师给我留言», and what follows from these."""

    name = RELAY

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if message.is_group or not scene.caseload.helpers:
            return False
        if state.flow == self.name and _is_reply(message, state, scene):
            return True
        return _wish(message, scene) is not None

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        wish = _wish(message, scene)
        if wish is not None:
            return _wished(wish, frames.leave(state), scene)
        if commands.of(message.text) is Command.BACK:
            return Turn((Reply(say("relay.not_now")),), frames.leave(state))
        if state.step == PHONE:
            return _phone_said(message.text, state, scene)
        if state.step == WHICH:
            return _chosen(message, state, scene)
        one = _kept(dict(state.data), scene)
        if one is None:
            return Turn((Reply(say("relay.no_mentor")),), frames.leave(state))
        if state.step == TALK:
            return _meant(message, (one,), frames.leave(state), scene)
        return _told(one, _typed(message), frames.leave(state), scene)


class SimplyAnswering:
    """Words that follow a helper's, and can be meant for nobody else."""

    name = RELAY

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        is_free = not message.is_group and state.flow in ("", RELAY)
        return is_free and bool(scene.caseload.wrote) and may_answer(message.text)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        return _meant(message, scene.caseload.wrote, state, scene)


def _meant(message: Inbound, whom: Sequence[Assigned], state: State, scene: Scene) -> Turn:
    """To the helper if nobody else can be meant; what may be asked of us is asked back."""
    is_plain = not (hearing.asks(message.text) or hearing.concerns(message.text))
    if len(whom) == 1 and is_plain:
        return _told(whom[0], _typed(message), state, scene)
    data = {"said": _typed(message), "who": [[one.person_id, one.helper] for one in whom]}
    asked = frames.enter(state, RELAY, WHICH, **data)
    return Turn((ask(say("relay.which"), _whom(asked), key=WHICH, kind="reply"),), asked)


def phone_question(one: Assigned, state: State, lead: str) -> Turn:
    """Whether a mentor may see the number, after what `lead` says; asked once of itself."""
    text = f"{lead}\n{say('relay.ask_phone', name=one.helper)}"
    asked = frames.enter(state, RELAY, PHONE, person=one.person_id, helper=one.helper)
    return Turn((ask(text, _ways(), key=PHONE, kind="reply"),), asked, (AskedPhone(one),))


def _is_reply(message: Inbound, state: State, scene: Scene) -> bool:
    text = message.text
    if commands.of(text) is Command.BACK:
        return state.step != TALK
    if state.step == WRITE:
        return commands.of(text) is None
    if state.step == TALK:
        at = datetime.fromisoformat(str(state.data["at"]))
        return scene.now - at < _IN_TALK and may_answer(text)
    choices = _ways() if state.step == PHONE else _whom(state)
    return bool(by_number(text, choices).codes or by_word(text, choices))


def _wish(message: Inbound, scene: Scene) -> PersonWish | None:
    names = {one.helper for given in scene.caseload.helpers.values() for one in given}
    return wish_of(_typed(message), names)


def _typed(message: Inbound) -> str:
    return message.extra.get(TYPED) or message.text


def _wished(wish: PersonWish, state: State, scene: Scene) -> Turn:
    one = _helper(wish.help, wish.name, scene)
    if one is None:
        is_mentor = wish.help is Help.MENTOR
        text = say("relay.no_mentor") if is_mentor else say("relay.no_commissioner")
        return Turn((Reply(text),), state)
    match wish:
        case Answer():
            return _answered(one, wish.text, state, scene)
        case ShowPhone():
            return _phone(one, wish.is_shown, state)
        case Contact():
            no_more, again = (
                say("relay.no_more", name=one.helper),
                say("relay.again", name=one.helper),
            )
            text = no_more if wish.is_stopped else again
            effect = StopHelper(one, wish.is_stopped)
            return Turn((Reply(text, kind="notice"),), state, (effect,))


def _helper(help: Help | None, name: str, scene: Scene) -> Assigned | None:
    """The helper that is meant; of several people here, whose helper wrote last."""
    people = [person.id for person in living(scene.profiles)]
    given = [one for id_ in people for one in scene.caseload.helpers.get(id_, ())]
    able = [one for one in (*scene.caseload.wrote, *given) if one.person_id in people]
    return next((one for one in able if one.help is help or one.helper == name), None)


def _answered(one: Assigned, text: str, state: State, scene: Scene) -> Turn:
    if text:
        return _told(one, text, state, scene)
    asked = frames.enter(state, RELAY, WRITE, person=one.person_id, helper=one.helper)
    return Turn((Reply(say("relay.write", name=one.helper)),), asked)


def _told(one: Assigned, text: str, state: State, scene: Scene) -> Turn:
    """It is passed on; a number in it only where the helper may see it (domain P-08)."""
    if len(text) > LONGEST:
        return Turn((Reply(say("relay.too_long_for", most=LONGEST, name=one.helper)),), state)
    leave = scene.caseload.leaves.get((one.person_id, one.helper))
    may_see = one.help is Help.COMMISSIONER or (leave is not None and leave.phone is Phone.YES)
    is_hidden = bool(hearing.phone(text)) and not may_see
    profile = by(scene.profiles, one.person_id)
    name = profile.nickname if profile else ""
    words = f"{hearing.without_phone(text)}{say('relay.left_out')}" if is_hidden else text
    effect = AnswerHelper(one, name, words)
    if is_hidden:
        lead = say("relay.passed_without", name=one.helper)
        turn = phone_question(one, frames.leave(state), lead)
        return replace(turn, effects=(effect, *turn.effects))
    at = scene.now.isoformat()
    data = {"person": one.person_id, "helper": one.helper, "at": at}
    after = state if frames.is_asking(state) else frames.enter(state, RELAY, TALK, **data)
    return Turn((Reply(say("relay.passed", name=one.helper), kind="notice"),), after, (effect,))


def _kept(data: object, scene: Scene) -> Assigned | None:
    """The helper whom the talk is with, if they help still."""
    assert isinstance(data, dict)
    given = scene.caseload.helpers.get(str(data.get("person", "")), ())
    return next((one for one in given if one.helper == data.get("helper")), None)


def _phone_said(text: str, state: State, scene: Scene) -> Turn:
    codes = by_number(text, _ways()).codes or by_word(text, _ways())
    one = _kept(dict(state.data), scene)
    if one is None or not codes:
        return Turn((Reply(say("relay.not_now")),), frames.leave(state))
    return _phone(one, codes[0] == "show", frames.leave(state))


def _phone(one: Assigned, is_shown: bool, state: State) -> Turn:
    shown = say("relay.phone_shown", name=one.helper)
    text = shown if is_shown else say("relay.phone_hidden", name=one.helper)
    effects: tuple[Effect, ...] = (AllowPhone(one, is_shown),)
    return Turn((Reply(text, kind="notice"),), state, effects)


def _chosen(message: Inbound, state: State, scene: Scene) -> Turn:
    choices = _whom(state)
    codes = by_number(message.text, choices).codes or by_word(message.text, choices)
    said, left = str(state.data["said"]), frames.leave(state)
    if not codes or codes[0] == _OURS:
        again = replace(message, text=hearing.clean(said), extra={**message.extra, TYPED: said})
        return PolicyQuestion().advance(again, left, scene)
    person, helper = state.data["who"][int(codes[0])]
    one = _kept({"person": person, "helper": helper}, scene)
    if one is None:
        return Turn((Reply(say("relay.no_mentor")),), left)
    return _told(one, said, left, scene)


def _ways() -> tuple[Choice, ...]:
    return (Choice("show", say("relay.may_see")), Choice("hide", say("relay.only_here")))


def _whom(state: State) -> tuple[Choice, ...]:
    who = state.data.get("who", ())
    given = [Choice(str(n), say("relay.to", name=helper)) for n, (_, helper) in enumerate(who)]
    return (*given, Choice(_OURS, say("relay.to_us")))
