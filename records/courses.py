"""Courses and who takes part: seats, a waiting list in order, attendance, what came of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, and_, func, not_, or_, select, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.scope import stem
from records.types import BigId, Json, UtcDateTime


class Topic(StrEnum):
    """What a course is about."""

    FARMING = "farming"
    ECOMMERCE = "ecommerce"
    MARKETING = "marketing"
    FOOD = "food"
    CRAFT = "craft"
    CARE = "care"
    RUNNING = "running"  # to found and run a business, its books
    OTHER = "other"


class Level(StrEnum):
    """What one must know before."""

    NOTHING = "nothing"
    SOME = "some"
    LEADING = "leading"  # runs a business already


class Seat(StrEnum):
    """Where somebody stands with a course."""

    SIGNED = "signed"
    WAITING = "waiting"
    OFFERED = "offered"  # a seat came free for them; theirs until `offered_until`
    GONE = "gone"  # called it off
    LAPSED = "lapsed"  # did not answer when a seat was offered
    CAME = "came"
    ABSENT = "absent"


class Outcome(StrEnum):
    """What somebody says came of a course, three months after."""

    FOUNDED = "founded"
    EMPLOYED = "employed"
    NEITHER = "neither"


TAKEN = (Seat.SIGNED.value, Seat.OFFERED.value, Seat.CAME.value)
ACTIVE = (Seat.SIGNED.value, Seat.WAITING.value, Seat.OFFERED.value)


class CourseRow(SQLModel, table=True):
    """A course; its number is what staff and people call it by («课3»)."""

    __tablename__ = "course"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    external_id: str = Field(default="", max_length=64, index=True)
    area: str = Field(max_length=12, index=True)
    title: str = Field(max_length=60)
    topic: str = Field(max_length=12)
    level: str = Field(max_length=12)
    place: str = Field(default="", max_length=80)
    starts_on: date = Field(index=True)
    ends_on: date
    hours: str = Field(default="", max_length=20)  # as printed: 9:00
    seats: int
    staff: str = Field(default="", max_length=40)  # who runs it
    is_programme: bool = False  # 1 month + 3 months + 1 year (domain S1-38)
    is_off: bool = False
    done: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    is_settled: bool = False  # whether what follows from it as it is told now has been planned
    is_moved: bool = False  # whether those in it are still to hear of another day, hour or place
    created_at: datetime = Field(sa_type=UtcDateTime)


class Enrolment(SQLModel, table=True):
    """Somebody and a course; `since` is their place in the queue."""

    __table_args__ = (Index("ix_enrolment_once", "course_id", "person_id", unique=True),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    course_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    person_id: str = Field(max_length=24, index=True)
    state: str = Field(max_length=10)
    since: datetime = Field(sa_type=UtcDateTime)
    offered_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    outcome: str = Field(default="", max_length=10)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)  # of the outcome


class CourseWish(SQLModel, table=True):
    """Somebody would like to learn something (domain S4-12)."""

    __tablename__ = "course_wish"

    person_id: str = Field(primary_key=True, max_length=24)
    topic: str = Field(primary_key=True, max_length=12)
    area: str = Field(max_length=12, index=True)
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class NewCourse:
    """A course as it is told to us."""

    title: str
    topic: Topic
    level: Level
    area: str
    starts_on: date
    ends_on: date
    seats: int
    place: str = ""
    hours: str = ""
    staff: str = ""
    is_programme: bool = False
    external_id: str = ""


@dataclass(frozen=True, slots=True)
class Course:
    """A course as it is read, with how many seats are taken and how many people wait."""

    number: int
    told: NewCourse
    taken: int = 0
    waiting: int = 0
    is_off: bool = False
    is_moved: bool = False
    created_at: datetime | None = None
    done: Mapping[str, str] = field(default_factory=dict)  # phase → day

    @property
    def free(self) -> int:
        """Seats that somebody may have at once; none where others wait for one."""
        return 0 if self.waiting else max(0, self.told.seats - self.taken)


@dataclass(frozen=True, slots=True)
class Booked:
    """Somebody's place in a course; `rank` in the queue, 0 where they do not wait."""

    course: int
    person_id: str
    seat: Seat
    since: datetime
    rank: int = 0
    offered_until: datetime | None = None
    outcome: str = ""


