"""Pushes on and off, and whether lists may look at who one is; each takes one word."""

from __future__ import annotations

import re

from handlers import commands, consent, frames, hearing
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import AllowPushes, ChooseView, Effect, StopPushes
from handlers.identity import living
from handlers.person_effects import NoteConsent
from handlers.registration.filling import Here
from handlers.texts import say
from records.consents import PUSH, Said
from records.messages import Inbound, InboundKind
from records.people import Profile
from records.stops import RESPITE, StopReason

_COMMANDS = frozenset({Command.STOP, Command.ALLOW, Command.ALIKE, Command.PERSONAL})
_STAYS_AWAY = re.compile(
    r"(?:我)?(?:暂时|现在|还)?(?:不想|不打算|没打算|不准备|没想过)(?:再)?(?:回|返)(?:去|来|乡|家|老家)*(?:创业|发展)?了?"
)


class Preferences:
    """停, 恢复推送, 不看我的资料, 不想回去."""

    name = "preferences"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        command = commands.of(message.text)
        # A tapped 停 is that of a message which came unasked, whatever the form asks just now.
        is_typed = message.kind is not InboundKind.OPTION
        if command is Command.STOP and is_typed and _is_asked_about_pushes(state, scene):
            return False
        if command in _COMMANDS:
            return True
        is_answer = frames.is_asking(state)
        return not is_answer and bool(_STAYS_AWAY.fullmatch(hearing.core(message.text)))

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        command = commands.of(message.text)
        known = living(scene.profiles)
        if command is Command.STOP:
            return _stopped(known, state, scene)
        if command is Command.ALLOW:
            return _allowed(known, state, scene)
        if command in (Command.ALIKE, Command.PERSONAL):
            return _viewed(known, command is Command.PERSONAL, state)
        until = scene.now + RESPITE
        effect = StopPushes(StopReason.NOT_RETURNING, _phones(known), until)
        return Turn((Reply(say("push.not_returning")),), frames.leave(state), (effect,))


def _is_asked_about_pushes(state: State, scene: Scene) -> bool:
    """Whether the form asks just now if we may push: then 不用发 is simply its answer."""
    if not frames.is_asking(state):
        return False
    question = Here.of(state, scene).form.question(state.step)
    return question is not None and question.grants == PUSH


def _stopped(known: tuple[Profile, ...], state: State, scene: Scene) -> Turn:
    effects: list[Effect] = [StopPushes(StopReason.ASKED, _phones(known))]
    effects += [_said(p, False, scene) for p in known if p.consents_to(PUSH)]
    return Turn((Reply(say("push.stopped"), kind="notice"),), frames.leave(state), tuple(effects))


def _allowed(known: tuple[Profile, ...], state: State, scene: Scene) -> Turn:
    left = frames.leave(state)
    if not known:
        return Turn((Reply(say("push.unregistered")),), left, (AllowPushes(()),))
    effects: list[Effect] = [AllowPushes(_phones(known))]
    effects += [_said(profile, True, scene) for profile in known]
    return Turn((Reply(say("push.allowed"), kind="notice"),), left, tuple(effects))


def _viewed(known: tuple[Profile, ...], is_personal: bool, state: State) -> Turn:
    text = say("view.personal") if is_personal else say("view.alike")
    effect = ChooseView(tuple(profile.id for profile in known), is_personal)
    after = frames.leave(state).remember(is_personal=is_personal)
    return Turn((Reply(text, kind="notice"),), after, (effect,) if known else ())


def _said(profile: Profile, given: bool, scene: Scene) -> NoteConsent:
    return NoteConsent(profile.id, Said(PUSH, given, scene.now, consent.version()))


def _phones(known: tuple[Profile, ...]) -> tuple[str, ...]:
    return tuple(profile.phone for profile in known if profile.phone)
