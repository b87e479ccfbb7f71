"""All that is held of people beside their own answers, read where they look at it (P-12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from handlers.tickets.own import Own, as_own
from records import (
    account_links,
    ambassadors,
    applications,
    cases,
    courses,
    entities,
    events,
    holdings,
    projects,
    relays,
    sharing,
    standings,
    tags,
    tickets,
    visits,
)
from records.ambassadors import Ambassador
from records.cases import Case
from records.courses import Booked, Course
from records.database import Session
from records.entities import Business
from records.events import Event, Guest
from records.holdings import NOTHING, Small
from records.people import Profile
from records.relays import Line
from records.sharing import Sharing, SharingState
from records.vault import Vault
from records.visits import Due, Seen

_EVERY = 1000  # more than anybody has
_EVER = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Held:
    """What is held of one person; what is last comes first."""

    visits: tuple[Seen, ...] = ()
    due: tuple[Due, ...] = ()
    businesses: tuple[Business, ...] = ()
    talk: tuple[Line, ...] = ()
    booked: tuple[tuple[Booked, Course], ...] = ()
    invited: tuple[tuple[Guest, Event], ...] = ()
    requests: tuple[Own, ...] = ()
    projects: tuple[str, ...] = ()  # titles of what they brought
    cases: tuple[Case, ...] = ()
    ambassador: Ambassador | None = None
    is_sage: bool = False
    tags: tuple[str, ...] = ()
    small: Small = NOTHING
    shared: tuple[Sharing, ...] = ()  # what partners may see


def of_people(
    session: Session, vault: Vault, profiles: Sequence[Profile], account: str = ""
) -> dict[str, Held]:
    """By person; what was asked for on the account counts where one person alone is there."""
    is_shared = len(profiles) > 1
    return {
        profile.id: _of(session, vault, profile, "" if is_shared else account)
        for profile in profiles
    }


def _of(session: Session, vault: Vault, profile: Profile, account: str) -> Held:
    ids = [profile.id]
    requests = _requests(session, vault, profile, account)
    return Held(
        visits=tuple(visits.latest(session, vault, profile.id, _EVERY)),
        due=tuple(visits.waiting(session, ids)),
        businesses=tuple(
            entities.business_of(row, vault)
            for row in entities.of_people(session, ids).get(profile.id, [])
        ),
        talk=tuple(relays.of_person(session, vault, profile.id, _EVERY)),
        booked=_booked(session, profile.id),
        invited=_invited(session, profile.id),
        requests=requests,
        projects=tuple(row.title for row in projects.of_person(session, ids)),
        cases=tuple(cases.of_people(session, vault, ids)),
        ambassador=next(iter(ambassadors.of_people(session, ids)), None),
        is_sage=standings.sage(session, profile.id) is not None,
        tags=tuple(sorted(tags.of(session, ids).get(profile.id, ()))),
        small=holdings.of(session, profile.id, [one.number for one in requests]),
        shared=_shared(session, profile.id),
    )


def _shared(session: Session, person_id: str) -> tuple[Sharing, ...]:
    """What holds; each says its last day, and the night ends what is over."""
    found = sharing.of_people(session, [person_id], _EVER)
    return tuple(one for one in found if one.state is SharingState.GIVEN)


def _booked(session: Session, person_id: str) -> tuple[tuple[Booked, Course], ...]:
    booked = courses.of_people(session, [person_id])
    numbers = sorted({one.course for one in booked})
    known = {course.number: course for course in courses.by_numbers(session, numbers)}
    found = [(one, known[one.course]) for one in booked if one.course in known]
    return tuple(sorted(found, key=lambda pair: pair[1].told.starts_on, reverse=True))


def _invited(session: Session, person_id: str) -> tuple[tuple[Guest, Event], ...]:
    guests = events.of_person(session, [person_id], _EVER)
    numbers = sorted({one.event for one in guests})
    known = {event.number: event for event in events.by_numbers(session, numbers)}
    return tuple((one, known[one.event]) for one in reversed(guests) if one.event in known)


def _requests(session: Session, vault: Vault, profile: Profile, account: str) -> tuple[Own, ...]:
    accounts = [account, *account_links.connected(session, account)] if account else []
    rows = tickets.own(session, accounts, [profile.id])
    held = applications.found(session, vault, [row.number for row in rows])
    # Each has proved who they are before they read this: titles may be read out.
    return tuple(as_own(row, vault, held.get(row.number), is_shared=False) for row in rows)
