"""Audiences of an office: read from what is typed or saved, counted, looked at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from knowledge.areas import COUNTRY, Area, Gazetteer
from knowledge.text import normalise
from knowledge.villages import County, bare
from knowledge.villages import Place as Local
from matching.audience import parsing
from matching.audience.parsing import Audience, AudienceFault, Place
from matching.audience.sql import where
from matching.audience.values import Field, asked
from outreach.calendars import CHINA
from records import scope, segments, tags
from records.database import Session
from records.people import Person, Status
from records.segments import Saved
from registry import villages
from registry.villages import Villages

# Who of the staff may ask how many people there are.
_LONGEST_NAME = 40
_OWN = re.compile(r"(?<!标签)[全本我][镇乡村]")  # means something to offices of towns and villages
_WIDE = ("country", "province", "city")
_PEOPLE = Person.__table__  # type: ignore[attr-defined]


class NameRefused(ValueError):
    """An audience cannot be kept under this name: why, in a sentence."""


@dataclass(frozen=True, slots=True)
class Office:
    """Who asks: the places by name, and the area beyond which nobody is seen ("" everywhere)."""

    places: Gazetteer
    area: str


def read(session: Session, office: Office, typed: str, now: datetime) -> Audience:
    """The audience of what was typed, or of the saved one with this name; AudienceFault.

    «30天内» and dates without a year are as seen at the moment.
    """
    saved = segments.find(session, office.area, typed.strip())
    words, places = saved.typed if saved else typed, _Places(session, office)
    found = parsing.parse(words, places, today_of(now))
    if not scope.is_local(office.area) and (own := _OWN.search(words)):
        raise AudienceFault(own.start() + 1, own.group(), "是哪个镇、哪个村？请写名字", words)
    if scope.is_local(office.area) and found.condition.asks(Field.CITY):
        raise AudienceFault(1, found.typed[:8], "人在哪个城市只有县里能看，镇村不能按它选")
    return found


def save(
    session: Session, office: Office, name: str, typed: str, *, by: str, now: datetime
) -> Audience:
    """Keep an audience under a name, if it can be read; NameRefused."""
    found, plain = read(session, office, typed, now), name.strip()
    if not plain or len(plain) > _LONGEST_NAME:
        raise NameRefused(f"名称要1到{_LONGEST_NAME}个字。")
    if _is_audience(session, office, plain, now):
        raise NameRefused(f"“{plain}”本身就是一个条件，请换个名称。")
    segments.save(session, Saved(office.area, plain, found.typed, by, now))
    return found


def _is_audience(session: Session, office: Office, name: str, now: datetime) -> bool:
    try:
        parsing.parse(name, _Places(session, office), today_of(now))
    except AudienceFault:
        return False
    return True


def tags_of_nobody(session: Session, audience: Audience) -> list[str]:
    """The tags that it looks for and nobody has: mistyped, or not put on yet."""
    wanted = asked(audience.condition, Field.TAG)
    return sorted(wanted - set(tags.counts(session))) if wanted else []


def count(session: Session, office: Office, audience: Audience) -> int:
    """How many people of the office's area it means."""
    return segments.count(session, meant(office, audience))


def sample(session: Session, office: Office, audience: Audience, most: int) -> list[str]:
    """Some of them, by id: the newest, to look at."""
    return segments.newest(session, meant(office, audience), most)


def today_of(now: datetime) -> date:
    """The day in China."""
    return now.astimezone(CHINA).date()


def meant(office: Office, audience: Audience) -> Any:
    """The condition on people that an audience is, within the office's area; who left is gone."""
    fits = where(audience.condition) & (_PEOPLE.c.status != Status.WITHDRAWN.value)
    return fits & scope.visible(office.area, _PEOPLE.c)


def places_of(session: Session, office: Office) -> parsing.Places:
    """The places that a name means to an office."""
    return _Places(session, office)


class _Places:
    """The places that a name means to an office: areas of the country, its towns and villages.

    Only as written: what sounds alike or stands amid other words is for people, not for offices.
    """

    def __init__(self, session: Session, office: Office) -> None:
        self._session, self._areas = session, office.places
        self._county = villages.county_of(session, office.area)
        self._counties: dict[str, Villages] = {}
        self._known: dict[str, Sequence[Place]] = {}

    def __call__(self, name: str) -> Sequence[Place]:
        if name not in self._known:
            self._known[name] = self._meant(normalise(name))
        return self._known[name]

    def _meant(self, name: str) -> Sequence[Place]:
        county, rest = self._split(name)
        if county and (found := self._local(county, rest)):
            return found
        own = self._local(self._county, name)
        area = self._areas.resolve(name)
        if area and county and not scope.is_within(area.code, county):
            area = None  # 定陶张湾 is not the 张湾 of another province
        if area and (not own or area.level in _WIDE or area.code == self._county):
            return [Place(area.code, self._plain(area))]
        return own or self._doubles(name)

    def _doubles(self, name: str) -> list[Place]:
        """Areas that share a name; those of the office's own are meant, if it is one of them."""
        found = [area for area in self._areas.named(name) if area.code]
        wide = self._county and scope.stem(self._county)[:4]
        own = [one for one in found if wide and one.code.startswith(wide)]
        return [Place(one.code, self._full(one.code)) for one in own or found]

    def _plain(self, area: Area) -> str:
        """Its name, in full where the name alone is others' too."""
        again = self._areas.resolve(area.name)
        is_own = bool(self._local(self._county, normalise(area.name)))
        return area.name if again == area and not is_own else self._full(area.code)

    def _full(self, code: str) -> str:
        ups = (self._areas.area(up) for up in reversed(self._areas.lineage(code)) if up != COUNTRY)
        return "".join(area.name for area in ups if area)

    def _split(self, name: str) -> tuple[str, str]:
        """The county that stands before the name of a town or village, and the name."""
        end, county, rest = 0, "", name
        for mention in self._areas.mentions(name, near=self._county or None, strict=False):
            if mention.start != end:
                break
            end = mention.end
            if mention.area.level not in _WIDE and end < len(name):
                county, rest = mention.area.code, name[end:]
        return county, rest

    def _local(self, county: str, name: str) -> list[Place]:
        """The town or the village of a county that is written so; several where it means them."""
        if not county:
            return []
        here = self._in(county)
        home = here.county(county).dwelling(name)
        found = home.others or [home.village or home.town]
        ids = [one if isinstance(one, str) else one.id for one in found]
        if home.rest or not ids[0] or not _is_written(name, here.county(county)):
            return []
        area = self._areas.area(county)
        head = area.name if area and county != self._county else ""
        return [Place(one, head + here.spoken(one)) for one in ids]

    def _in(self, county: str) -> Villages:
        if county not in self._counties:
            self._counties[county] = villages.known(self._session, [county])
        return self._counties[county]


def _is_written(name: str, county: County) -> bool:
    """Whether the name is that of a place of the county, in full or short, its town before it."""
    for place in county.places.values():
        for own in _forms(place):
            if name == own:
                return True
            town = county.places.get(place.parent)
            if town and name.endswith(own) and name.removesuffix(own) in _forms(town):
                return True
    return False


def _forms(place: Local) -> set[str]:
    return {normalise(form) for name in place.names for form in (name, bare(place, name))}
