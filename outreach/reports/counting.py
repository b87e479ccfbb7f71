"""What a month is counted from, read from the records of one area."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, or_, select

from outreach import clocks
from outreach.calendars import CHINA
from outreach.helping import survival
from outreach.reports.month import Business, Days, Facts, Happening, Person, Request, Span
from outreach.working_days import NotAnnounced, between
from records import people, staff_accounts
from records.courses import CourseRow, Enrolment, Seat
from records.database import Session
from records.entities import Entity
from records.events import EventRow, Invitation
from records.people import Status
from records.places import PlaceRow
from records.project_people import ProjectShown, Way
from records.scope import is_local
from records.staff_accounts import Staff, StaffRole
from records.stations import DutyReport, Station
from records.tickets import Ticket

_PEOPLE = people.Person.__table__  # type: ignore[attr-defined]
_ENTITIES, _TICKETS = Entity.__table__, Ticket.__table__  # type: ignore[attr-defined]
_SHOWN, _PLACES = ProjectShown.__table__, PlaceRow.__table__  # type: ignore[attr-defined]
_COURSES, _SEATS = CourseRow.__table__, Enrolment.__table__  # type: ignore[attr-defined]
_EVENTS, _GUESTS = EventRow.__table__, Invitation.__table__  # type: ignore[attr-defined]
_OF_TOWN = 9  # digits of the official id of a town; a village's has more
_STATIONS, _DUTIES = Station.__table__, DutyReport.__table__  # type: ignore[attr-defined]
# In the register: by their own yes, or by a duty that a document names (domain 5.7).
IS_REGISTERED = or_(
    _PEOPLE.c.status == Status.CONFIRMED.value,
    and_(_PEOPLE.c.status == Status.PENDING.value, _PEOPLE.c.basis != ""),
)


def areas(session: Session) -> list[str]:
    """Where somebody is registered or asked for something, "" where nobody knows, or has staff."""
    owing = {
        one.area
        for one in staff_accounts.everybody(session)
        if one.role is StaffRole.STAFF and not is_local(one.area) and not one.area.endswith("00")
    } - {""}
    tables = (_PEOPLE, _TICKETS, _ENTITIES)
    known = {a for t in tables for a in session.execute(select(t.c.area).distinct()).scalars()}
    return sorted(known | owing)


def towns(session: Session, county: str) -> list[str]:
    """The towns of a county in which somebody is registered, or which have staff of their own."""
    found = select(_PEOPLE.c.town).where(_PEOPLE.c.area == county, _PEOPLE.c.town != "")
    known = set(session.execute(found.distinct()).scalars())
    local = {one.area for one in staff_accounts.everybody(session) if _is_town_staff(one)}
    listed = select(_PLACES.c.id).where(_PLACES.c.id.in_(local), _PLACES.c.county == county)
    brought = set(session.execute(listed).scalars()) if local else set()
    return sorted(known | brought | {one for one in local if one.startswith(county)})


def _is_town_staff(one: Staff) -> bool:
    return one.role is StaffRole.STAFF and is_local(one.area)


def facts(session: Session, area: str, span: Span) -> Facts:
    """All that a month, a quarter or a year is counted from; of towns and villages as well.

    `area` is a county's code, or the id of a town or a village.
    """
    begin, end = _span(span)
    businesses = session.execute(
        select(Entity).where(_at_home(_ENTITIES.c, area), _ENTITIES.c.began_on.is_not(None))
    ).scalars()
    known = list(businesses)
    year_ago = _year_before(span)
    fates = survival.fates(session, [row for row in known if year_ago.holds(row.began_on)])
    return Facts(
        people=_people(session, area, begin, end),
        businesses=[_business(row) for row in known],
        pushed=_pushed(session, area, begin, end),
        requests=_requests(session, area, begin, end),
        courses=_courses(session, area, span),
        events=_events(session, area, begin, end),
        year_old=survival.counted(fates),
        fates=fates,
        duty_reports=_duties(session, area, begin, end),
    )


def _business(row: Entity) -> Business:
    return Business(row.person_id, row.began_on, row.closed_on, row.id)


def _people(session: Session, area: str, begin: datetime, end: datetime) -> list[Person]:
    intent = _PEOPLE.c.codes["intent"].as_string()
    query = select(_PEOPLE.c.id, _PEOPLE.c.created_at, intent).where(
        _at_home(_PEOPLE.c, area), IS_REGISTERED, *_within(_PEOPLE.c.created_at, begin, end)
    )
    return [Person(row[0], row[1], row[2] or "") for row in session.execute(query)]


def _pushed(
    session: Session, area: str, begin: datetime, end: datetime
) -> list[tuple[str, int, datetime]]:
    query = (
        select(_SHOWN.c.person_id, _SHOWN.c.project_id, _SHOWN.c.at)
        .join(_PEOPLE, _PEOPLE.c.id == _SHOWN.c.person_id)
        .where(_at_home(_PEOPLE.c, area), _SHOWN.c.way == Way.PUSH.value)
        .where(*_within(_SHOWN.c.at, begin, end))
    )
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def _requests(session: Session, area: str, begin: datetime, end: datetime) -> list[Request]:
    in_month = or_(
        and_(*_within(_TICKETS.c.opened_at, begin, end)),
        and_(*_within(_TICKETS.c.closed_at, begin, end)),
    )
    rows = session.execute(select(Ticket).where(_asked_at(area), in_month)).scalars()
    return [_request(row) for row in rows]


def _request(row: Ticket) -> Request:
    if row.closed_at is None:
        return Request(row.opened_at, None, None, id=row.number)
    try:
        took = between(row.opened_at, row.closed_at)
    except NotAnnounced:
        took = None
    is_late = clocks.of(row).is_late(row.closed_at)
    return Request(row.opened_at, row.closed_at, took, is_late, row.number)


def _courses(session: Session, area: str, span: Span) -> list[Happening]:
    came = func.count(_SEATS.c.id)
    is_there = and_(_SEATS.c.course_id == _COURSES.c.id, _SEATS.c.state == Seat.CAME.value)
    query = (
        select(_COURSES.c.id, _COURSES.c.ends_on, came)
        .outerjoin(_SEATS, is_there)
        .where(_here(_COURSES.c.area, area), _COURSES.c.is_off.is_(False))
        .where(_COURSES.c.ends_on.between(span.first, span.last))
        .group_by(_COURSES.c.id, _COURSES.c.ends_on)
    )
    return [Happening(row[1], int(row[2]), id=str(row[0])) for row in session.execute(query)]


def _events(session: Session, area: str, begin: datetime, end: datetime) -> list[Happening]:
    came = func.count(_GUESTS.c.id)
    is_there = and_(_GUESTS.c.event_id == _EVENTS.c.id, _GUESTS.c.came.is_(True))
    query = (
        select(_EVENTS.c.id, _EVENTS.c.starts_at, _EVENTS.c.walk_ins, came)
        .outerjoin(_GUESTS, is_there)
        .where(or_(_here(_EVENTS.c.area, area), _EVENTS.c.county == (area or None)))
        .where(_EVENTS.c.is_off.is_(False))
        .where(*_within(_EVENTS.c.starts_at, begin, end))
        .group_by(_EVENTS.c.id, _EVENTS.c.starts_at, _EVENTS.c.walk_ins)
    )
    return [
        Happening(row[1].astimezone(CHINA).date(), int(row[3]), row[2], str(row[0]))
        for row in session.execute(query)
    ]


def _duties(session: Session, area: str, begin: datetime, end: datetime) -> int:
    heads = select(_STATIONS.c.head).where(_here(_STATIONS.c.area, area))
    query = select(func.count()).where(
        _DUTIES.c.staff.in_(heads), *_within(_DUTIES.c.at, begin, end)
    )
    return int(session.execute(query).scalar_one())


def _here(column: Any, area: str) -> ColumnElement[bool]:
    """Of the area itself, or of one of its towns and villages."""
    if not area:
        return column == ""  # type: ignore[no-any-return]
    if is_local(area):
        villages = select(_PLACES.c.id).where(_PLACES.c.parent == area)
        return or_(column == area, column.in_(villages), _is_coded_below(column, area))
    listed = select(_PLACES.c.id).where(_PLACES.c.county == area)
    is_below = and_(column.startswith(area, autoescape=True), func.length(column) > len(area))
    return or_(column == area, is_below, column.in_(listed))


def _is_coded_below(column: Any, town: str) -> ColumnElement[bool]:
    """Of a village whose official id begins as its town's: 371703102201 below 371703102."""
    if len(town) != _OF_TOWN or not town.isdigit():
        return false()
    begins = column.startswith(town, autoescape=True)
    return begins & (func.length(column) > _OF_TOWN)  # type: ignore[no-any-return]


