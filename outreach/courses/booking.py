"""Seats of courses: signing up, calling off, and the waiting list that moves up by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from outreach.calendars import CHINA, after_quiet
from outreach.reminders import CALLED_OFF, CHANGED, EVE, before
from outreach.texts import say
from records import courses, reminders
from records.courses import ACTIVE, Booked, Course, Seat
from records.database import Session
from records.messages import Option
from records.reminders import Kind, Reminder
from records.vault import Vault

TO_ANSWER = timedelta(days=2)  # for whom a seat came free
_TOLD_OFF = timedelta(days=3)


class CourseRefused(Exception):
    """It cannot be done with this course; one sentence for operators."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What became of a waiting list: seats offered, and offers that nobody answered in time."""

    offered: int = 0
    lapsed: int = 0


def today_of(now: datetime) -> date:
    """The day in China."""
    return now.astimezone(CHINA).date()


def midnight(day: date) -> datetime:
    """The moment in China with which a day begins."""
    return datetime.combine(day, time(), CHINA)


def spoken(day: date) -> str:
    """A day as people say it."""
    return f"{day.month}月{day.day}日"


def announce(session: Session, vault: Vault, course: Course, now: datetime) -> None:
    """Tell those of its place who asked for the topic and have not said yes or no to it."""
    told, number = course.told, course.number
    begin, since = midnight(told.starts_on), course.created_at or now
    if begin <= max(now, since) or course.is_off:
        return
    text = say(
        "course.new",
        title=told.title,
        day=spoken(told.starts_on),
        place=told.place or say("course.no_place"),
    )
    ways = (
        Option(say("course.join"), say("course.join_word", number=number)),
        Option(say("course.skip"), say("course.refuse_word", number=number)),
    )
    decided = courses.who_decided(session, number)
    for person in courses.wishing(session, told.topic, told.area):
        if person not in decided:
            # Due since it is there: what was said is not said again when the course changes.
            name = f"{key(number, person)}/new"
            _plan(session, vault, name, person, text, (since, begin), ways)


def sign_up(session: Session, vault: Vault, number: int, person: str, now: datetime) -> Seat:
    """Take a seat, or a place in the queue; CourseRefused where it is too late."""
    course = courses.find(session, number, locks=True)
    if course is None or course.is_off or midnight(course.told.starts_on) <= now:
        raise CourseRefused(f"nobody can sign up for course {number} any more")
    held = {one.person_id: one.seat for one in courses.of_course(session, number)}
    if held.get(person, Seat.GONE).value in ACTIVE:
        return held[person]
    seat = Seat.SIGNED if course.free else Seat.WAITING
    courses.put(session, number, person, seat, now)
    if seat is Seat.SIGNED:
        _remind(session, vault, course, person, now)
    return seat


def call_off(session: Session, vault: Vault, number: int, person: str, now: datetime) -> None:
    """Somebody does not come: whoever is next gets the seat."""
    courses.find(session, number, locks=True)
    courses.put(session, number, person, Seat.GONE, now)
    reminders.cancel(session, key(number, person), now)
    move_up(session, vault, number, now)


def accept(session: Session, vault: Vault, number: int, person: str, now: datetime) -> Seat:
    """Take the seat that came free; where the time to answer is over, the queue again."""
    course = courses.find(session, number, locks=True)
    mine = (one for one in courses.of_course(session, number) if one.person_id == person)
    held = next(mine, None)
    if course is None or held is None or held.seat is not Seat.OFFERED or _is_late(held, now):
        return sign_up(session, vault, number, person, now)
    courses.put(session, number, person, Seat.SIGNED, now)
    reminders.cancel(session, key(number, person), now)
    _remind(session, vault, course, person, now)
    return Seat.SIGNED


def move_up(session: Session, vault: Vault, number: int, now: datetime) -> int:
    """Offer every free seat to whoever is next; how many were offered."""
    course = courses.find(session, number)
    if course is None or course.is_off:
        return 0
    begin = midnight(course.told.starts_on)
    until = min(after_quiet(now) + TO_ANSWER, begin)
    if until <= after_quiet(now):
        return 0
    queue = [one for one in courses.of_course(session, number) if one.seat is Seat.WAITING]
    free = course.told.seats - course.taken
    for one in queue[: max(0, free)]:
        courses.put(session, number, one.person_id, Seat.OFFERED, now, until=until)
        _offer(session, vault, course, one.person_id, now, until)
    return min(len(queue), max(0, free))


