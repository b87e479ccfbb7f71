"""Leaving: consent is withdrawn with one word, and everything is deleted after one check."""

from __future__ import annotations

from handlers import commands, frames, hearing, human_help
from handlers.choices import pick
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import (
    Effect,
    EraseProfile,
    ForgetConversation,
    LeaveTicket,
    OpenTicket,
    WithdrawConsent,
)
from handlers.forms.form import REGISTRATION
from handlers.identity import by, chosen, is_proved, listed, living, question
from handlers.linked import channel_of
from handlers.prompts import ask
from handlers.registration.filling import Filling
from handlers.texts import say, table
from handlers.tokens import receipt
from records.account_links import Proof
from records.messages import Inbound, InboundKind, Option
from records.people import Profile
from records.tickets import TicketKind

WHICH, SURE, PROOF = "which", "sure", "proof"
_WORKING_DAYS = 3  # for a request that we could not check by ourselves (domain P-15)


class Erasure:
    """退出 and 删除."""

    name = "erasure"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        if commands.of(message.text) in (Command.QUIT, Command.DELETE):
            return True
        if commands.of(message.text) is Command.STOP:  # one word stops it all, whatever is asked
            return False
        is_question = hearing.asks(message.text) and not chosen(message.text, scene.profiles)
        return state.flow == self.name and not is_question

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        command = commands.of(message.text)
        if state.flow == self.name and state.step == SURE and _is_sure(message):
            profile = by(scene.profiles, str(state.data.get("person", "")))
            return _erased(profile, state, scene)
        if scene.ticket and _asks_first(command, scene):
            return _back_from_staff(command, state, scene)
        if command is Command.QUIT:
            return _quit(state, scene)
        if command is Command.DELETE:
            return _delete(state, scene)
        if command is Command.BACK:
            return Turn((Reply(say("erase.kept")),), frames.leave(state))
        return _answered(message.text, state, scene)


def _is_sure(message: Inbound) -> bool:
    """Whether it is confirmed by a tap or a whole word: a number may be meant for another list."""
    if message.kind is InboundKind.OPTION:
        return message.extra.get(human_help.TYPED) == f"{SURE}:1"
    return hearing.core(message.text) in table("words")["erasure"]["sure"]


def _asks_first(command: Command | None, scene: Scene) -> bool:
    return command is Command.DELETE or len(living(scene.profiles)) > 1


def _back_from_staff(command: Command | None, state: State, scene: Scene) -> Turn:
    """Staff may have the talk, so that our question would not arrive: it is asked afterwards."""
    is_delete = command is Command.DELETE
    text = say("erase.delete_again") if is_delete else say("erase.quit_again")
    left = (LeaveTicket(scene.ticket),)
    return Turn((Reply(text, kind="notice"),), frames.leave(state), left)


def _sure(text: str, state: State, **data: str) -> Turn:
    # Without numbers: a number is no confirmation.
    yes, no = say("option.erase"), say("option.keep")
    options = (Option(yes, f"{SURE}:1"), Option(no, f"{SURE}:2"))
    after = frames.enter(state, Erasure.name, SURE, **data)
    return Turn((Reply(text, options, "form"),), after)


def _quit(state: State, scene: Scene) -> Turn:
    if frames.has_form(state) and Filling.of(frames.leave(state)).is_correction:
        return Turn((Reply(say("erase.change_dropped")),), frames.drop_form(state))
    if frames.has_form(state):
        return Turn((Reply(say("erase.draft_dropped")),), frames.drop_form(state))
    known = living(scene.profiles)
    if not known:
        return Turn((Reply(say("erase.nothing")),), frames.leave(state))
    if len(known) == 1:
        return _withdrawn(known[0], state, scene)
    return _which(known, state, act="quit")


def _withdrawn(profile: Profile, state: State, scene: Scene) -> Turn:
    number = receipt(scene.token, "withdraw")
    text = say("erase.withdrawn", number=number)
    effect = WithdrawConsent(profile.id, number)
    return Turn((Reply(text, kind="notice"),), frames.leave(state), (effect,))