_COURSES = CourseRow.__table__  # type: ignore[attr-defined]
_TABLE = Enrolment.__table__  # type: ignore[attr-defined]
_WISHES = CourseWish.__table__  # type: ignore[attr-defined]
_MEETING = ("starts_on", "hours", "place")  # when and where people come together
_TOLD = (
    "title",
    "area",
    "starts_on",
    "ends_on",
    "seats",
    "place",
    "hours",
    "staff",
    "is_programme",
    "external_id",
)


def add(session: Session, told: NewCourse, at: datetime) -> int:
    """Store a course; its number."""
    row = CourseRow(**_values(told), created_at=at)
    session.add(row)
    session.flush()
    return row.id or 0


def change(session: Session, number: int, told: NewCourse) -> None:
    """A course is told of anew."""
    same = [_COURSES.c[name] == getattr(told, name) for name in _MEETING]
    values = {**_values(told), "is_settled": False}
    moved = {"is_moved": or_(_COURSES.c.is_moved, not_(and_(*same)))}
    session.execute(update(_COURSES).where(_COURSES.c.id == number).values({**values, **moved}))


def unsettled(session: Session) -> list[Course]:
    """Courses from which nothing has been planned as they are told now."""
    return _read(session, _COURSES.c.is_settled.is_(False))


def settled(session: Session, number: int) -> None:
    """What follows from a course has been planned."""
    done = {"is_settled": True, "is_moved": False}
    session.execute(update(_COURSES).where(_COURSES.c.id == number).values(done))


def call_off(session: Session, number: int) -> None:
    """A course does not take place."""
    session.execute(update(_COURSES).where(_COURSES.c.id == number).values(is_off=True))


def finish(session: Session, course: Course, phase: str, day: date) -> None:
    """A phase of a programme is done."""
    done = {**course.done, phase: day.isoformat()}
    session.execute(update(_COURSES).where(_COURSES.c.id == course.number).values(done=done))


def find(session: Session, number: int, *, locks: bool = False) -> Course | None:
    """One course; `locks`: nobody else may change its seats before we are done."""
    if locks:
        session.execute(select(_COURSES.c.id).where(_COURSES.c.id == number).with_for_update())
    found = by_numbers(session, [number])
    return found[0] if found else None


def by_numbers(session: Session, numbers: Sequence[int]) -> list[Course]:
    """These courses, the first ahead."""
    return _read(session, _COURSES.c.id.in_(list(numbers)))


def by_external_ids(session: Session, ids: Sequence[str]) -> dict[str, Course]:
    """The courses that another system keeps by these numbers."""
    wanted = [each for each in ids if each]
    found = _read(session, _COURSES.c.external_id.in_(wanted)) if wanted else []
    return {course.told.external_id: course for course in found}


def alike(session: Session, told: NewCourse) -> Course | None:
    """The course of the same title, place on the map and first day."""
    mine = (_COURSES.c.title == told.title) & (_COURSES.c.area == told.area)
    found = _read(session, mine & (_COURSES.c.starts_on == told.starts_on))
    return found[0] if found else None


def open_for(session: Session, home: str, today: date) -> list[Course]:
    """What people of a place can still sign up for: their county's, and those above it."""
    over = {"", home, f"{home[:4]}00", f"{home[:2]}0000"} if home else {""}
    below = _COURSES.c.area.startswith(stem(home), autoescape=True) if home else None
    here = _COURSES.c.area.in_(over) if below is None else or_(_COURSES.c.area.in_(over), below)
    return _read(session, here & (_COURSES.c.starts_on > today) & _COURSES.c.is_off.is_(False))


def of_staff(session: Session, area: str, since: date) -> list[Course]:
    """The courses within an area that end on or after a day."""
    mine = _COURSES.c.ends_on >= since
    if area:
        mine &= _COURSES.c.area.startswith(stem(area), autoescape=True)
    return _read(session, mine)


def of_people(session: Session, person_ids: Sequence[str]) -> list[Booked]:
    """Every place that these people have or had, the first ahead."""
    query = select(_TABLE).where(_TABLE.c.person_id.in_(list(person_ids)))
    rows = session.execute(query.order_by(_TABLE.c.since, _TABLE.c.id)).all()
    queues = {row.course_id for row in rows if row.state == Seat.WAITING}
    ranks = _ranks(session, queues)
    return [_booked(row, ranks.get((row.course_id, row.person_id), 0)) for row in rows]


