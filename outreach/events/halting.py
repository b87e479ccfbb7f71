"""The kill switch of invitations that are going out, and the account of who got theirs (M-11)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from outreach.events.inviting import EventRefused, plan_invitation
from records import audit, events, reminders
from records.database import Session
from records.events import Answer, Event, Halt
from records.outbox import OutboxState
from records.reminders import State, Told
from records.vault import Vault

_ANEW = timedelta(minutes=1)  # another name for the message: one that was stopped stays so


class Fate(StrEnum):
    """What became of somebody's invitation."""

    GOT = "got"
    WAITING = "waiting"  # for the day, their hours, their caps
    HALTED = "halted"  # stopped by staff before it left
    UNSURE = "unsure"  # was leaving, and nobody knows whether it arrived
    REFUSED = "refused"  # they said stop, cannot be reached, or it came too late


_OF_MESSAGE = {
    OutboxState.SENT: Fate.GOT,
    OutboxState.MERGED: Fate.GOT,
    OutboxState.SENDING: Fate.UNSURE,
    OutboxState.UNCERTAIN: Fate.UNSURE,
    OutboxState.QUEUED: Fate.WAITING,
    OutboxState.HELD: Fate.WAITING,
    OutboxState.FAILED: Fate.REFUSED,
}
_OF_REMINDER = {
    State.WAITING: Fate.WAITING,
    State.QUEUED: Fate.GOT,  # so long ago that the message is dropped
    State.CANCELLED: Fate.HALTED,
    State.LATE: Fate.REFUSED,
    State.UNWELCOME: Fate.REFUSED,
}


def halt(session: Session, number: int, *, for_good: bool, by: str, now: datetime) -> int:
    """No more of the invitations leave from this moment; of how many that is so."""
    event = _sending(session, number, now)
    if event.halt is Halt.STOPPED:
        raise EventRefused(f"event {number}: the invitations are stopped already")
    waited = list(fates(session, event).values()).count(Fate.WAITING)
    reminders.halt(session, f"event/{number}/", "/invite", now)
    events.change(session, number, halt=(Halt.STOPPED if for_good else Halt.PAUSED).value)
    _note(session, "event.stopped" if for_good else "event.paused", number, by, now)
    return waited


def resume(session: Session, vault: Vault, number: int, *, by: str, now: datetime) -> int:
    """Whose invitation was halted gets it after all; how many. Nobody gets a second one."""
    event = _sending(session, number, now)
    if event.halt is not Halt.PAUSED:
        raise EventRefused(f"event {number}: the invitations are not paused")
    halted = [who for who, fate in fates(session, event).items() if fate is Fate.HALTED]
    for person in halted:
        plan_invitation(session, vault, event, person, now + _ANEW)
    events.change(session, number, halt=Halt.NONE.value)
    _note(session, "event.resumed", number, by, now)
    return len(halted)


def fates(session: Session, event: Event) -> Mapping[str, Fate]:
    """What became of the invitation of each who was invited, by the person's id."""
    told = reminders.told(session, f"event/{event.number}/", "/invite")
    return {
        guest.person_id: _fate(guest.answer, told.get(reminders.to_person(guest.person_id)))
        for guest in events.guests(session, event.number)
    }


def _fate(said: Answer, told: Told | None) -> Fate:
    if said is not Answer.NONE or told is None:  # who answers has it
        return Fate.GOT
    if told.message is OutboxState.STOPPED:
        return Fate.REFUSED if told.failure in ("unwelcome", "ignored") else Fate.HALTED
    return _OF_MESSAGE[told.message] if told.message else _OF_REMINDER[told.state]


def _sending(session: Session, number: int, now: datetime) -> Event:
    event = events.find(session, number, locks=True)
    if event is None or event.is_off or event.told.starts_at <= now or event.invited_at is None:
        raise EventRefused(f"event {number}: no invitations are going out")
    return event


def _note(session: Session, act: str, number: int, by: str, now: datetime) -> None:
    audit.write(session, act, at=now, actor=f"staff:{by}"[:60], subject=f"event:{number}")
