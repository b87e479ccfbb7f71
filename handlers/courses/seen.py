"""What a turn knows of courses: what one may sign up for, where one stands, staff's lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from handlers.courses.words import Attendance, Finish, Roster, desk_wish_of
from outreach.courses.booking import today_of
from records import courses, people, scope
from records.courses import ACTIVE, Booked, Course, Seat
from records.database import Session
from records.people import Profile, Status
from records.staff_accounts import Staff
from records.vault import Vault
from registry import villages

_LOOKED_BACK = timedelta(days=60)  # courses that ended so long ago are still listed for staff
ROSTERED = frozenset({Seat.SIGNED, Seat.CAME, Seat.ABSENT})


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody on the roster, as staff of their place may see them."""

    place: int
    booked: Booked
    name: str = ""  # "" where they are of another place
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Courses:
    """`open` for the person's home; `booked` of theirs, with the courses that these are of."""

    open: tuple[Course, ...] = ()
    booked: tuple[Booked, ...] = ()
    known: dict[int, Course] = field(default_factory=dict)
    listed: tuple[Course, ...] = ()  # for staff
    rosters: dict[int, tuple[Member, ...]] = field(default_factory=dict)

    def numbered(self, number: int) -> Course | None:
        """A course that is open, or that somebody here has to do with."""
        found = {**self.known, **{course.number: course for course in self.open}}
        return found.get(number)

    def active(self) -> tuple[Booked, ...]:
        """Where these people have a seat or wait for one, in courses to come."""
        return tuple(one for one in self.booked if one.seat.value in ACTIVE)


NONE = Courses()


def of_person(session: Session, profiles: Sequence[Profile], home: str, now: datetime) -> Courses:
    """What is open for a home, and where these people stand."""
    today = today_of(now)
    booked = courses.of_people(session, [profile.id for profile in profiles])
    known = courses.by_numbers(session, sorted({one.course for one in booked}))
    by_number = {course.number: course for course in known}
    current = tuple(one for one in booked if _is_current(one, by_number[one.course], today))
    return Courses(tuple(courses.open_for(session, home, today)), current, by_number)


def of_staff(
    session: Session, vault: Vault, staff: Staff, texts: Sequence[str], now: datetime
) -> Courses:
    """The courses of their area, with the rosters of those that they name."""
    since = today_of(now) - _LOOKED_BACK
    county = villages.county_of(session, staff.area)
    is_placed = bool(county) or not scope.is_local(staff.area)
    listed = courses.of_staff(session, county, since) if is_placed else []
    wishes = [wish for text in texts if (wish := desk_wish_of(text))]
    named = {w.number for w in wishes if isinstance(w, Roster | Attendance | Finish)}
    mine = {course.number: course for course in listed}
    rosters = {n: roster(session, vault, n, staff.area) for n in named if n in mine}
    return Courses(listed=tuple(listed), known=mine, rosters=rosters)


def roster(session: Session, vault: Vault, number: int, area: str) -> tuple[Member, ...]:
    """Everybody with a seat, numbered; names only of those whom staff of the area may see.

    Staff of a town or a village have a list of their own people alone, and say who of them came.
    """
    booked = [one for one in courses.of_course(session, number) if one.seat in ROSTERED]
    ids = [one.person_id for one in booked]
    spots = scope.spots(session, ids)
    seen = [i for i in ids if i in spots and scope.may_see(area, spots[i])]
    profiles = people.by_ids(session, vault, seen)
    if scope.is_local(area):
        booked = [one for one in booked if one.person_id in profiles]
    return tuple(_member(n, one, profiles.get(one.person_id)) for n, one in enumerate(booked, 1))


def _member(place: int, one: Booked, profile: Profile | None) -> Member:
    if profile is None or profile.status is Status.WITHDRAWN:
        return Member(place, one)
    return Member(place, one, profile.nickname, profile.phone)


def _is_current(one: Booked, course: Course, today: date) -> bool:
    is_over = course.told.starts_on <= today and one.seat.value in ACTIVE
    return not (course.is_off or is_over)
