"""Handing over to a human: a ticket is raised, the bot keeps silent until it is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers import commands, consent, frames, hearing, places
from handlers.choices import named, pick
from handlers.commands import Command
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import AddToTicket, Effect, LeaveTicket, OpenTicket
from handlers.identity import living
from handlers.prompts import ask
from handlers.spoken import marked
from handlers.texts import say
from handlers.tickets import loans
from handlers.tokens import receipt
from outreach import clocks
from records.messages import Inbound, InboundKind
from records.tickets import NewTicket, TicketKind

OFFER, PHONE = "offer", "call_phone"
_DIGITS = 5  # that look like the beginning of a number
TYPED = "typed"  # in a message's extras: its text before we cleaned it
_SUBJECT = 200  # characters
_DELETING = "erasure"  # the flow whose question must not be answered by what is said to staff
# These concern the person's own rights and work even while a human is in the talk.
_RIGHTS = frozenset({Command.STOP, Command.DELETE, Command.QUIT, Command.UNLINK})
_ENDS = frozenset({Command.END, Command.BACK})
# Staff can do nothing with these; who sends them has forgotten that staff is there.
_FOR_US = frozenset(
    {
        Command.HUMAN,
        Command.HOME,
        Command.HELP,
        Command.MINE,
        Command.EXPORT,
        Command.REGISTER,
        Command.POLICY,
        Command.PROJECTS,
        Command.TRAINING,
        Command.MORE,
        Command.DETAIL,
        Command.LINK,
    }
)
# After so long, and so many messages, the person is told again how to come back to us.
_REMIND_AFTER, _REMIND_EACH = timedelta(minutes=30), 3
_UNSEEN_AFTER = timedelta(minutes=1)  # an album of pictures is answered once


class HumanHelp:
    """人工, the offer to be called, and all that is said while staff is in the talk."""

    name = "human"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        command = commands.of(message.text)
        if scene.ticket:
            return command not in _RIGHTS
        return command is Command.HUMAN or (
            state.flow == self.name and _is_reply(message, state, scene)
        )

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        if scene.ticket:
            return _with_staff(message, state, scene)
        if commands.of(message.text) is Command.HUMAN:
            return opened(message.text, frames.leave(state), scene)
        if commands.of(message.text) is Command.BACK:
            return Turn((Reply(say("human.not_wanted")),), frames.leave(state))
        if state.step == PHONE:
            return _numbered(message.text, state, scene)
        return _offered(message.text, state, scene)


def opened(subject: str, state: State, scene: Scene) -> Turn:
    """A human is wanted now: from here on every word goes to the staff."""
    ticket = a_ticket(TicketKind.TALK, subject, state, scene, is_live=True)
    text = say("human.opened", number=ticket.number, until=promise(ticket, scene))
    ahead = say("human.ahead", ahead=scene.queue.ahead) if scene.queue.ahead else ""
    return Turn(
        (Reply(f"{ahead}{text}", kind="notice", is_urgent=True),),
        _reminded(state, scene),
        (OpenTicket(ticket), *loans.found_before(state.memory)),
    )


def offer(text: str, subject: str, state: State, *, kind: str) -> Turn:
    """Say that we do not know, and offer a call."""
    reply = ask(text, named("call_back"), key=OFFER, kind=kind)
    return Turn((reply,), frames.enter(state, HumanHelp.name, OFFER, subject=subject))


def a_ticket(
    kind: TicketKind,
    subject: str,
    state: State,
    scene: Scene,
    *,
    is_live: bool = False,
    is_flagged: bool = False,
    working_days: int = 1,
) -> NewTicket:
    """A request in the words of the person."""
    known = living(scene.profiles)
    return NewTicket(
        number=receipt(scene.token, kind),
        kind=kind,
        subject=subject[:_SUBJECT],
        area=state.memory.get("area", "") or scene.area,
        person_id=known[0].id if len(known) == 1 else "",
        is_live=is_live,
        is_flagged=is_flagged,
        working_days=working_days,
    )


def promise(ticket: NewTicket, scene: Scene) -> str:
    """By when somebody answers, as the person reads it: with the day, where it is known."""
    return clocks.clock(scene.now, ticket.working_days).promise


def _with_staff(message: Inbound, state: State, scene: Scene) -> Turn:
    command = commands.of(message.text)
    if state.flow == _DELETING:  # what is said now is for staff, now and afterwards
        state = frames.leave(state)
    if command in _ENDS:
        left: tuple[Effect, ...] = (LeaveTicket(scene.ticket),)
        return Turn((Reply(say("human.left"), kind="notice"),), state, left)
    waiting = Reply(say("human.waiting", number=scene.ticket), kind="notice")
    if command in _FOR_US or message.kind is InboundKind.START:
        return Turn((waiting,), _reminded(state, scene))
    said = message.extra.get(TYPED) or message.text
    if not said:
        return _unseen(state, scene)
    passed = (AddToTicket(scene.ticket, marked(said, message)),)
    at, count = state.memory.get("staffed") or (scene.now.isoformat(), 0)
    is_due = scene.now - datetime.fromisoformat(at) > _REMIND_AFTER or count >= _REMIND_EACH
    if is_due:
        return Turn((waiting,), _reminded(state, scene), passed)
    return Turn((), state.remember(staffed=[at, count + 1]), passed)


def _unseen(state: State, scene: Scene) -> Turn:
    """A voice that nobody heard, a picture, a file: staff learn that it came, no more."""
    passed = (AddToTicket(scene.ticket, say("human.sent_something")),)
    told = state.memory.get("unseen")
    if told and scene.now - datetime.fromisoformat(told) < _UNSEEN_AFTER:
        return Turn((), state, passed)
    reply = Reply(say("human.unseen"), kind="notice")
    return Turn((reply,), state.remember(unseen=scene.now.isoformat()), passed)


def _reminded(state: State, scene: Scene) -> State:
    """The person was told that staff reads this, and how to come back to us."""
    return state.remember(staffed=[scene.now.isoformat(), 0])


def _is_reply(message: Inbound, state: State, scene: Scene) -> bool:
    """Whether a message answers our offer; anything else is a new matter."""
    command = commands.of(message.text)
    if places.find(message.text, scene.places).area:  # 不对，我老家是濮阳
        return False
    if command is Command.BACK:
        return True
    if state.step == OFFER:
        return pick(message.text, "call_back") is not None
    return command is Command.SKIP or len(hearing.digits_in(message.text)) >= _DIGITS


def _offered(text: str, state: State, scene: Scene) -> Turn:
    code = pick(text, "call_back")
    left = frames.leave(state)
    if code == "no":
        return Turn((Reply(say("human.not_wanted")),), left)
    subject = str(state.data.get("subject", ""))
    if any(profile.phone for profile in living(scene.profiles)):
        return _called_back(subject, left, scene)
    reply = ask(say("human.phone"), key=PHONE, words=(say("option.skip"),), wants_contact=True)
    return Turn((reply,), frames.enter(state, HumanHelp.name, PHONE, subject=subject))


def _numbered(text: str, state: State, scene: Scene) -> Turn:
    left = frames.leave(state)
    subject = str(state.data.get("subject", ""))
    phone = hearing.phone(text)
    if not phone and commands.of(text) is not Command.SKIP and not state.data.get("again"):
        reply = ask(say("human.phone_again"), key=PHONE, words=(say("option.skip"),))
        return Turn(
            (reply,),
            frames.enter(state, HumanHelp.name, PHONE, subject=subject, again=True),
        )
    return _called_back(f"{subject} {phone}".strip(), left, scene)


def _called_back(subject: str, state: State, scene: Scene) -> Turn:
    ticket = a_ticket(TicketKind.CALLBACK, subject, state, scene)
    phone, until = consent.phone_of(scene.office), promise(ticket, scene)
    text = say("human.call_back", number=ticket.number, phone=phone, until=until)
    return Turn((Reply(text),), state, (OpenTicket(ticket), *loans.found_before(state.memory)))
