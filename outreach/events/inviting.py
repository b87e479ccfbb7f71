"""Invitations: to whom, agreed by a second of the staff where they are many, within the caps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from outreach import alerts
from outreach.calendars import CHINA
from outreach.events import audience
from outreach.reminders import before
from outreach.texts import say
from records import audit, events, pushes, reminders, staff_accounts
from records.database import Session
from records.events import Answer, Event
from records.messages import Option
from records.reminders import Kind, Reminder
from records.scope import is_local, is_within
from records.staff_accounts import Staff
from records.vault import Vault

MANY = 50  # more than so many only with the agreement of a second (domain M-11)
_EVE = (1,)
_AT_ONCE = 500  # records opened at once
_TOLD_OFF = timedelta(days=3)


class EventRefused(Exception):
    """It cannot be done with this event; one sentence for operators."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a wish to invite: to how many it goes, or that it waits for a second."""

    people: int
    waits: bool = False


def whom(session: Session, vault: Vault, event: Event, now: datetime) -> list[str]:
    """Those of its place who agreed to be written to, and whom its audience means."""
    ids = events.living_in(session, event.told.area)
    wanting: set[str] = set()
    for start in range(0, len(ids), _AT_ONCE):
        wanting |= pushes.wanting(session, ids[start : start + _AT_ONCE], now)
    meant = audience.read(event.audience)
    if event.told.city:
        meant = replace(meant, cities=(*meant.cities, event.told.city))
    return audience.chosen(session, vault, meant, [each for each in ids if each in wanting])


def choose(session: Session, number: int, words: str, *, by: str, now: datetime) -> None:
    """Whom it is for, from now on: a second who agreed, or was asked to, has to be asked anew."""
    event = _open(session, number, now)
    if event.invited_at is not None:
        raise EventRefused(f"event {number}: the invitations are out already")
    try:
        audience.read(words)
    except audience.AudienceUnclear as unclear:
        raise EventRefused(f"event {number}: nobody knows what {unclear} means") from unclear
    events.change(session, number, audience=words, asked_by="")
    _note(session, "event.audience", number, by, now)


def ask(session: Session, vault: Vault, number: int, *, by: str, now: datetime) -> Sent:
    """Invite: at once where they are few, else when a second of the staff has agreed."""
    event = _open(session, number, now)
    if event.invited_at is not None:
        raise EventRefused(f"event {number}: the invitations are out already")
    invited = whom(session, vault, event, now)
    if len(invited) > MANY:
        events.change(session, number, asked_by=by)
        _ask_a_second(session, vault, event, by, len(invited), now)
        return Sent(len(invited), waits=True)
    events.change(session, number, asked_by=by)
    return Sent(_send(session, vault, event, invited, by, now))


def agree(session: Session, vault: Vault, number: int, *, by: str, now: datetime) -> Sent:
    """A second of the staff agrees: the invitations go out."""
    event = _open(session, number, now)
    if not event.asked_by or event.invited_at is not None:
        raise EventRefused(f"event {number}: nothing waits to be agreed to")
    if event.asked_by == by:
        raise EventRefused(f"event {number}: somebody else than {by} must agree")
    events.change(session, number, agreed_by=by)
    return Sent(_send(session, vault, event, whom(session, vault, event, now), by, now))


def cancel(session: Session, vault: Vault, number: int, *, by: str, now: datetime) -> int:
    """It does not take place: who did not say no is told; how many."""
    event = _open(session, number, now)
    told = [one for one in events.guests(session, number) if one.answer is not Answer.NO]
    events.change(session, number, is_off=True)
    reminders.cancel(session, f"event/{number}", now)
    text = say("event.off", title=event.told.title, day=when(event))
    for one in told:
        name = f"event/{number}/{one.person_id}/off"
        _plan(session, vault, name, one.person_id, text, (now, now + _TOLD_OFF))
    _note(session, "event.off", number, by, now)
    return len(told)


