"""What a turn knows of stations: those for somebody's home, or a head's report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from handlers import places
from handlers.stations.words import Duty, Lead, Near
from knowledge.stations import of_pack
from outreach import stations as duties
from outreach.calendars import CHINA
from outreach.stations import Draft
from records import leads, pointers, stations
from records.database import Session
from records.leads import HeardOf
from records.people import Profile
from records.pointers import PUBLICITY, Pointer
from records.scope import is_within, stem
from records.staff_accounts import Staff
from records.stations import Listed
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class Stations:
    """`near` are those for the home's people, the nearest first; `draft` is a head's.

    `at` is where the person is, as they said, "" where they did not; `is_away`: not at home;
    `here`: how many of `near` are there.
    """

    near: tuple[Listed, ...] = ()
    at: str = ""
    is_away: bool = False
    here: int = 0
    draft: Draft | None = None
    channels: tuple[Pointer, ...] = ()  # of publicity, checked not too long ago
    leads: tuple[HeardOf, ...] = ()  # of the area of the staff who ask


NONE = Stations()
_AWAY = "away"
_LEADS = 200  # the last ones


def of_person(session: Session, profiles: Sequence[Profile], home: str, wish: Near) -> Stations:
    """The stations for a home: those of the place named or where somebody works come first."""
    at = _place(wish.place)
    if not home or (wish.place and not at):
        return NONE
    found = stations.for_home(session, home) or _shipped(home)
    told = "" if at else _city(profiles)
    at = at or _place(told)
    is_away = any(profile.answers.get("where_now") == _AWAY for profile in profiles)
    is_home = is_within(at[0], home) if at else not is_away
    ranked = sorted(found, key=lambda one: _distance(one, at, is_home=is_home))
    here = sum(_distance(one, at, is_home=is_home) == 0 for one in found)
    spoken = wish.place or told
    return Stations(tuple(ranked), "" if is_home else spoken, not is_home, here)


def of_head(
    session: Session, vault: Vault, staff: Staff, wish: Duty | Lead, now: datetime
) -> Stations:
    """The report of this half-year, or of the one before."""
    if isinstance(wish, Lead):
        return NONE
    half = duties.half_of(now.astimezone(CHINA).date())
    half = duties.before(half) if wish.is_last else half
    return Stations(draft=duties.draft(session, vault, staff.name, half, now))


def of_channels(session: Session, home: str, now: datetime) -> Stations:
    """Where people of a home may watch and read more."""
    today = now.astimezone(CHINA).date()
    found = pointers.for_home(session, home, PUBLICITY) if home else []
    return Stations(channels=tuple(one for one in found if not one.is_stale(today)))


def of_county(session: Session, vault: Vault, staff: Staff) -> Stations:
    """What heads told for the area of staff."""
    return Stations(leads=tuple(leads.within(session, vault, staff.area, _LEADS)))


def _place(text: str) -> tuple[str, str] | None:
    """The code and the words of a place; None where it is none."""
    area = places.find(text, places.country()).area if text else None
    return (area.code, text) if area else None


def _city(profiles: Sequence[Profile]) -> str:
    """The city where somebody works, if they said it."""
    told = [str(profile.answers.get("where_city") or "") for profile in profiles]
    return next((city for city in told if city), "")


def _distance(one: Listed, at: tuple[str, str] | None, *, is_home: bool) -> int:
    """0 where the person is, 1 in that province, 2 at home, 3 elsewhere; at home first at home."""
    if is_home:
        return 3 if one.city else 0
    if at and one.city:
        code, words = at
        known = places.find(one.city, places.country()).area
        if one.city in words or words in one.city or (known and _is_same(known.code, code)):
            return 0
        if known and known.code[:2] == code[:2]:
            return 1
    return 3 if one.city else 2


def _is_same(city: str, code: str) -> bool:
    """Whether a place lies in a city, or is it; a province is no city."""
    return not code.endswith("0000") and stem(city) == stem(f"{code[:4]}00")


def _shipped(home: str) -> list[Listed]:
    """What the papers name, where nobody has brought a list."""
    return [Listed(name=one.name, area=one.area, city=one.city) for one in of_pack(home)]
