"""Audiences of an office: read from what is typed or saved, counted, looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from knowledge.areas import COUNTRY, Gazetteer
from matching.audience import parsing
from matching.audience.parsing import Audience, AudienceFault, Place
from matching.audience.sql import where
from outreach.calendars import CHINA
from records import scope, segments
from records.database import Session
from records.people import Person, Status
from records.segments import Saved
from records.staff_accounts import StaffRole
from registry import villages

# Who of the staff may ask how many people there are.
MAY_ASK = frozenset({StaffRole.STAFF, StaffRole.CADRE})
_PEOPLE = Person.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Office:
    """Who asks: the places by name, and the area beyond which nobody is seen ("" everywhere)."""

    places: Gazetteer
    area: str


def read(session: Session, office: Office, typed: str) -> Audience:
    """The audience of what was typed, or of the saved one with this name; AudienceFault."""
    saved = segments.find(session, office.area, typed.strip())
    return parsing.parse(saved.typed if saved else typed, _Places(session, office))


def save(
    session: Session, office: Office, name: str, typed: str, *, by: str, now: datetime
) -> Audience:
    """Keep an audience under a name, if it can be read."""
    found = read(session, office, typed)
    if not name.strip() or len(name.strip()) > 40:
        raise AudienceFault(1, name, "名称要1到40个字")
    segments.save(session, Saved(office.area, name.strip(), found.typed, by, now))
    return found


def count(session: Session, office: Office, audience: Audience, now: datetime) -> int:
    """How many people of the office's area it means just now."""
    return segments.count(session, meant(office, audience, now))


def sample(
    session: Session, office: Office, audience: Audience, now: datetime, most: int
) -> list[str]:
    """Some of them, by id: the newest, to look at."""
    return segments.newest(session, meant(office, audience, now), most)


def today_of(now: datetime) -> date:
    """The day in China."""
    return now.astimezone(CHINA).date()


def meant(office: Office, audience: Audience, now: datetime) -> Any:
    """The condition on people that an audience is, within the office's area; who left is gone."""
    fits = where(audience.condition, today_of(now)) & (_PEOPLE.c.status != Status.WITHDRAWN.value)
    return fits & scope.visible(office.area, _PEOPLE.c)


class _Places:
    """The places that a name means to an office: areas of the country, its towns and villages."""

    def __init__(self, session: Session, office: Office) -> None:
        self._session, self._office = session, office

    def __call__(self, name: str) -> Sequence[Place]:
        area = self._office.places.resolve(name)
        if area is not None:
            return [Place(area.code, area.name)]
        return self._doubles(name) or self._local(name)

    def _doubles(self, name: str) -> list[Place]:
        """Areas that share a name; those of the office's own are meant, if it is one of them."""
        areas = self._office.places
        found = [area for area in areas.named(name) if area.code]
        own = [one for one in found if scope.is_within(one.code, self._county())]
        return [Place(one.code, self._full(one.code)) for one in own or found]

    def _full(self, code: str) -> str:
        areas = self._office.places
        above = [areas.area(up) for up in reversed(areas.lineage(code)) if up != COUNTRY]
        return "".join(area.name for area in above if area)

    def _local(self, name: str) -> list[Place]:
        """A town or a village of the office's county, or of the county named before it."""
        county, words = self._split(name)
        if not county:
            return []
        known = villages.known(self._session, [county])
        home = known.dwelling(county, words)
        if home.rest or not (home.town or home.village or home.others):
            return []
        if home.others:
            return [Place(one.id, known.spoken(one.id)) for one in home.others]
        found = home.village or home.town
        return [Place(found, known.spoken(found))]

    def _split(self, name: str) -> tuple[str, str]:
        mentions = self._office.places.mentions(name, near=self._county() or None)
        if mentions and mentions[0].start == 0 and mentions[0].end < len(name):
            return mentions[0].area.code, name[mentions[0].end :]
        return self._county(), name

    def _county(self) -> str:
        """The county of the office: that of a town, for one of a town."""
        return self._office.area[:6]
