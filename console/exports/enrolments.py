"""Who signed up for which course, of the people in reach: for the platform that counts them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, select

from console.exports.kinds import Asked, Listing, Some
from outreach.calendars import CHINA
from records import people, rights
from records.courses import CourseRow, Enrolment, Seat
from records.database import Session
from records.people import Person, Profile, Status
from records.vault import Vault
from registry import people_columns

_PAGE = 500
_SEATS = {
    Seat.SIGNED: "报了名",
    Seat.WAITING: "候补",
    Seat.OFFERED: "有空位，等答复",
    Seat.GONE: "退了",
    Seat.LAPSED: "没答复，轮过了",
    Seat.CAME: "来了",
    Seat.ABSENT: "没来",
}
_HEADINGS = people_columns.headings()
_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_COURSES, _ENROLMENTS = CourseRow.__table__, Enrolment.__table__  # type: ignore[attr-defined]


def _wanted(session: Session, asked: Asked) -> ColumnElement[bool]:
    reached = rights.reach(session, asked.staff, asked.now)
    return and_(reached, _PEOPLE.c.status == Status.CONFIRMED.value)


def _of(*columns: Any) -> Select[Any]:
    source = _ENROLMENTS.join(_PEOPLE, _PEOPLE.c.id == _ENROLMENTS.c.person_id)
    joined = source.join(_COURSES, _COURSES.c.id == _ENROLMENTS.c.course_id)
    return select(*columns).select_from(joined)


def count(session: Session, asked: Asked) -> int:
    """How many places and waiting lines they are in."""
    return int(session.execute(_of(func.count()).where(_wanted(session, asked))).scalar_one())


def some(session: Session, vault: Vault, asked: Asked, after: str) -> Some:
    """A page of them, in the order in which they were entered."""
    wanted = and_(_wanted(session, asked), _ENROLMENTS.c.id > int(after or 0))
    columns = (_ENROLMENTS, _PEOPLE.c.external_id, _COURSES.c.title, _COURSES.c.starts_on)
    number = _COURSES.c.external_id.label("course_number")
    query = _of(*columns, number).where(wanted).order_by(_ENROLMENTS.c.id).limit(_PAGE)
    found = session.execute(query).all()
    profiles = people.by_ids(session, vault, list({row.person_id for row in found}))
    rows = [_row(row, profiles[row.person_id]) for row in found]
    return Some(rows, str(found[-1].id) if len(found) == _PAGE else "")


def _row(row: Any, profile: Profile) -> tuple[str, ...]:
    return (
        row.external_id,
        profile.nickname,
        profile.phone,
        row.course_number,
        row.title,
        row.starts_on.isoformat(),
        _SEATS[Seat(row.state)],
        row.since.astimezone(CHINA).date().isoformat(),
    )


ENROLMENTS = Listing(
    key="enrolments",
    title="培训报名名单",
    columns={
        **{name: _HEADINGS[name] for name in ("external_id", "nickname", "phone")},
        "course_number": "班次编号",
        "course": "培训班",
        "starts_on": "开班日期",
        "seat": "报名情况",
        "since": "报名日期",
    },
    count=count,
    some=some,
)