def _delete(state: State, scene: Scene) -> Turn:
    if not scene.profiles:
        return _sure(say("erase.sure"), state)
    if len(scene.profiles) == 1:
        return _prove(scene.profiles[0], state, scene)
    return _which(scene.profiles, state, act="delete")


def _which(profiles: tuple[Profile, ...], state: State, *, act: str) -> Turn:
    reply = ask(say("erase.which"), listed(profiles), key=WHICH)
    return Turn((reply,), frames.enter(state, Erasure.name, WHICH, act=act))


def _prove(profile: Profile, state: State, scene: Scene, *, again: bool = False) -> Turn:
    link = scene.linking.link_to(profile.id)
    if link is not None and link.proof is Proof.PHONE:
        return _elsewhere(link.home, state, scene)
    asked = question(profile)
    if not asked and len(scene.profiles) == 1:
        return _sure(say("erase.sure"), state, person=profile.id)
    if not asked:
        return _by_hand(state, scene)
    text = say("erase.wrong", ask=asked) if again else say("erase.prove", ask=asked)
    after = frames.enter(state, Erasure.name, PROOF, person=profile.id, again=again)
    return Turn((ask(text, key=PROOF),), after)


def _answered(text: str, state: State, scene: Scene) -> Turn:
    profile = by(scene.profiles, str(state.data.get("person", "")))
    if state.step == WHICH:
        found = chosen(text, scene.profiles)
        if found is None:
            return Turn((Reply(say("erase.kept")),), frames.leave(state))
        is_quit = state.data.get("act") == "quit"
        return _withdrawn(found, state, scene) if is_quit else _prove(found, state, scene)
    if state.step == SURE:
        if pick(text, "delete") == "yes":
            return _sure(say("erase.whole_word"), state, person=profile.id if profile else "")
        return Turn((Reply(say("erase.kept")),), frames.leave(state))
    if pick(text, "delete") == "no":
        return Turn((Reply(say("erase.kept")),), frames.leave(state))
    if profile is not None and is_proved(profile, text):
        return _erased(profile, state, scene)
    if profile is None or state.data.get("again"):
        return _by_hand(state, scene)
    return _prove(profile, state, scene, again=True)


def _erased(profile: Profile | None, state: State, scene: Scene) -> Turn:
    """Done, with a receipt; the talk is forgotten too when nobody else is registered here."""
    number = receipt(scene.token, "erase")
    effects: tuple[Effect, ...] = ()
    if profile is not None:
        counted = scene.forms[REGISTRATION].counted
        effects = (EraseProfile(profile.id, number, counted),)
    if len(scene.profiles) > 1:
        text = say("erase.one_done", number=number)
        return Turn((Reply(text, kind="notice"),), _without_draft_of(profile, state), effects)
    text = say("erase.done", number=number)
    return Turn((Reply(text, kind="notice"),), State(), (*effects, ForgetConversation(number)))


def _without_draft_of(profile: Profile | None, state: State) -> State:
    left = frames.leave(state)
    if profile is None or not frames.has_form(left):
        return left
    return frames.drop_form(left) if Filling.of(left).person == profile.id else left


def _elsewhere(home: str, state: State, scene: Scene) -> Turn:
    """Linked by what others may know too: nothing is lost for good on that alone."""
    ticket = human_help.a_ticket(
        TicketKind.IDENTITY, say("erase.subject"), state, scene, working_days=_WORKING_DAYS
    )
    number, until = ticket.number, human_help.promise(ticket, scene)
    text = say("link.erase_there", channel=channel_of(home), number=number, until=until)
    return Turn((Reply(text, kind="notice"),), frames.leave(state), (OpenTicket(ticket),))


def _by_hand(state: State, scene: Scene) -> Turn:
    """We could not check who it is: staff will."""
    ticket = human_help.a_ticket(
        TicketKind.IDENTITY,
        say("erase.subject"),
        state,
        scene,
        working_days=_WORKING_DAYS,
    )
    text = say("erase.by_hand", number=ticket.number, until=human_help.promise(ticket, scene))
    return Turn((Reply(text, kind="notice"),), frames.leave(state), (OpenTicket(ticket),))
