"""What a turn knows of events: one's invitations, and for staff the events of their area."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from handlers.events.words import DeskWish, Done, Invite, Land, desk_wish_of
from outreach.events import halting, inviting
from outreach.events.halting import Fate
from records import events, people, scope, staff_accounts
from records.database import Session
from records.events import Event, Guest, Signed, Task
from records.people import Profile
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault
from registry import villages

RUNS_EVENTS = frozenset({StaffRole.STAFF, StaffRole.COMMISSIONER, StaffRole.CADRE, StaffRole.HEAD})
_LOOKED_BACK, _LOOKED_AHEAD = timedelta(days=60), timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody on the list, as staff of their place may see them."""

    place: int
    guest: Guest
    name: str = ""
    phone: str = ""
    fate: Fate = Fate.GOT


@dataclass(frozen=True, slots=True)
class Detail:
    """One event that staff name: its guests, what was signed, what is to follow."""

    event: Event
    guests: tuple[Invited, ...] = ()
    signed: tuple[Signed, ...] = ()
    tasks: tuple[Task, ...] = ()
    minutes: str = ""
    reached: int = 0  # whom an invitation would go to, where it is about to be sent


@dataclass(frozen=True, slots=True)
class Events:
    """`mine` are invitations to events to come; the rest is for staff."""

    mine: tuple[Guest, ...] = ()
    known: dict[int, Event] = field(default_factory=dict)
    details: dict[int, Detail] = field(default_factory=dict)
    colleagues: frozenset[str] = frozenset()
    county: str = ""  # of staff of a town or a village


NONE = Events()


def of_person(session: Session, profiles: Sequence[Profile], now: datetime) -> Events:
    """What these people are invited to."""
    mine = events.of_person(session, [profile.id for profile in profiles], now)
    known = events.by_numbers(session, sorted({one.event for one in mine}))
    return Events(tuple(mine), {event.number: event for event in known})


def of_staff(
    session: Session, vault: Vault, staff: Staff, texts: Sequence[str], now: datetime
) -> Events:
    """The events of their area, with all of those that they name."""
    listed = events.of_area(session, staff.area, now - _LOOKED_BACK, now + _LOOKED_AHEAD)
    known = {event.number: event for event in listed}
    wishes = [wish for text in texts if (wish := desk_wish_of(text, now))]
    named = {_event_of(session, vault, wish) for wish in wishes} & set(known)
    shows = {wish.number for wish in wishes if isinstance(wish, Invite)}
    details = {
        number: _detail(session, vault, known[number], staff, now if number in shows else None)
        for number in named
    }
    names = (one.name for one in staff_accounts.everybody(session))
    county = villages.county_of(session, staff.area) if scope.is_local(staff.area) else ""
    return Events(known=known, details=details, colleagues=frozenset(names), county=county)


def _event_of(session: Session, vault: Vault, wish: DeskWish) -> int:
    """The event that a line is about, 0 where it is about none."""
    if isinstance(wish, Land):
        signed = events.signing(session, wish.signing)
        return signed.event if signed else 0
    if isinstance(wish, Done):
        task = events.task(session, vault, wish.task)
        return task.event if task else 0
    return int(getattr(wish, "number", 0))


def _detail(
    session: Session, vault: Vault, event: Event, staff: Staff, asks: datetime | None
) -> Detail:
    number = event.number
    reached = len(inviting.whom(session, vault, event, asks)) if asks else 0
    return Detail(
        event,
        _guests(session, vault, event, staff),
        tuple(events.signings(session, [number])),
        tuple(events.tasks_of(session, vault, [number])),
        events.minutes(session, vault, number),
        reached,
    )


def _guests(session: Session, vault: Vault, event: Event, staff: Staff) -> tuple[Invited, ...]:
    """Everybody who was invited, numbered; names only of those whom this staff may see."""
    found = events.guests(session, event.number)
    fates = halting.fates(session, event) if event.invited_at else {}
    ids = [one.person_id for one in found]
    spots = scope.spots(session, ids)
    seen = [i for i in ids if i in spots and scope.may_see(staff.area, spots[i])]
    profiles = people.by_ids(session, vault, seen)
    hides = staff.role is StaffRole.HEAD  # guests' names, not their numbers (domain 1.7)
    return tuple(
        Invited(
            n,
            one,
            profile.nickname if (profile := profiles.get(one.person_id)) else "",
            profile.phone if profile and not hides else "",
            fates.get(one.person_id, Fate.GOT),
        )
        for n, one in enumerate(found, 1)
    )