def answered(
    session: Session, vault: Vault, number: int, person: str, said: Answer, now: datetime
) -> None:
    """Somebody says whether they come: who comes is reminded the day before."""
    events.answer(session, number, person, said)
    reminders.cancel(session, f"event/{number}/{person}", now)
    event = events.find(session, number)
    if event is None or said is not Answer.YES:
        return
    text = say("event.eve", title=event.told.title, time=clock(event), place=where(event))
    day = event.told.starts_at.astimezone(CHINA).date()
    for moment in before(day, _EVE, now):
        span = (moment.due, moment.until)
        _plan(session, vault, f"event/{number}/{person}/eve", person, text, span)


def invitation(event: Event) -> str:
    """What is written to those who are invited."""
    told = event.told
    return say(
        "event.invite", title=told.title, day=when(event), time=clock(event), place=where(event)
    )


def plan_invitation(
    session: Session, vault: Vault, event: Event, person: str, now: datetime
) -> None:
    """One invitation, to leave from now on: the gate keeps caps and quiet hours."""
    number, span = event.number, (now, event.told.starts_at)
    ways = (
        Option(say("event.yes"), say("event.yes_word", number=number)),
        Option(say("event.no"), say("event.no_word", number=number)),
    )
    name = f"event/{number}/{person}/invite"
    _plan(session, vault, name, person, invitation(event), span, ways)


def when(event: Event) -> str:
    """The day of an event as people say it."""
    here = event.told.starts_at.astimezone(CHINA)
    return f"{here.month}月{here.day}日"


def clock(event: Event) -> str:
    """The hour of an event as people say it; "" where none is known."""
    here = event.told.starts_at.astimezone(CHINA)
    if here.time() == time():
        return ""
    return f"{here.hour}点{here.minute}分" if here.minute else f"{here.hour}点"


def where(event: Event) -> str:
    """The place of an event as people say it."""
    return event.told.place or say("event.no_place")


def _open(session: Session, number: int, now: datetime) -> Event:
    event = events.find(session, number, locks=True)
    if event is None or event.is_off or event.told.starts_at <= now:
        raise EventRefused(f"event {number} is over, off, or there is none")
    return event


def _send(
    session: Session, vault: Vault, event: Event, invited: Sequence[str], by: str, now: datetime
) -> int:
    """One message for each."""
    number = event.number
    events.invite(session, number, invited, now)
    events.change(session, number, invited_at=now)
    for person in invited:
        plan_invitation(session, vault, event, person, now)
    _note(session, "event.invited", number, by, now)
    return len(invited)


def _ask_a_second(
    session: Session, vault: Vault, event: Event, by: str, count: int, now: datetime
) -> None:
    text = say("event.agree", name=by, count=count, number=event.number, title=event.told.title)
    for staff in staff_accounts.everybody(session):
        if staff.name != by and may_agree(staff, event):
            key = f"event/agree/{event.number}/{staff.name}/{now:%Y%m%d%H%M%S}"
            alerts.write_to(session, vault, staff.name, text, key=key, now=now)


def may_agree(staff: Staff, event: Event) -> bool:
    """Whether somebody of the staff answers for the event's place."""
    told = event.told
    is_above = bool(told.county) and not is_local(staff.area)
    is_theirs = is_within(told.county if is_above else told.area, staff.area)
    return staff.role.sees_requests and is_theirs


def _plan(
    session: Session,
    vault: Vault,
    name: str,
    person: str,
    text: str,
    span: tuple[datetime, datetime],
    ways: tuple[Option, ...] = (),
) -> None:
    whom = reminders.to_person(person)
    reminder = Reminder(name, whom, Kind.EVENT, span[0], span[1], text, ways)
    reminders.plan(session, vault, reminder, span[0])


def _note(session: Session, act: str, number: int, by: str, now: datetime) -> None:
    audit.write(session, act, at=now, actor=f"staff:{by}"[:60], subject=f"event:{number}")
