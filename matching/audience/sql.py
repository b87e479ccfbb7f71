"""An audience as a condition over the table of people: what `holds` says of one, said of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, timezone
from typing import Any

from sqlalchemy import ColumnElement, and_, case, exists, false, not_, or_, select, true

from matching.audience.values import (
    ANY,
    All,
    Between,
    Condition,
    Day,
    Either,
    Field,
    Has,
    Not,
)
from records import scope
from records.account_links import AccountLink
from records.assignments import Assignment
from records.consents import PUSH, Consent
from records.conversations import Conversation
from records.courses import CourseWish, Enrolment
from records.own_days import RETURN_ON
from records.people import Person
from records.person_facts import PersonFacts
from records.seen_people import ATTENDING
from records.standings import SageTier
from records.tags import PersonTag
from records.visits import Visit, VisitKind

Flag = ColumnElement[bool]
_CHINA = timezone(timedelta(hours=8))
_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_LINKS = AccountLink.__table__  # type: ignore[attr-defined]
_HELP = Assignment.__table__  # type: ignore[attr-defined]
_AGREED = Consent.__table__  # type: ignore[attr-defined]
_TALKS = Conversation.__table__  # type: ignore[attr-defined]
_SEATS = Enrolment.__table__  # type: ignore[attr-defined]
_FACTS = PersonFacts.__table__  # type: ignore[attr-defined]
_TIERS = SageTier.__table__  # type: ignore[attr-defined]
_TAGS = PersonTag.__table__  # type: ignore[attr-defined]
_WISHES = CourseWish.__table__  # type: ignore[attr-defined]
_VISITS = Visit.__table__  # type: ignore[attr-defined]

_ONE_CODE = frozenset(
    {
        *(Field.WHERE, Field.RETURN, Field.AWAY, Field.HUKOU),
        *(Field.INTENT, Field.TRADE, Field.LICENCE, Field.TIME),
    }
)
_MANY_CODES = frozenset({Field.WISH, Field.SKILL, Field.LACK})


def where(condition: Condition) -> Flag:
    """True for the rows of `person` whom the condition fits; never null."""
    match condition:
        case All(parts):
            return and_(true(), *(where(part) for part in parts))
        case Either(parts):
            return or_(false(), *(where(part) for part in parts))
        case Not(part):
            return not_(where(part))
        case Has(field, values):
            return _known(_has(field, values))
        case Between():
            return _known(_DAYS[condition.day](condition))


def _known(flag: Flag) -> Flag:
    """What is not known is no."""
    return case((flag, true()), else_=false())


def _has(field: Field, values: frozenset[str]) -> Flag:
    if field in _ONE_CODE:
        stored: ColumnElement[str] = _PEOPLE.c.codes[field.value].as_string()
        return stored.in_(values)
    if field in _MANY_CODES:
        return or_(*(_among(field, value) for value in values))
    return _SETS[field](values)


def _among(field: Field, value: str) -> Flag:
    """A list of codes is stored as JSON, whose text has each code between quotes."""
    stored = _PEOPLE.c.codes[field.value].as_string()
    return or_(stored == value, stored.contains(f'"{value}"', autoescape=True))


def _home(values: frozenset[str]) -> Flag:
    columns = (_PEOPLE.c.town, _PEOPLE.c.village)
    local = [column == value for value in values for column in columns if scope.is_local(value)]
    wide = [_within(_PEOPLE.c.area, value) for value in values if not scope.is_local(value)]
    return or_(*local, *wide)


def _city(values: frozenset[str]) -> Flag:
    return or_(*(_within(_PEOPLE.c.codes["where_area"].as_string(), value) for value in values))


def _within(code: ColumnElement[Any], wide: str) -> Flag:
    return code.startswith(scope.stem(wide), autoescape=True)


def _mine(table: Any, *conditions: ColumnElement[Any]) -> Flag:
    return exists(select(table.c.person_id).where(table.c.person_id == _PEOPLE.c.id, *conditions))


def _pushes(values: frozenset[str]) -> Flag:
    given = [value == "yes" for value in values]
    last = (_AGREED.c.kind == PUSH, _AGREED.c.ended_at.is_(None))
    return _mine(_AGREED, *last, _AGREED.c.given.in_(given))


def _channel(values: frozenset[str]) -> Flag:
    own = [_PEOPLE.c.account.startswith(f"{value}:", autoescape=True) for value in values]
    linked = [_LINKS.c.account.startswith(f"{value}:", autoescape=True) for value in values]
    return or_(*own, _mine(_LINKS, or_(*linked)))


def _course(values: frozenset[str]) -> Flag:
    is_there = _SEATS.c.state.in_(ATTENDING)
    if ANY in values:
        return _mine(_SEATS, is_there)
    return _mine(_SEATS, is_there, _SEATS.c.course_id.in_([int(value) for value in values]))


_SETS: Mapping[Field, Callable[[frozenset[str]], Flag]] = {
    Field.HOME: _home,
    Field.CITY: _city,
    Field.PUSHES: _pushes,
    Field.CHANNEL: _channel,
    Field.COURSE: _course,
    Field.FORM: lambda values: _mine(_FACTS, _FACTS.c.entity_type.in_(values)),
    Field.TIER: lambda values: _mine(_TIERS, _TIERS.c.tier.in_(values)),
    Field.HELPER: lambda values: _mine(_HELP, _HELP.c.until.is_(None), _HELP.c.help.in_(values)),
    Field.LEARN: lambda values: _mine(_WISHES, _WISHES.c.topic.in_(values)),
    Field.TAG: lambda values: _mine(_TAGS, _TAGS.c.tag.in_(values)),
    Field.SOURCE: lambda values: _PEOPLE.c.source.in_(values),
}


def _registered(asked: Between) -> Flag:
    return _moment_in(_PEOPLE.c.created_at, asked)


def _contact(asked: Between) -> Flag:
    """The last of all contacts lies there: one after the first day, none after the last."""
    later = Between(asked.day, since=asked.until + timedelta(1)) if asked.until else None
    return and_(_touched(asked), not_(_touched(later)) if later else true())


def _touched(asked: Between) -> Flag:
    """In touch from the first day on, once at least."""
    asked = Between(asked.day, asked.since)
    heard = _moment_in(_TALKS.c.updated_at, asked)
    wrote = exists(select(_TALKS.c.key).where(_TALKS.c.key == _PEOPLE.c.account, heard))
    linked = exists(
        select(_TALKS.c.key)
        .join(_LINKS, _LINKS.c.account == _TALKS.c.key)
        .where(_LINKS.c.person_id == _PEOPLE.c.id, heard)
    )
    return or_(wrote, linked, _visited(asked))


def _visited(asked: Between) -> Flag:
    is_contact = _VISITS.c.kind != VisitKind.NO_ANSWER.value
    return _mine(_VISITS, is_contact, _moment_in(_VISITS.c.at, asked))


def _licensed(asked: Between) -> Flag:
    """Known to lie between two days, which are both or neither there."""
    days = (_FACTS.c.registered_first, _FACTS.c.registered_last)
    known = [day.is_not(None) for day in days]
    since = [day >= asked.since for day in days if asked.since]
    until = [day <= asked.until for day in days if asked.until]
    return _mine(_FACTS, *known, *since, *until)


def _returns(asked: Between) -> Flag:
    """A day as it is written in codes: 2027-02-05."""
    day = _PEOPLE.c.codes[RETURN_ON].as_string()
    since = day >= (asked.since.isoformat() if asked.since else "")
    return and_(since, day <= asked.until.isoformat()) if asked.until else since


def _agreed(asked: Between) -> Flag:
    last = (_AGREED.c.kind == PUSH, _AGREED.c.ended_at.is_(None), _AGREED.c.given.is_(True))
    return _mine(_AGREED, *last, _moment_in(_AGREED.c.given_at, asked))


def _helped(asked: Between) -> Flag:
    return _mine(_HELP, _HELP.c.until.is_(None), _moment_in(_HELP.c.since, asked))


def _trained(asked: Between) -> Flag:
    return _mine(_SEATS, _SEATS.c.state.in_(ATTENDING), _moment_in(_SEATS.c.since, asked))


_DAYS: Mapping[Day, Callable[[Between], Flag]] = {
    Day.CONTACT: _contact,
    Day.VISITED: _visited,
    Day.REGISTERED: _registered,
    Day.LICENSED: _licensed,
    Day.RETURN: _returns,
    Day.AGREED: _agreed,
    Day.HELPED: _helped,
    Day.TRAINED: _trained,
}


def _moment_in(moment: ColumnElement[Any], asked: Between) -> Flag:
    """A moment on one of these days in China."""
    since = moment >= _midnight(asked.since) if asked.since else true()
    until = moment < _midnight(asked.until + timedelta(1)) if asked.until else true()
    return and_(since, until)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), _CHINA)
