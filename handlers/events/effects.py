"""What is said about events, made so."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from handlers.places import country
from outreach.calendars import CHINA
from outreach.campaigns.refusing import CampaignRefused
from outreach.campaigns.states import Act
from outreach.events import following, inviting
from outreach.events.inviting import EventRefused
from outreach.segments import Office
from records import audit, events, signings
from records.conversations import Overtaken
from records.database import Session
from records.events import Answer, NewEvent, Signed, Task
from records.signings import SigningFault
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class AnswerInvitation:
    """Somebody comes, or does not."""

    event: int
    person_id: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class AddEvent:
    """An event is planned."""

    told: NewEvent


@dataclass(frozen=True, slots=True)
class ChooseGuests:
    """Whom an event is for."""

    event: int
    words: str
    by: str


@dataclass(frozen=True, slots=True)
class SwitchInvitations:
    """The invitations are paused, stopped for good, or go on."""

    event: int
    to: Act
    by: str


@dataclass(frozen=True, slots=True)
class SendInvitations:
    """The invitations go out, to many once a second has agreed."""

    event: int
    by: str


@dataclass(frozen=True, slots=True)
class CallOffEvent:
    """It does not take place."""

    event: int
    by: str


@dataclass(frozen=True, slots=True)
class MarkGuests:
    """Who came, who did not, and how many came who are not registered."""

    event: int
    came: tuple[str, ...]
    absent: tuple[str, ...]
    walk_ins: int
    by: str


@dataclass(frozen=True, slots=True)
class KeepMinutes:
    """What was talked about."""

    event: int
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class AddSigning:
    """Something was signed."""

    signed: Signed
    by: str


@dataclass(frozen=True, slots=True)
class LandMoney:
    """So much of the money of a signing has come."""

    signing: int
    landed: int
    by: str


@dataclass(frozen=True, slots=True)
class AddFollowUp:
    """Somebody is to do something."""

    task: Task
    by: str


@dataclass(frozen=True, slots=True)
class FinishFollowUp:
    """It is done."""

    task: Task
    note: str
    by: str


@dataclass(frozen=True, slots=True)
class ReadGuests:
    """Staff looked at who is invited."""

    event: int
    by: str


EventEffect = (
    AnswerInvitation
    | AddEvent
    | ChooseGuests
    | SwitchInvitations
    | SendInvitations
    | CallOffEvent
    | MarkGuests
    | KeepMinutes
    | AddSigning
    | LandMoney
    | AddFollowUp
    | FinishFollowUp
    | ReadGuests
)


def apply(effect: EventEffect, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so, in the transaction of the turn; Overtaken where it cannot be any more."""
    try:
        _do(effect, session, vault, now)
    except (EventRefused, CampaignRefused, SigningFault) as refusal:
        raise Overtaken from refusal


def _do(effect: EventEffect, session: Session, vault: Vault, now: datetime) -> None:
    match effect:
        case AnswerInvitation():
            inviting.answered(session, vault, effect.event, effect.person_id, effect.answer, now)
        case AddEvent():
            number = events.add(session, effect.told, now)
            _note(session, "event.added", number, effect.told.staff, now)
        case SendInvitations():
            inviting.ask(session, effect.event, by=effect.by, now=now)
        case ChooseGuests():
            office = Office(country(), "")
            inviting.choose(session, office, effect.event, effect.words, by=effect.by, now=now)
        case SwitchInvitations():
            inviting.switch(session, effect.event, effect.to, by=effect.by, now=now)
        case CallOffEvent():
            inviting.cancel(session, vault, effect.event, by=effect.by, now=now)
        case AddFollowUp():
            following.follow(session, vault, effect.task, by=effect.by, now=now)
        case FinishFollowUp():
            following.finish(session, vault, effect.task, effect.note, by=effect.by, now=now)
        case _:
            _keep(effect, session, vault, now)


def _keep(effect: EventEffect, session: Session, vault: Vault, now: datetime) -> None:
    """What is only written down."""
    match effect:
        case MarkGuests():
            events.mark(session, effect.event, effect.came, came=True)
            events.mark(session, effect.event, effect.absent, came=False)
            events.change(session, effect.event, walk_ins=effect.walk_ins)
            _note(session, "event.attendance", effect.event, effect.by, now)
        case KeepMinutes():
            events.keep_minutes(session, vault, effect.event, effect.text)
            _note(session, "event.minutes", effect.event, effect.by, now)
        case AddSigning():
            today = now.astimezone(CHINA).date()
            signings.sign(session, replace(effect.signed, by=effect.by), on=today, at=now)
            _note(session, "event.signed", effect.signed.event, effect.by, now)
        case LandMoney():
            today = now.astimezone(CHINA).date()
            signings.land(session, effect.signing, effect.landed, by=effect.by, on=today, at=now)
            _note(session, "event.landed", effect.signing, effect.by, now)
        case ReadGuests():
            _note(session, "event.guests_read", effect.event, effect.by, now)


def _note(session: Session, act: str, number: int, by: str, now: datetime) -> None:
    audit.write(session, act, at=now, actor=f"staff:{by}"[:60], subject=f"event:{number}")
