"""Who came to a course, what came of it after three months, and a programme's three phases."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from outreach.calendars import CHINA
from outreach.courses import booking
from outreach.courses.booking import key, spoken, today_of
from outreach.reminders import COUNTDOWN, before, months_after
from outreach.texts import say
from records import audit, courses, reminders
from records.courses import Course, Outcome, Seat
from records.database import Session
from records.messages import Option
from records.reminders import Kind, Reminder
from records.vault import Vault

_ASKED_AFTER = 3  # months
_ASKED_FOR = timedelta(days=14)  # the question is worth asking so long
_NINE = time(9, 0)


class Phase(StrEnum):
    """The three of a programme (domain S1-38)."""

    TRAINING = "training"
    INCUBATION = "incubation"
    FOLLOWING = "following"


PHASES = {Phase.TRAINING: 1, Phase.INCUBATION: 4, Phase.FOLLOWING: 16}  # full months at its end


@dataclass(frozen=True, slots=True)
class Rate:
    """What came of courses: of those who came, how many answered, and what they said."""

    came: int
    answered: int
    founded: int
    employed: int

    @property
    def at_work(self) -> int | None:
        """Of a hundred who answered, how many work or run something; None where nobody did."""
        if not self.answered:
            return None
        return round(100 * (self.founded + self.employed) / self.answered)


def due_dates(course: Course) -> dict[Phase, date]:
    """When each phase of a programme ends; nothing for a plain course."""
    if not course.told.is_programme:
        return {}
    return {phase: months_after(course.told.starts_on, n) for phase, n in PHASES.items()}


def settle(session: Session, vault: Vault, number: int, now: datetime) -> int:
    """What follows from a course that is new, or told of anew; how many hear that it moved."""
    course = courses.find(session, number)
    if course is None:
        return 0
    booking.announce(session, vault, course, now)
    told = booking.renew(session, vault, number, now)
    plan_phases(session, vault, number, now)
    courses.settled(session, number)
    return told


def settle_all(session: Session, vault: Vault, now: datetime) -> int:
    """The same for every course that lists brought since; how many."""
    waiting = courses.unsettled(session)
    for course in waiting:
        settle(session, vault, course.number, now)
    return len(waiting)


def plan_phases(session: Session, vault: Vault, number: int, now: datetime) -> None:
    """Remind whoever runs a programme 7, 3 and 1 days before each phase ends."""
    course = courses.find(session, number)
    if course is None or not course.told.staff:
        return
    for phase, due in due_dates(course).items():
        for moment in before(due, COUNTDOWN, now) if phase not in course.done else ():
            name = f"course/{number}/phase/{phase.value}/{moment.days}"
            text = say(
                "course.phase",
                title=course.told.title,
                phase=phase_word(phase),
                day=spoken(due),
                number=number,
            )
            whom = reminders.to_staff(course.told.staff)
            due_then = Reminder(name, whom, Kind.TASK, moment.due, moment.until, text)
            reminders.plan(session, vault, due_then, now)


def finish(session: Session, course: Course, phase: Phase, *, by: str, now: datetime) -> None:
    """A phase is done: nobody is reminded of it any more."""
    courses.finish(session, course, phase.value, today_of(now))
    reminders.cancel(session, f"course/{course.number}/phase/{phase.value}", now)
    audit.write(
        session, "course.phase_done", at=now, actor=_actor(by), subject=f"course:{course.number}"
    )


def mark(
    session: Session,
    vault: Vault,
    course: Course,
    *,
    came: Collection[str],
    absent: Collection[str],
    by: str,
    now: datetime,
) -> None:
    """Who came and who did not; who came is asked in three months what became of it."""
    for person in came:
        courses.put(session, course.number, person, Seat.CAME, now)
        _ask_later(session, vault, course, person, now)
    for person in absent:
        courses.put(session, course.number, person, Seat.ABSENT, now)
        reminders.cancel(session, key(course.number, person), now)
    subject = f"course:{course.number}"
    audit.write(session, "course.attendance", at=now, actor=_actor(by), subject=subject)


def rate(session: Session, area: str, since: date, until: date) -> Rate:
    """What came of the courses of an area that ended within a time."""
    found = courses.outcomes(session, area, since, until)
    came = sum(found.values())
    founded, employed = found.get(Outcome.FOUNDED.value, 0), found.get(Outcome.EMPLOYED.value, 0)
    return Rate(came, came - found.get("", 0), founded, employed)


def phase_word(phase: Phase) -> str:
    """A phase as people call it."""
    return {
        Phase.TRAINING: say("course.training"),
        Phase.INCUBATION: say("course.incubation"),
        Phase.FOLLOWING: say("course.following"),
    }[phase]


def _ask_later(session: Session, vault: Vault, course: Course, person: str, now: datetime) -> None:
    due = datetime.combine(months_after(course.told.ends_on, _ASKED_AFTER), _NINE, CHINA)
    if due + _ASKED_FOR <= now:
        return
    words = (say("course.founded"), say("course.employed"), say("course.neither"))
    ways = tuple(
        Option(f"{n} {word}", say("course.outcome_word", number=course.number, word=word))
        for n, word in enumerate(words, 1)
    )
    text = say("course.outcome", title=course.told.title)
    name = f"{key(course.number, person)}/outcome"
    whom = reminders.to_person(person)
    asking = Reminder(name, whom, Kind.SURVEY, due, due + _ASKED_FOR, text, ways)
    reminders.plan(session, vault, asking, now)


def _actor(staff: str) -> str:
    return f"staff:{staff}"[:60]
