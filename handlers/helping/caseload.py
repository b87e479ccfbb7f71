"""What a helper sees of those whom they look after, and what a person sees of their helpers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from handlers.helping.words import is_about_helpers, wants_mentor, wish_of
from matching import helping
from matching.codes import Category
from matching.profiles import seeker_of
from outreach.calendars import CHINA
from outreach.helping import assigning
from outreach.helping.calling import due_for
from records import assignments, entities, people, scope, visits
from records.assignments import Assigned, Help
from records.database import Session
from records.entities import Business
from records.people import Profile, Status
from records.scope import Spot
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault
from records.visits import Due, Seen

HELPERS = {StaffRole.COMMISSIONER: Help.COMMISSIONER, StaffRole.MENTOR: Help.MENTOR}
TAKE_BACK = timedelta(minutes=30)
_VISITS = 5
_EVERY = 200  # more contacts than anybody has


@dataclass(frozen=True, slots=True)
class Dossier:
    """One person as their helper sees them (一人一档); `visits` only where it is looked at."""

    assigned: Assigned
    profile: Profile
    next: Due | None = None
    visits: tuple[Seen, ...] = ()
    others: tuple[Assigned, ...] = ()

    @property
    def number(self) -> int:
        return self.assigned.number


@dataclass(frozen=True, slots=True)
class Mentor:
    """A mentor as people read of one before they choose."""

    name: str
    about: str


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of a person beside their own answers: contacts, the last first; businesses."""

    visits: tuple[Seen, ...]
    businesses: tuple[Business, ...]


@dataclass(frozen=True, slots=True)
class Caseload:
    """A helper's dossiers; or who looks after the person who writes, and whom they may choose."""

    dossiers: tuple[Dossier, ...] = ()
    due: frozenset[int] = frozenset()  # numbers to be called today
    last: tuple[int, str] | None = None  # told of lately: the contact, and whose it was
    helpers: Mapping[str, tuple[Assigned, ...]] = field(default_factory=dict)  # by person
    mentors: tuple[Mentor, ...] = ()
    held: Mapping[str, Held] = field(default_factory=dict)  # by person, where they look at it

    def numbered(self, number: int) -> Dossier | None:
        """The dossier that the helper calls by this number."""
        return next((one for one in self.dossiers if one.number == number), None)

    def called(self, name: str) -> tuple[Dossier, ...]:
        """Those whose names are this, or end so."""
        return tuple(one for one in self.dossiers if name and one.profile.nickname.endswith(name))


NONE = Caseload()


def of_talk(
    session: Session,
    vault: Vault,
    texts: Sequence[str],
    *,
    staff: Staff | None,
    profiles: Sequence[Profile],
    now: datetime,
    is_reading: bool = False,
) -> Caseload:
    """What these messages speak of, of whoever wrote them; for most nothing is read.

    `is_reading`: they look at what is held of them.
    """
    if profiles and is_reading:
        return _of_reader(session, vault, profiles)
    if staff is not None:
        return of_helper(session, vault, staff, texts, now)
    if profiles and any(is_about_helpers(text) for text in texts):
        wants = any(wants_mentor(text) for text in texts)
        return of_person(session, profiles, now, wants_mentor=wants)
    return NONE


def of_helper(
    session: Session, vault: Vault, staff: Staff, texts: Sequence[str], now: datetime
) -> Caseload:
    """The dossiers of a helper, if what they wrote concerns them; else nothing is read."""
    today = now.astimezone(CHINA).date()
    wishes = [wish for text in texts if (wish := wish_of(text, today))]
    if staff.role not in HELPERS or not wishes:
        return NONE
    mine = assignments.of_helper(session, staff.name)
    ids = [one.person_id for one in mine]
    profiles = people.by_ids(session, vault, ids)
    nexts = _nexts(visits.waiting(session, ids))
    others = assignments.of_people(session, ids)
    shown = {number for wish in wishes if (number := getattr(wish, "number", 0))}
    dossiers = tuple(
        Dossier(
            one,
            profiles[one.person_id],
            nexts.get(one.person_id),
            _visits(session, vault, one) if one.number in shown else (),
            others.get(one.person_id, ()),
        )
        for one in mine
        if one.person_id in profiles and profiles[one.person_id].status is not Status.WITHDRAWN
    )
    last = visits.last_of(session, staff.name, now - TAKE_BACK)
    return Caseload(dossiers, _due(session, staff.name, today), last)


def of_person(
    session: Session, profiles: Sequence[Profile], now: datetime, *, wants_mentor: bool
) -> Caseload:
    """Who looks after these people, and which mentors they may choose."""
    found = assignments.of_people(session, [profile.id for profile in profiles])
    today = now.astimezone(CHINA).date()
    mentors = _mentors(session, profiles[0], today) if profiles and wants_mentor else ()
    return Caseload(helpers=found, mentors=mentors)


def _of_reader(session: Session, vault: Vault, profiles: Sequence[Profile]) -> Caseload:
    ids = [profile.id for profile in profiles]
    rows = entities.of_people(session, ids)
    held = {
        id_: Held(
            tuple(visits.latest(session, vault, id_, _EVERY)),
            tuple(entities.business_of(row, vault) for row in rows.get(id_, [])),
        )
        for id_ in ids
    }
    return Caseload(helpers=assignments.of_people(session, ids), held=held)


def _visits(session: Session, vault: Vault, one: Assigned) -> tuple[Seen, ...]:
    return tuple(visits.latest(session, vault, one.person_id, _VISITS))


def _due(session: Session, helper: str, today: date) -> frozenset[int]:
    return frozenset(one.number for one, _ in due_for(session, helper, today))


def _nexts(waiting: Sequence[Due]) -> dict[str, Due]:
    nexts: dict[str, Due] = {}
    for due in waiting:
        nexts.setdefault(due.person_id, due)
    return nexts


def _mentors(session: Session, profile: Profile, today: date) -> tuple[Mentor, ...]:
    """The two who fit best: of the line or one beside it, then the least laden (domain 6.7)."""
    home = scope.spots(session, [profile.id]).get(profile.id, Spot(profile.area))
    able = assigning.with_room(session, home, Help.MENTOR)
    told = assignments.helpers(session, [staff.name for staff, _ in able])
    seeker = seeker_of(profile.answers, id=profile.id, county=profile.area)
    pool = [_guide(staff.name, told.get(staff.name), load, seeker.county) for staff, load in able]
    return tuple(
        Mentor(one.id, told[one.id].about if one.id in told else "")
        for one in helping.mentors_for(seeker, pool, today)
    )


def _guide(name: str, helper: assignments.Helper | None, load: int, county: str) -> helping.Mentor:
    """One who may help there and has room, as the rules of matching see them."""
    lines = frozenset(line for line in Category if helper and line in helper.trades)
    return helping.Mentor(id=name, lines=lines, county=county, cases=load, most=load + 1)
