"""附件4 counted in the store (domain 5.7): people by home, businesses by place, nobody twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, and_, case, func, literal, or_, select

from outreach.calendars import CHINA
from outreach.reports.counting import IS_REGISTERED
from outreach.reports.parts import Level, Parts, within
from outreach.reports.rules import HalfYear, UrbanBy
from outreach.reports.table import Asked
from records.database import Session
from records.entities import Entity, EntityState
from records.erasure import FormerPerson
from records.home_stays import HomeStay
from records.people import Person
from records.person_facts import PersonFacts
from records.sweeps import Door, DoorState
from registry import villages

RURAL, URBAN, UNSURE = "rural", "urban", "unsure"
RUNNING, READY, THINKING = "running", "ready", "thinking"
_HALF_YEAR, _LESS, _BACK = "half_year", "less", "returned"
_HALF = timedelta(days=183)
_FIRST_COUNTY = "21"  # the third pair of digits: below it are districts of a city, and zones
_URBAN_VILLAGES = ("社区", "居委会", "居民委员会")
_URBAN_TOWNS = ("街道", "街道办事处")

_NOWHERE = literal("")

_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_FORMER = FormerPerson.__table__  # type: ignore[attr-defined]
_STAYS = HomeStay.__table__  # type: ignore[attr-defined]
_DOORS = Door.__table__  # type: ignore[attr-defined]
_ENTITIES = Entity.__table__  # type: ignore[attr-defined]
_FACTS = PersonFacts.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Group:
    """People who are alike: where, of which kind, away or not, back or not, with what intent."""

    place: str
    kind: str
    is_away: bool
    is_back: bool
    intent: str


@dataclass(frozen=True, slots=True)
class Span:
    """What a count is of: the festival's days, and the day on which things stand as counted."""

    first: date
    last: date
    day: date

    @property
    def moments(self) -> tuple[datetime, datetime]:
        """The festival's first moment, and the first after it."""
        after = self.last + timedelta(days=1)
        return datetime.combine(self.first, time(), CHINA), datetime.combine(after, time(), CHINA)


def span_of(asked: Asked) -> Span:
    """The festival of the year that is asked for, and its last day or today."""
    first, last = asked.rules.festival.days(asked.period.first.year)
    return Span(first, last, min(asked.period.last, asked.now.astimezone(CHINA).date()))


def people(session: Session, asked: Asked, parts: Parts) -> Counter[Group]:
    """How many people of each group; those erased meanwhile as well."""
    found: Counter[Group] = Counter()
    for told in (living(session, asked, parts), _former(asked)):
        some = told.subquery()
        columns = (some.c.place, some.c.kind, some.c.is_away, some.c.is_back, some.c.intent)
        for row in session.execute(select(*columns, func.count()).group_by(*columns)):
            place, kind = parts.part_of(row[0]), _known(row[1])
            found[Group(place, kind, bool(row[2]), bool(row[3]), row[4] or "")] += int(row[5])
    return found


def living(session: Session, asked: Asked, parts: Parts) -> Select[Any]:
    """The people of the register one by one, with what they are counted by."""
    codes, span = _PEOPLE.c.codes, span_of(asked)
    away = codes["away_half_year"].as_string()
    is_far = ~_moved_near(asked)
    is_away = and_(away == _HALF_YEAR, is_far, *_unbroken(asked, span))
    may_be_back = (
        and_(away.in_((_HALF_YEAR, _LESS)), is_far) if asked.rules.short_away else is_away
    )
    return select(
        _PEOPLE.c.id,
        _PEOPLE.c[parts.level.value].label("place"),
        _kind(session, asked, parts).label("kind"),
        _flag(is_away).label("is_away"),
        _flag(and_(may_be_back, _PEOPLE.c.id.in_(_at_home(span)))).label("is_back"),
        codes["intent"].as_string().label("intent"),
    ).where(IS_REGISTERED, within(asked.area, _PEOPLE.c))


def _former(asked: Asked) -> Select[Any]:
    """Who was erased in the year or since; of them only the county is known, and no day."""
    codes, span = _FORMER.c.codes, span_of(asked)
    first, _ = span.moments
    away = codes["away_half_year"].as_string()
    counted = (_HALF_YEAR, _LESS) if asked.rules.short_away else (_HALF_YEAR,)
    was_back = and_(codes["where_now"].as_string() == _BACK, _FORMER.c.erased_at >= first)
    return select(
        _FORMER.c.area.label("place"),
        codes["hukou"].as_string().label("kind")
        if asked.rules.urban_by is UrbanBy.HUKOU
        else literal(UNSURE).label("kind"),
        _flag(away == _HALF_YEAR).label("is_away"),
        _flag(and_(away.in_(counted), was_back)).label("is_back"),
        codes["intent"].as_string().label("intent"),
    ).where(_FORMER.c.erased_at >= asked.period.begin, _of_area(asked.area))


def _of_area(area: str) -> ColumnElement[bool]:
    """Those erased are of counties and wider only: a town's count has none."""
    return within(area, Bare(_FORMER.c.area))


@dataclass(frozen=True, slots=True)
class Bare:
    """Columns of a table that knows no towns."""

    area: Any
    town: Any = _NOWHERE
    village: Any = _NOWHERE


