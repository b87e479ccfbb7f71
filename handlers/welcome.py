"""First contact, the main menu, help, and the way back to it from anywhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from handlers import commands, consent, frames, hearing
from handlers.choices import by_number, named
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.texts import say
from outreach.season import is_surge
from records.messages import Inbound, InboundKind, Option

MENU = "menu"
_SHORT = 2  # services of the short menu: questions, and to register
_TAKEN = frozenset(
    {
        *(Command.HOME, Command.HELP, Command.WHO, Command.BACK),
        *(Command.RESTART, Command.UNCLEAR, Command.END),
    }
)
_ASKING = frozenset(
    {"policy", "proxy_consent"}
)  # later in the catalogue, and waiting for a number


class Welcome:
    """START, 首页, 帮助, and back or again where no form is open."""

    name = "welcome"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if message.kind is InboundKind.START:
            return True
        command = commands.of(message.text)
        if frames.is_asking(state):
            return command in (Command.HOME, Command.HELP, Command.WHO)
        if command is Command.UNCLEAR and state.memory.get("detail"):
            return False  # after an answer it means: say it differently
        is_free = state.flow not in _ASKING
        return command in _TAKEN or (is_free and _is_lone_number(message.text))

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        command = commands.of(message.text)
        if message.kind is InboundKind.START:
            return _start(message, state, scene)
        if command is Command.WHO:
            phone = consent.phone_of(scene.office)
            return Turn((Reply(say("who", office=scene.office.name, phone=phone)),), state)
        if command in (Command.HELP, Command.UNCLEAR):
            return Turn((Reply(say("help", phone=consent.phone_of(scene.office))),), state)
        if frames.is_asking(state):
            return Turn(
                (Reply(say("menu.form_kept")), menu(scene.now)), at_menu(frames.parked(state))
            )
        left = frames.leave(state)
        if frames.is_asking(left):
            return Turn((), left)
        remark = say("menu.number") if _is_lone_number(message.text) and command is None else ""
        return Turn((_remarked(menu(scene.now), remark),), at_menu(left))


def _remarked(reply: Reply, remark: str) -> Reply:
    return replace(reply, text=f"{remark}{reply.text}")


def menu(now: datetime) -> Reply:
    """The four services of the platform, one's own data, and a human; short while all ask at once.

    A number that the short one does not show still means what it always means.
    """
    # The words themselves come back from a tap, so that an old menu never grows stale.
    services = [Option(f"{n} {c.label}", c.label) for n, c in enumerate(named("menu"), 1)]
    human = Option(say("option.human"), say("option.human"))
    if is_surge(now):
        return Reply(say("menu.busy"), (*services[:_SHORT], human))
    return Reply(say("menu.ask"), (*services, human))


def opened(text: str, state: State) -> str | None:
    """The words for what a number on the menu opens; None if it is not a choice of the menu."""
    if state.flow != Welcome.name:
        return None
    codes = by_number(text, named("menu")).codes
    return next((choice.label for choice in named("menu") if choice.code in codes), None)


def is_tapped(message: Inbound) -> bool:
    """Whether a service of the menu was tapped, on however old a menu."""
    labels = [choice.label for choice in named("menu")]
    return message.kind is InboundKind.OPTION and message.text in labels


def introduction(scene: Scene) -> Reply:
    """Who we are, that it costs nothing, and where to make sure of it (domain rule 3.3-11)."""
    phone = consent.phone_of(scene.office)
    return Reply(say("introduction", office=scene.office.name, phone=phone), kind="notice")


def _start(message: Inbound, state: State, scene: Scene) -> Turn:
    if frames.is_asking(state):
        return Turn((), state)
    return Turn((menu(scene.now),), at_menu(frames.leave(state)))


def at_menu(state: State) -> State:
    """The menu is open: a number chooses from it."""
    return frames.enter(state, Welcome.name, MENU)


def _is_lone_number(text: str) -> bool:
    return hearing.is_bare_number(text) and not hearing.phone(text)
