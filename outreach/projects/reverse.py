"""The reverse list: who is interested in a project, masked until both sides said yes (6.7)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from matching.helping import fitting_first
from matching.profiles import seeker_of
from outreach.projects import stocking
from outreach.projects.stocking import Where
from records import people, project_people, projects, scope
from records.database import Session
from records.people import Profile, Status
from records.project_people import Interested
from records.vault import Vault

ASKED, WAITS, OPEN = "没说愿意让项目方知道", "愿意见面，等项目方点头", "双方都愿意"


@dataclass(frozen=True, slots=True)
class Seen:
    """One who is interested, as an owner may see them; the phone only where both agreed."""

    answer: int
    project: int
    name: str
    phone: str
    standing: str
    at: datetime
    is_willing: bool


def interested(
    session: Session, vault: Vault, numbers: Sequence[int], now: datetime
) -> list[Seen]:
    """Who wants to know more of these projects, those first whom one fits best; who left is not
    among them.
    """
    found = project_people.interested(session, numbers)
    profiles = people.by_ids(session, vault, [one.person_id for one in found])
    here = {who: one for who, one in profiles.items() if one.status is Status.CONFIRMED}
    found = [one for one in found if one.person_id in here]
    places = _places(session, found, here, now)
    found.sort(key=lambda one: (one.project, places.get(one.id, 0)))
    return [_seen(one, here[one.person_id]) for one in found]


def _seen(one: Interested, profile: Profile) -> Seen:
    standing = OPEN if one.is_mutual else WAITS if one.agrees else ASKED
    name = profile.nickname if one.is_mutual else masked(profile.nickname)
    phone = profile.phone if one.is_mutual else ""
    return Seen(one.id, one.project, name, phone, standing, one.at, one.agrees)


def _places(
    session: Session,
    found: Sequence[Interested],
    profiles: Mapping[str, Profile],
    now: datetime,
) -> dict[int, int]:
    """Where each answer stands on the list of its project."""
    towns = {who: spot.town for who, spot in scope.spots(session, list(profiles)).items()}
    seekers = {
        who: seeker_of(
            one.answers, id=who, county=one.area, town=towns[who], is_personal=one.is_personal
        )
        for who, one in profiles.items()
    }
    places: dict[int, int] = {}
    for number in {one.project for one in found}:
        row = projects.find(session, number)
        if row is not None:
            answers = {one.person_id: one.id for one in found if one.project == number}
            project = stocking.project_of(row)
            view = stocking.view(session, Where.of([project]), now)
            ordered = fitting_first(project, [seekers[who] for who in answers], view)
            places |= {answers[one.id]: place for place, one in enumerate(ordered)}
    return places


def masked(name: str) -> str:
    """王**: the first character, nothing of how long the name is."""
    return f"{name[:1] or '某'}**"
