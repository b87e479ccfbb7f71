"""Groups: general questions only; what is personal belongs into a private chat (rule 3.3-10)."""

from __future__ import annotations

from dataclasses import replace

from handlers import alarms, commands, consent, hearing, policy_question
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.texts import say
from records.messages import Inbound, InboundKind

_GENERAL = frozenset(
    {Command.POLICY, Command.PROJECTS, Command.TRAINING, Command.DETAIL, Command.MORE}
)
_SILENT = frozenset({Command.BACK, Command.RESTART, Command.UNCLEAR, Command.USEFUL, Command.END})


class Groups:
    """Everything that is said in a group."""

    name = "groups"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        return message.is_group

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        if message.kind is InboundKind.START:
            phone = consent.phone_of(scene.office)
            text = say("group.hello", office=scene.office.name, phone=phone)
            return Turn((Reply(text, kind="notice"),), state)
        if not message.text or message.kind not in (InboundKind.TEXT, InboundKind.OPTION):
            return Turn((), state)
        return _said(message, state, scene)


def _said(message: Inbound, state: State, scene: Scene) -> Turn:
    if alarms.is_alarm(message.text):
        return Turn((Reply(say("group.alarm"), kind="notice"),), state)
    command = commands.of(message.text)
    if command in (Command.HELP, Command.HOME):
        phone = consent.phone_of(scene.office)
        return Turn((Reply(say("group.hello", office=scene.office.name, phone=phone)),), state)
    is_personal = command is not None and command not in _GENERAL | _SILENT
    if is_personal or hearing.phone(message.text) or commands.for_another(message.text):
        return Turn((Reply(say("group.private")),), state)
    if command in _SILENT:
        return Turn((), state)
    turn = policy_question.general(message, state, scene)
    bare = tuple(_without_rating(reply) for reply in turn.replies)
    return Turn(bare, turn.state, turn.effects)


def _without_rating(reply: Reply) -> Reply:
    return replace(reply, options=()) if reply.kind == "answer" else reply