def of_course(session: Session, number: int) -> list[Booked]:
    """Everybody who has a place or waits for one, in their order; nobody who called it off."""
    gone = (Seat.GONE.value, Seat.LAPSED.value)
    query = select(_TABLE).where(_TABLE.c.course_id == number, _TABLE.c.state.not_in(gone))
    rows = session.execute(query.order_by(_TABLE.c.since, _TABLE.c.id)).all()
    return [_booked(row, 0) for row in rows]


def who_decided(session: Session, number: int) -> set[str]:
    """Everybody who ever said yes or no to a course."""
    query = select(_TABLE.c.person_id).where(_TABLE.c.course_id == number)
    return set(session.execute(query).scalars())


def put(
    session: Session,
    number: int,
    person_id: str,
    seat: Seat,
    at: datetime,
    *,
    until: datetime | None = None,
) -> None:
    """Somebody stands so from now on; who comes anew comes last."""
    row = {"course_id": number, "person_id": person_id, "since": at, "outcome": ""}
    once = insert_or_ignore(session, _TABLE, ["course_id", "person_id"])
    done = session.connection().execute(once, [{**row, "state": seat.value}])
    values: dict[str, Any] = {"state": seat.value, "offered_until": until}
    known = _of(session, number, person_id)
    if not done.rowcount and known in (Seat.GONE, Seat.LAPSED):
        values["since"] = at
    mine = (_TABLE.c.course_id == number) & (_TABLE.c.person_id == person_id)
    session.execute(update(_TABLE).where(mine).values(values))


def expired(session: Session, now: datetime) -> list[Booked]:
    """Seats that were offered and not taken in time."""
    late = (_TABLE.c.state == Seat.OFFERED.value) & (_TABLE.c.offered_until <= now)
    return [_booked(row, 0) for row in session.execute(select(_TABLE).where(late)).all()]


def with_queue(session: Session, today: date) -> list[int]:
    """Courses to come for which somebody waits."""
    query = (
        select(_TABLE.c.course_id)
        .join(_COURSES, _COURSES.c.id == _TABLE.c.course_id)
        .where(_TABLE.c.state == Seat.WAITING.value)
        .where(_COURSES.c.starts_on > today, _COURSES.c.is_off.is_(False))
    )
    return sorted(set(session.execute(query).scalars()))


def tell_outcome(
    session: Session, number: int, person_id: str, outcome: Outcome, at: datetime
) -> None:
    """Somebody says what came of it; the last word holds."""
    mine = (_TABLE.c.course_id == number) & (_TABLE.c.person_id == person_id)
    session.execute(update(_TABLE).where(mine).values(outcome=outcome.value, told_at=at))


def wish(session: Session, person_id: str, topic: Topic, area: str, at: datetime) -> None:
    """Somebody would like to learn this; said twice it counts once."""
    once = insert_or_ignore(session, _WISHES, ["person_id", "topic"])
    row = {"person_id": person_id, "topic": topic.value, "area": area, "at": at}
    session.connection().execute(once, [row])


def wishing(session: Session, topic: Topic, area: str) -> list[str]:
    """Who would like to learn this, of those for whom a course of this area is."""
    query = select(_WISHES.c.person_id).where(_WISHES.c.topic == topic.value)
    if area:
        query = query.where(_WISHES.c.area.startswith(stem(area), autoescape=True))
    return sorted(session.execute(query).scalars())


def demand(session: Session, area: str) -> dict[str, tuple[int, int]]:
    """For each topic: how many people asked for it, and how many signed up or wait for one."""
    asked = select(_WISHES.c.topic, func.count()).group_by(_WISHES.c.topic)
    active = (*ACTIVE, Seat.CAME.value, Seat.ABSENT.value)
    signed = (
        select(_COURSES.c.topic, func.count(_TABLE.c.person_id.distinct()))
        .join(_TABLE, _TABLE.c.course_id == _COURSES.c.id)
        .where(_TABLE.c.state.in_(active))
        .group_by(_COURSES.c.topic)
    )
    if area:
        asked = asked.where(_WISHES.c.area.startswith(stem(area), autoescape=True))
        signed = signed.where(_COURSES.c.area.startswith(stem(area), autoescape=True))
    wishes = {row[0]: int(row[1]) for row in session.execute(asked)}
    seats = {row[0]: int(row[1]) for row in session.execute(signed)}
    return {
        topic.value: (wishes.get(topic.value, 0), seats.get(topic.value, 0)) for topic in Topic
    }


