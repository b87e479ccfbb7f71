"""What a turn knows of kinds of people: how many, and whom a tag is for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from handlers.helping.caseload import HELPERS
from handlers.places import country
from handlers.segments.words import Count, Tag, wish_of
from matching.audience.faults import AudienceFault
from outreach import audiences
from outreach.audiences import Weighed
from outreach.reach import Lines
from outreach.segments import Office
from records import assignments, people, rights, scope
from records.database import Session
from records.people import Profile, Status
from records.prints import VILLAGE
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class Kinds:
    """Each audience weighed, or why it could not be read; for each tag the people it is for."""

    weighed: Mapping[Count, Weighed | AudienceFault] = field(default_factory=dict)
    tagged: Mapping[Tag, tuple[Profile, ...]] = field(default_factory=dict)


NONE = Kinds()


def of_talk(
    session: Session,
    vault: Vault,
    staff: Staff | None,
    texts: Sequence[str],
    *,
    now: datetime,
    lines: Lines,
) -> Kinds:
    """What these messages of staff speak of; for most nothing is read."""
    if staff is None:
        return NONE
    wishes = [wish for text in texts if (wish := wish_of(text))]
    may_tag = rights.may(staff, Right.ENTER)
    weighed: dict[Count, Weighed | AudienceFault] = {}
    for wish in wishes:
        if isinstance(wish, Count) and rights.may(staff, Right.COUNT):
            found = _weighed(session, Office(country(), staff.area), wish.typed, lines, now)
            if not (wish.is_question and isinstance(found, AudienceFault)):
                weighed[wish] = found
    tagged = {
        w: _people(session, vault, staff, w) for w in wishes if isinstance(w, Tag) and may_tag
    }
    return Kinds(weighed, tagged) if weighed or tagged else NONE


def _weighed(
    session: Session, office: Office, typed: str, lines: Lines, now: datetime
) -> Weighed | AudienceFault:
    try:
        return audiences.weigh(session, office, typed, lines, now)
    except AudienceFault as fault:
        return fault


def _people(session: Session, vault: Vault, staff: Staff, wish: Tag) -> tuple[Profile, ...]:
    """Those whom they may tag: their own by number, of a village by name, else with the phone."""
    if wish.numbers:
        ids = [
            one.person_id
            for one in assignments.of_helper(session, staff.name)
            if one.number in wish.numbers and one.help is HELPERS.get(staff.role)
        ]
        return tuple(people.by_ids(session, vault, ids).values())
    if wish.last:
        proof = (wish.last, wish.name)
        found = people.with_proof(session, vault, [proof]).get(proof, ())
    elif scope.is_local(staff.area):
        at_home = people.at_home(session, vault, staff.area, "", VILLAGE)
        ids = [id_ for id_, name in at_home if name == wish.name]
        found = tuple(people.by_ids(session, vault, ids).values())
    else:
        found = ()
    spots = scope.spots(session, [p.id for p in found])
    alive = [p for p in found if p.status is Status.CONFIRMED]
    return tuple(p for p in alive if scope.may_see(staff.area, spots[p.id]))
