"""Danger and fraud: answered at once, at every step, also while a human is in the talk."""

from __future__ import annotations

from datetime import datetime, timedelta

from handlers import commands, hearing, human_help
from handlers.dialogue import Reply, Scene, State, Turn
from handlers.effects import AddToTicket, FlagTicket, OpenTicket
from handlers.texts import say
from knowledge.alarm import Alarm, alarm_of
from records.messages import Inbound
from records.tickets import TicketKind

_AGAIN = timedelta(hours=12)  # one ticket for one story
_CARE = timedelta(hours=1)  # in which what follows is heard as part of it


class Alarms:
    """Emergencies to 110 and 120, scams to the county."""

    name = "alarms"

    def takes(self, message: Inbound, state: State, scene: Scene) -> bool:
        return _kind(message.text) is not None or _still_in_despair(message, state, scene)

    def advance(self, message: Inbound, state: State, scene: Scene) -> Turn:
        kind = _kind(message.text)
        if kind is None:
            heard = (AddToTicket(scene.ticket, message.text),) if scene.ticket else ()
            return Turn(
                (Reply(say("alarm.despair_again"), kind="notice", is_urgent=True),), state, heard
            )
        turn = raised(message.text, kind, state, scene)
        replies = turn.replies
        if kind is TicketKind.DANGER:
            is_despair = alarm_of(message.text) is Alarm.DESPAIR
            text = say("alarm.despair") if is_despair else say("alarm.emergency")
            if is_despair:
                in_despair = turn.state.remember(despair=scene.now.isoformat())
                turn = Turn(turn.replies, in_despair, turn.effects)
            replies = (Reply(text, kind="notice", is_urgent=True),)
        heard = (AddToTicket(scene.ticket, message.text),) if scene.ticket else ()
        return Turn(replies, turn.state, (*turn.effects, *heard))


def is_alarm(text: str) -> bool:
    """Whether a message must not wait."""
    return _kind(text) is not None


def _still_in_despair(message: Inbound, state: State, scene: Scene) -> bool:
    """Whether somebody who spoke of dying goes on talking of it: no small talk then."""
    said = message.text
    is_other = commands.of(said) or hearing.asks(said) or hearing.concerns(said)
    is_reply = hearing.numbers(said) or state.flow == "erasure"
    return (
        not is_other
        and not is_reply
        and _is_recent(state.memory.get("despair", ""), scene.now, _CARE)
    )


def _kind(text: str) -> TicketKind | None:
    alarm = alarm_of(text)
    if alarm is None:
        return None
    return TicketKind.SCAM if alarm is Alarm.SCAM else TicketKind.DANGER


def raised(text: str, kind: TicketKind, state: State, scene: Scene) -> Turn:
    """The warning, and a flagged ticket unless one was raised for the same story."""
    last = state.memory.get("alarms", {}).get(kind.value, "")
    alarms = {**state.memory.get("alarms", {}), kind.value: scene.now.isoformat()}
    if scene.ticket:  # staff is in the talk already: there it must be seen
        reply = Reply(say("alarm.scam", number=scene.ticket), kind="notice", is_urgent=True)
        return Turn((reply,), state.remember(alarms=alarms), (FlagTicket(scene.ticket),))
    if _is_recent(last, scene.now):
        return Turn((Reply(say("alarm.scam_again"), kind="notice", is_urgent=True),), state)
    ticket = human_help.a_ticket(kind, text, state, scene, is_flagged=True)
    reply = Reply(say("alarm.scam", number=ticket.number), kind="notice", is_urgent=True)
    return Turn((reply,), state.remember(alarms=alarms), (OpenTicket(ticket),))


def _is_recent(at: str, now: datetime, span: timedelta = _AGAIN) -> bool:
    return bool(at) and now - datetime.fromisoformat(at) < span