def outcomes(session: Session, area: str, since: date, until: date) -> dict[str, int]:
    """How many of those who came to courses that ended then say what; "" has not answered."""
    mine = (_TABLE.c.state == Seat.CAME.value) & _COURSES.c.ends_on.between(since, until)
    if area:
        mine &= _COURSES.c.area.startswith(stem(area), autoescape=True)
    query = (
        select(_TABLE.c.outcome, func.count())
        .join(_COURSES, _COURSES.c.id == _TABLE.c.course_id)
        .where(mine)
        .group_by(_TABLE.c.outcome)
    )
    return {row[0]: int(row[1]) for row in session.execute(query)}


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records became one: the places of the first are the second's, unless it has one."""
    known = {one.course for one in of_people(session, [kept])}
    mine = (_TABLE.c.person_id == gone) & _TABLE.c.course_id.not_in(known)
    session.execute(update(_TABLE).where(mine).values(person_id=kept))
    topics = select(_WISHES.c.topic).where(_WISHES.c.person_id == kept)
    have = set(session.execute(topics).scalars())
    wishes = (_WISHES.c.person_id == gone) & _WISHES.c.topic.not_in(have)
    session.execute(update(_WISHES).where(wishes).values(person_id=kept))


def _of(session: Session, number: int, person_id: str) -> Seat | None:
    mine = (_TABLE.c.course_id == number) & (_TABLE.c.person_id == person_id)
    found = session.execute(select(_TABLE.c.state).where(mine)).scalar()
    return Seat(found) if found else None


def _ranks(session: Session, courses: set[int]) -> dict[tuple[int, str], int]:
    """Where each who waits for one of these stands in its queue."""
    waits = _TABLE.c.course_id.in_(courses) & (_TABLE.c.state == Seat.WAITING.value)
    query = select(_TABLE.c.course_id, _TABLE.c.person_id).where(waits)
    ranks: dict[tuple[int, str], int] = {}
    counts: dict[int, int] = {}
    for course, person in session.execute(query.order_by(_TABLE.c.since, _TABLE.c.id)):
        counts[course] = counts.get(course, 0) + 1
        ranks[course, person] = counts[course]
    return ranks


def _read(session: Session, wanted: Any) -> list[Course]:
    query = select(_COURSES).where(wanted).order_by(_COURSES.c.starts_on, _COURSES.c.id)
    rows = session.execute(query).all()
    counted = (
        select(_TABLE.c.course_id, _TABLE.c.state, func.count())
        .where(_TABLE.c.course_id.in_([row.id for row in rows]))
        .group_by(_TABLE.c.course_id, _TABLE.c.state)
    )
    counts = {(row[0], row[1]): int(row[2]) for row in session.execute(counted)} if rows else {}
    return [_course(row, counts) for row in rows]


def _course(row: Any, counts: Mapping[tuple[int, str], int]) -> Course:
    values = {name: getattr(row, name) for name in _TOLD}
    return Course(
        number=row.id,
        told=NewCourse(**values, topic=Topic(row.topic), level=Level(row.level)),
        taken=sum(counts.get((row.id, state), 0) for state in TAKEN),
        waiting=counts.get((row.id, Seat.WAITING.value), 0),
        is_off=row.is_off,
        is_moved=row.is_moved,
        created_at=row.created_at,
        done=row.done,
    )


def _booked(row: Any, rank: int) -> Booked:
    return Booked(
        course=row.course_id,
        person_id=row.person_id,
        seat=Seat(row.state),
        since=row.since,
        rank=rank,
        offered_until=row.offered_until,
        outcome=row.outcome,
    )


def _values(told: NewCourse) -> dict[str, Any]:
    values = {name: getattr(told, name) for name in _TOLD}
    return {**values, "topic": told.topic.value, "level": told.level.value}
