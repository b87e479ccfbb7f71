"""What a turn knows of stations: those for somebody's home, or a head's report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers.stations.words import Duty, Lead
from knowledge.stations import of_pack
from outreach import stations as duties
from outreach.calendars import CHINA
from outreach.stations import Draft
from records import stations
from records.database import Session
from records.people import Profile
from records.staff_accounts import Staff
from records.stations import Listed
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class Stations:
    """`near` are those for the person's home, the nearest first; `draft` is a head's."""

    near: tuple[Listed, ...] = ()
    draft: Draft | None = None


NONE = Stations()


def of_person(session: Session, profiles: Sequence[Profile], home: str) -> Stations:
    """The stations for a home: those of the city where somebody works, then those at home."""
    if not home:
        return NONE
    found = stations.for_home(session, home) or _shipped(home)
    cities = [str(profile.answers.get("where_city") or "") for profile in profiles]
    ranked = sorted(found, key=lambda one: _distance(one, cities))
    return Stations(tuple(ranked))


def of_head(
    session: Session, vault: Vault, staff: Staff, wish: Duty | Lead, now: datetime
) -> Stations:
    """The report of this half-year, or of the one before."""
    if isinstance(wish, Lead):
        return NONE
    half = duties.half_of(now.astimezone(CHINA).date())
    half = duties.before(half) if wish.is_last else half
    return Stations(draft=duties.draft(session, vault, staff.name, half, now))


def _distance(one: Listed, cities: Sequence[str]) -> int:
    if one.city and any(one.city in city for city in cities):
        return 0
    return 2 if one.city else 1


def _shipped(home: str) -> list[Listed]:
    """What the papers name, where nobody has brought a list."""
    return [Listed(name=one.name, area=one.area, city=one.city) for one in of_pack(home)]