def move_all(session: Session, vault: Vault, now: datetime) -> Moved:
    """Take back the seats that nobody answered for, and offer what is free."""
    late = courses.expired(session, now)
    for one in late:
        courses.put(session, one.course, one.person_id, Seat.LAPSED, now)
        reminders.cancel(session, key(one.course, one.person_id), now)
    queues = courses.with_queue(session, today_of(now))
    return Moved(sum(move_up(session, vault, each, now) for each in queues), len(late))


def cancel(session: Session, vault: Vault, number: int, now: datetime) -> int:
    """The course does not take place: everybody who has a seat or waits is told; how many."""
    course = courses.find(session, number)
    if course is None:
        raise CourseRefused(f"there is no course {number}: `guiyan courses list` shows them")
    booked = [one for one in courses.of_course(session, number) if one.seat.value in ACTIVE]
    courses.call_off(session, number)
    reminders.cancel(session, f"course/{number}", now)
    text = say("course.off", title=course.told.title, day=spoken(course.told.starts_on))
    for one in booked:
        where = f"{key(number, one.person_id)}{CALLED_OFF}"
        _plan(session, vault, where, one.person_id, text, (now, now + _TOLD_OFF), ())
    return len(booked)


def renew(session: Session, vault: Vault, number: int, now: datetime) -> int:
    """The course was told of anew: its day, its place or its seats may be others now.

    Where it is another day, hour or place, everybody who has a seat or waits is told; how many.
    """
    course = courses.find(session, number, locks=True)
    if course is None or course.is_off:
        return 0
    booked = [one for one in courses.of_course(session, number) if one.seat.value in ACTIVE]
    for one in booked:
        if one.seat is Seat.SIGNED:
            reminders.cancel(session, f"{key(number, one.person_id)}/eve", now)
            _remind(session, vault, course, one.person_id, now)
    told = _tell_moved(session, vault, course, booked, now) if course.is_moved else 0
    move_up(session, vault, number, now)
    return told


def _tell_moved(
    session: Session, vault: Vault, course: Course, booked: Sequence[Booked], now: datetime
) -> int:
    until = midnight(course.told.starts_on + timedelta(days=1))
    if until <= now:
        return 0
    day = spoken(course.told.starts_on)
    text = say("course.changed", title=course.told.title, day=day, **_meeting(course))
    for one in booked:
        name = f"{key(course.number, one.person_id)}{CHANGED}"
        _plan(session, vault, name, one.person_id, text, (now, until), _to_leave(course))
    return len(booked)


def key(number: int, person: str) -> str:
    """What the reminders of somebody about a course begin with."""
    return f"course/{number}/{person}"


def _is_late(held: Booked, now: datetime) -> bool:
    return held.offered_until is None or held.offered_until <= now


def _remind(session: Session, vault: Vault, course: Course, person: str, now: datetime) -> None:
    """Say it the day before, with where and when."""
    text = say("course.eve", title=course.told.title, **_meeting(course))
    for moment in before(course.told.starts_on, EVE, now):
        name, span = f"{key(course.number, person)}/eve", (moment.due, moment.until)
        _plan(session, vault, name, person, text, span, _to_leave(course))


def _meeting(course: Course) -> dict[str, str]:
    told = course.told
    hours = f"{told.hours}，" if told.hours else ""
    return {"hours": hours, "place": told.place or say("course.no_place")}


def _to_leave(course: Course) -> tuple[Option, ...]:
    return (Option(say("course.leave"), say("course.leave_word", number=course.number)),)


def _offer(
    session: Session, vault: Vault, course: Course, person: str, now: datetime, until: datetime
) -> None:
    last = until.astimezone(CHINA)
    text = say(
        "course.seat",
        title=course.told.title,
        day=spoken(course.told.starts_on),
        until=f"{last.month}月{last.day}日{last.hour}点",
    )
    ways = (
        Option(say("course.take"), say("course.take_word", number=course.number)),
        Option(say("course.refuse"), say("course.refuse_word", number=course.number)),
    )
    _plan(session, vault, f"{key(course.number, person)}/seat", person, text, (now, until), ways)


def _plan(
    session: Session,
    vault: Vault,
    name: str,
    person: str,
    text: str,
    span: tuple[datetime, datetime],
    ways: tuple[Option, ...],
) -> None:
    whom = reminders.to_person(person)
    reminder = Reminder(name, whom, Kind.COURSE, span[0], span[1], text, ways)
    reminders.plan(session, vault, reminder, span[0])
