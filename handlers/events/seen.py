"""What a turn knows of events: one's invitations, and for staff the events of their area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from handlers.events.words import Choose, DeskWish, Done, Invite, Land, Switch, desk_wish_of
from handlers.places import country
from matching.audience.parsing import AudienceFault
from outreach.campaigns import states
from outreach.campaigns.refusing import CampaignRefused
from outreach.events import account, inviting
from outreach.events.account import Fate
from outreach.reach import Lines
from outreach.segments import Office
from records import campaign_drafts, events, people, rights, scope, staff_accounts
from records.campaigns import Campaign, CampaignState
from records.database import Session
from records.events import Answer, Event, Guest, Signed, Task
from records.people import Profile
from records.rights import Right
from records.seen import Offer
from records.staff_accounts import Staff
from records.vault import Vault
from registry import villages

_ASKED_FOR = frozenset({CampaignState.FREEZING, CampaignState.SUBMITTED})
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
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
class Push:
    """The campaign that invites to an event, and whom it is for as it was typed."""

    number: int
    state: CampaignState
    audience: str


@dataclass(frozen=True, slots=True)
class Outlook:
    """Whom an invitation would go to now; `fault` why it cannot be sent, or was not understood."""

    spoken: str = ""
    selected: int = 0
    planned: int = 0
    left_out: Mapping[str, int] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Detail:
    """One event that staff name: its guests, what was signed, what is to follow."""

    event: Event
    guests: tuple[Invited, ...] = ()
    signed: tuple[Signed, ...] = ()
    tasks: tuple[Task, ...] = ()
    minutes: str = ""
    push: Push | None = None
    outlook: Outlook = Outlook()  # where it is asked about
    fault: str = ""  # why what they want of the invitations cannot be

    @property
    def is_asked_for(self) -> bool:
        """Whether the invitations wait for their list, or for a second person."""
        return self.push is not None and self.push.state in _ASKED_FOR


@dataclass(frozen=True, slots=True)
class Events:
    """`mine` are invitations to events to come; the rest is for staff."""

    mine: tuple[Guest, ...] = ()
    known: dict[int, Event] = field(default_factory=dict)
    details: dict[int, Detail] = field(default_factory=dict)
    colleagues: frozenset[str] = frozenset()
    county: str = ""  # of staff of a town or a village
    reached: frozenset[int] = frozenset()  # of `mine`: what they can speak of unnamed
    fresh: frozenset[int] = frozenset()  # of `mine`: nothing was said since the invitation came
    numbered: Offer | None = None  # the last options of ours that have numbers


NONE = Events()


def of_person(
    session: Session, profiles: Sequence[Profile], now: datetime, last: datetime | None = None
) -> Events:
    """What these people are invited to; `last` is when they last got an answer of ours."""
    mine = events.of_person(session, [profile.id for profile in profiles], now)
    known = events.by_numbers(session, sorted({one.event for one in mine}))
    reached = {one.event: at for one in mine if (at := _reached_at(session, one)) is not None}
    fresh = {number for number, at in reached.items() if last is None or at > last}
    told = {event.number: event for event in known}
    return Events(tuple(mine), told, reached=frozenset(reached), fresh=frozenset(fresh))


def _reached_at(session: Session, one: Guest) -> datetime | None:
    """When an invitation arrived; long ago where they answered it or came by another way."""
    campaign = campaign_drafts.of_event(session, one.event)
    got = account.arrived(session, campaign, one.person_id) if campaign else _LONG_AGO
    return got or (None if one.answer is Answer.NONE else _LONG_AGO)


def of_staff(
    session: Session,
    vault: Vault,
    staff: Staff,
    texts: Sequence[str],
    *,
    now: datetime,
    lines: Lines,
) -> Events:
    """The events of their area, with all of those that they name."""
    listed = events.of_area(session, staff.area, now - _LOOKED_BACK, now + _LOOKED_AHEAD)
    known = {event.number: event for event in listed}
    wishes = [wish for text in texts if (wish := desk_wish_of(text, now))]
    named = {_event_of(session, vault, wish): wish for wish in wishes}
    details = {
        number: _asked(
            session, _detail(session, vault, known[number], staff), wish, staff, now, lines
        )
        for number, wish in named.items()
        if number in known
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


def _detail(session: Session, vault: Vault, event: Event, staff: Staff) -> Detail:
    number = event.number
    campaign = campaign_drafts.of_event(session, number)
    push = (
        Push(campaign.id or 0, CampaignState(campaign.state), campaign.audience)
        if campaign
        else None
    )
    return Detail(
        event,
        _guests(session, vault, event, staff, campaign if event.invited_at else None),
        tuple(events.signings(session, [number])),
        tuple(events.tasks_of(session, vault, [number])),
        events.minutes(session, vault, number),
        push,
    )


def _asked(
    session: Session, one: Detail, wish: DeskWish, staff: Staff, now: datetime, lines: Lines
) -> Detail:
    """With what they want to know of its invitations before anything is done."""
    if isinstance(wish, Switch) and one.push:
        return replace(one, fault=states.fault(session, wish.to, one.push.number, staff.name, now))
    if isinstance(wish, Invite | Choose):
        words = (wish.words or inviting.EVERYBODY) if isinstance(wish, Choose) else ""
        return replace(one, outlook=_outlook(session, one.event, words, now, lines))
    return one


def _outlook(session: Session, event: Event, words: str, now: datetime, lines: Lines) -> Outlook:
    office = Office(country(), "")
    try:
        audience, found = inviting.outlook(session, office, event, lines, now, words)
    except AudienceFault as fault:
        return Outlook(fault=fault.marked)
    except CampaignRefused as refusal:
        return Outlook(fault=str(refusal))
    return Outlook(audience.spoken, found.selected, found.planned, found.left_out)


def _guests(
    session: Session, vault: Vault, event: Event, staff: Staff, campaign: Campaign | None
) -> tuple[Invited, ...]:
    """Everybody who was invited, numbered; names only of those whom this staff may see."""
    found = events.guests(session, event.number)
    fates = account.fates(session, campaign) if campaign else {}
    ids = [one.person_id for one in found]
    spots = scope.spots(session, ids)
    seen = [i for i in ids if i in spots and scope.may_see(staff.area, spots[i])]
    profiles = people.by_ids(session, vault, seen)
    hides = not rights.may(staff, Right.REVEAL)  # names, not numbers (domain 1.7)
    return tuple(
        Invited(
            n,
            one,
            profile.nickname if (profile := profiles.get(one.person_id)) else "",
            profile.phone if profile and not hides else "",
            _fate(one, fates),
        )
        for n, one in enumerate(found, 1)
    )


def _fate(one: Guest, fates: Mapping[str, Fate]) -> Fate:
    """As the ledger has it, whatever they say; who is not in it has nothing on the way."""
    return fates.get(one.person_id, Fate.GOT)