def _moved_near(asked: Asked) -> ColumnElement[bool]:
    """Whether somebody of a city's district is away in the same city only."""
    if asked.rules.district_moves:
        return literal(False)
    where = func.coalesce(_PEOPLE.c.codes["where_area"].as_string(), "")
    is_district = func.substr(_PEOPLE.c.area, 5, 2) < _FIRST_COUNTY
    return and_(is_district, where == func.substr(_PEOPLE.c.area, 1, 4).concat("00"))


def _unbroken(asked: Asked, span: Span) -> list[ColumnElement[bool]]:
    """Nobody who was at home and left again in the last half year, where that is the rule."""
    if asked.rules.half_year is HalfYear.TOTAL:
        return []
    left = select(_STAYS.c.person_id).where(
        _STAYS.c.until > span.day - _HALF, _STAYS.c.until <= span.day
    )
    return [_PEOPLE.c.id.not_in(left)]


def _at_home(span: Span) -> Select[Any]:
    """Who was at home on a day of the festival: as told, or met at the door."""
    begin, end = span.moments
    told = select(_STAYS.c.person_id).where(
        _STAYS.c.since <= span.last,
        or_(_STAYS.c.until.is_(None), _STAYS.c.until >= span.first),
    )
    met = select(_DOORS.c.person_id).where(
        _DOORS.c.state == DoorState.TALKED.value,
        _DOORS.c.person_id != "",
        _DOORS.c.at >= begin,
        _DOORS.c.at < end,
    )
    found: Select[Any] = told.union_all(met)  # type: ignore[assignment]
    return found


def _kind(session: Session, asked: Asked, parts: Parts) -> ColumnElement[str]:
    if asked.rules.urban_by is UrbanBy.HUKOU:
        return _PEOPLE.c.codes["hukou"].as_string()  # type: ignore[no-any-return]
    towns, homes = _urban(session, asked)
    return case(
        (_PEOPLE.c.village.in_(homes), URBAN),
        (_PEOPLE.c.village != "", RURAL),
        (_PEOPLE.c.town.in_(towns), URBAN),
        else_=UNSURE,
    )


def _urban(session: Session, asked: Asked) -> tuple[list[str], list[str]]:
    """The towns and the villages that are 城镇, by what they are called."""
    known = villages.known(session)
    counties = select(_PEOPLE.c.area).where(within(asked.area, _PEOPLE.c)).distinct()
    towns: list[str] = []
    homes: list[str] = []
    for area in session.execute(counties).scalars():
        for place in known.county(area).places.values() if area else ():
            endings, found = (
                (_URBAN_TOWNS, towns) if place.level.value == "town" else (_URBAN_VILLAGES, homes)
            )
            if place.name.endswith(endings):
                found.append(place.id)
    return towns, homes


def _known(kind: str | None) -> str:
    return kind if kind in (RURAL, URBAN) else UNSURE


def _flag(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return case((condition, 1), else_=0)


def businesses(session: Session, asked: Asked, parts: Parts) -> Mapping[tuple[str, str], int]:
    """Open businesses of returnees by part and the owner's kind, each once."""
    some = open_businesses(session, asked, parts)
    columns = (some.c.place, some.c.kind)
    found: Counter[tuple[str, str]] = Counter()
    for place, kind, count in session.execute(select(*columns, func.count()).group_by(*columns)):
        found[parts.part_of(place), _known(kind)] += int(count)
    return found


def open_businesses(session: Session, asked: Asked, parts: Parts) -> Subquery:
    """The businesses themselves: one row for each credit code, else founder, village and line."""
    day = span_of(asked).day
    table, where = _ENTITIES.c, spot()
    is_open = and_(
        or_(table.began_on.is_(None), table.began_on <= day),
        or_(table.state == EntityState.OPEN.value, table.closed_on > day),
    )
    key = case(
        (table.code_print != "", table.code_print),
        else_=table.person_id.concat("|").concat(table.village).concat("|").concat(table.trade),
    )
    source = _ENTITIES.join(_PEOPLE, _PEOPLE.c.id == table.person_id).outerjoin(
        _FACTS, _FACTS.c.person_id == table.person_id
    )
    once = (
        select(func.min(table.id).label("id"))
        .select_from(source)
        .where(is_open, IS_REGISTERED, is_returnee())
        .group_by(key)
        .subquery()
    )
    return (
        select(
            table.id,
            where[parts.level].label("place"),
            _kind(session, asked, parts).label("kind"),
        )
        .select_from(once.join(_ENTITIES, table.id == once.c.id))
        .join(_PEOPLE, _PEOPLE.c.id == table.person_id)
        .where(within(asked.area, Bare(*where.values())))
        .subquery()
    )


def is_returnee() -> ColumnElement[bool]:
    """Somebody who was away and came back, as they said themselves or as their answers say."""
    codes = _PEOPLE.c.codes
    says = or_(
        codes["away_half_year"].as_string() == _HALF_YEAR,
        codes["where_now"].as_string() == _BACK,
    )
    told: ColumnElement[bool] = func.coalesce(_FACTS.c.is_returnee, says)
    return told


def spot() -> dict[Level, ColumnElement[str]]:
    """Where a business is; where nobody said, at its founder's home."""
    own, home = _ENTITIES.c, _PEOPLE.c
    return {
        level: case((own.area != "", own[level.value]), else_=home[level.value]) for level in Level
    }
