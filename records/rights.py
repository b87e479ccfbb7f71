"""Who may see and do what (domain 1.7): the one table that pages, commands and exports ask."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, false, or_, select
from sqlmodel import Session

from records import permits, scope
from records.assignments import Assignment, Help
from records.people import Person
from records.permits import PermitKind
from records.staff_accounts import Staff, StaffRole


class Post(StrEnum):
    """What somebody is here: their role, and for staff the level of what they look after."""

    CADRE = "cadre"
    CLERK = "clerk"  # of a town
    COMMISSIONER = "commissioner"
    MENTOR = "mentor"
    STEWARD = "steward"
    HEAD = "head"
    COUNTY = "county"
    CITY = "city"
    INSPECTOR = "inspector"
    PUBLICITY = "publicity"
    PARTNER = "partner"
    OPERATOR = "operator"


class Right(StrEnum):
    """What may be granted."""

    CONSOLE = "console"  # the pages at all
    TOTALS = "totals"  # figures without anybody's name
    PEOPLE = "people"  # lists and dossiers, masked, of those in reach
    REVEAL = "reveal"  # a phone in full, with a reason
    ENTER = "enter"  # people and businesses: enter, correct, merge
    SWEEP = "sweep"  # door to door: lists of a village, pasted lines
    STANDINGS = "standings"  # what is held of 乡贤 and who vouches
    ENTITIES = "entities"  # businesses: read, correct
    ASSIGN = "assign"  # who helps whom
    EXPORT = "export"  # files with people in them
    IMPORT = "import"
    TICKETS = "tickets"  # requests, call-backs
    GAPS = "gaps"  # questions that could not be answered
    SEE_PROJECTS = "see_projects"
    PROJECTS = "projects"
    SEE_POLICIES = "see_policies"
    POLICIES = "policies"
    COURSES = "courses"
    EVENTS = "events"
    SEE_GROUPS = "see_groups"
    GROUPS = "groups"
    SEGMENTS = "segments"
    COUNT = "count"  # how many of their place fit a description
    CAMPAIGNS = "campaigns"
    APPROVE = "approve"  # sends
    STATIONS = "stations"
    DUTY = "duty"  # the half-year report of one's own station
    TASKS = "tasks"  # theirs, with their deadlines
    ALL_TASKS = "all_tasks"  # of everybody in the area
    SHARE = "share"  # ask somebody whether a partner may see their case
    SHARED = "shared"  # what people let this partner see
    CASES = "cases"
    JUDGE_CASES = "judge_cases"  # agree to one, review it
    PUBLISH = "publish"  # cases of those who agreed
    SEE_TARGETS = "see_targets"
    TARGETS = "targets"
    REPORTS = "reports"
    SIGN = "sign"  # a report, as the one who answers for it
    STAFF = "staff"
    AUDIT = "audit"
    PRIVACY = "privacy"
    GRANT = "grant"  # what a colleague may not do alone
    SETTINGS = "settings"
    HEALTH = "health"


_EVERYBODY = frozenset(Post)
_OFFICE = frozenset({Post.CLERK, Post.COUNTY})
_FIELD = frozenset({Post.CADRE, Post.CLERK, Post.COMMISSIONER, Post.COUNTY})
_ABOVE = frozenset({Post.COUNTY, Post.CITY})
_UPWARD = frozenset({Post.CLERK, Post.COUNTY, Post.CITY})
_COUNTY = frozenset({Post.COUNTY})

GRANTS: Mapping[Right, frozenset[Post]] = {
    Right.CONSOLE: _EVERYBODY,
    Right.TOTALS: _UPWARD | {Post.INSPECTOR},
    Right.PEOPLE: _FIELD | {Post.MENTOR, Post.CITY},
    Right.REVEAL: _FIELD | {Post.MENTOR},
    Right.ENTER: _FIELD,
    Right.SWEEP: _OFFICE | {Post.CADRE},
    Right.STANDINGS: _COUNTY,
    Right.ENTITIES: _OFFICE | {Post.COMMISSIONER},
    Right.ASSIGN: _OFFICE,
    Right.EXPORT: _UPWARD,
    Right.IMPORT: _OFFICE,
    Right.TICKETS: _FIELD | {Post.PARTNER},
    Right.GAPS: _OFFICE,
    Right.SEE_PROJECTS: _FIELD | {Post.CITY, Post.HEAD, Post.MENTOR},
    Right.PROJECTS: _OFFICE,
    Right.SEE_POLICIES: _EVERYBODY,
    Right.POLICIES: _COUNTY,
    Right.COURSES: _OFFICE | {Post.COMMISSIONER},
    Right.EVENTS: _OFFICE | {Post.COMMISSIONER, Post.CADRE, Post.HEAD, Post.CITY},
    Right.SEE_GROUPS: _OFFICE | {Post.STEWARD, Post.MENTOR},
    Right.GROUPS: _OFFICE,
    Right.SEGMENTS: _OFFICE,
    Right.COUNT: _UPWARD | {Post.CADRE},
    Right.CAMPAIGNS: _OFFICE,
    Right.APPROVE: _COUNTY,
    Right.STATIONS: _ABOVE | {Post.CLERK, Post.HEAD},
    Right.DUTY: frozenset({Post.HEAD}),
    Right.TASKS: _UPWARD | {Post.COMMISSIONER, Post.HEAD},
    Right.ALL_TASKS: _ABOVE | {Post.INSPECTOR},
    Right.SHARE: _OFFICE | {Post.COMMISSIONER},
    Right.SHARED: frozenset({Post.PARTNER}),
    Right.CASES: _FIELD,
    Right.JUDGE_CASES: _OFFICE | {Post.COMMISSIONER},
    Right.PUBLISH: _COUNTY | {Post.PUBLICITY},
    Right.SEE_TARGETS: _UPWARD | {Post.INSPECTOR},
    Right.TARGETS: _ABOVE,
    Right.REPORTS: _UPWARD | {Post.INSPECTOR},
    Right.SIGN: _UPWARD,
    Right.STAFF: _COUNTY,
    Right.AUDIT: _COUNTY,
    Right.PRIVACY: _COUNTY,
    Right.GRANT: _COUNTY,
    Right.SETTINGS: frozenset({Post.OPERATOR}),
    Right.HEALTH: frozenset({Post.OPERATOR, Post.COUNTY}),
}

_PEOPLE, _ASSIGNED = Person.__table__, Assignment.__table__  # type: ignore[attr-defined]
_BY_AREA = frozenset({Post.CADRE, Post.CLERK, Post.COUNTY})


def post_of(staff: Staff) -> Post:
    """Their post; staff without an area look after everything, as a county does."""
    if staff.role is not StaffRole.STAFF:
        return Post(staff.role.value)
    if scope.is_local(staff.area):
        return Post.CLERK
    return Post.CITY if scope.is_above_counties(staff.area) else Post.COUNTY


def may(staff: Staff, right: Right) -> bool:
    """Whether it is granted to the post; whose data it reaches is `reach`'s to say."""
    return staff.until is None and post_of(staff) in GRANTS[right]


def reach(session: Session, staff: Staff, now: datetime) -> ColumnElement[bool]:
    """The people whom they may read of, as a condition on the table of people."""
    post = post_of(staff)
    if not may(staff, Right.PEOPLE):
        return false()
    if post in _BY_AREA:
        return scope.visible(staff.area, _PEOPLE.c)
    if post is Post.CITY:  # by reasoned request only
        given = permits.in_force(session, staff.name, PermitKind.LIST, now)
        return or_(false(), *(scope.visible(one.area, _PEOPLE.c) for one in given))
    help_ = Help.COMMISSIONER if post is Post.COMMISSIONER else Help.MENTOR
    mine = select(_ASSIGNED.c.person_id).where(
        _ASSIGNED.c.helper == staff.name,
        _ASSIGNED.c.help == help_.value,
        _ASSIGNED.c.until.is_(None),
    )
    return _PEOPLE.c.id.in_(mine)  # type: ignore[no-any-return]


def reaches(session: Session, staff: Staff, person_id: str, now: datetime) -> bool:
    """Whether they may read of this person; False where there is none."""
    query = select(_PEOPLE.c.id).where(_PEOPLE.c.id == person_id, reach(session, staff, now))
    return session.execute(query).first() is not None