def _at_home(columns: Any, area: str) -> ColumnElement[bool]:
    """At home in a county, or in a town or a village by its id."""
    if is_local(area):
        return or_(columns.town == area, columns.village == area)
    return columns.area == area  # type: ignore[no-any-return]


def _asked_at(area: str) -> ColumnElement[bool]:
    """A request is its county's; of a town are those of the people who are at home there."""
    if not is_local(area):
        return _TICKETS.c.area == area  # type: ignore[no-any-return]
    here = select(_PEOPLE.c.id).where(_at_home(_PEOPLE.c, area))
    return _TICKETS.c.person_id.in_(here)  # type: ignore[no-any-return]


def _year_before(span: Span) -> Days:
    """The same months of the year before; the day after a span is the first of a month."""
    after = span.last + timedelta(days=1)
    return Days(
        span.first.replace(year=span.first.year - 1),
        after.replace(year=after.year - 1) - timedelta(days=1),
    )


def _span(span: Span) -> tuple[datetime, datetime]:
    days = (span.first, span.last + timedelta(days=1))
    begin, end = (datetime.combine(day, time(), CHINA) for day in days)
    return begin, end


def _within(column: Any, begin: datetime, end: datetime) -> tuple[ColumnElement[bool], ...]:
    return (column >= begin, column < end)
