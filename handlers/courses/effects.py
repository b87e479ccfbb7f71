"""What is said about courses, made so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from outreach.courses import attending, booking
from outreach.courses.attending import Phase
from outreach.courses.booking import CourseRefused
from records import audit, courses
from records.conversations import Overtaken
from records.courses import Course, Outcome, Seat, Topic
from records.database import Session
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class Join:
    """Somebody signs up, or takes the seat that came free; `told` is what they were told."""

    course: int
    person_id: str
    told: Seat
    is_offer: bool = False


@dataclass(frozen=True, slots=True)
class Leave:
    """Somebody does not come, or does not want the seat."""

    course: int
    person_id: str


@dataclass(frozen=True, slots=True)
class WishCourse:
    """Somebody would like to learn something."""

    person_id: str
    topic: Topic
    area: str


@dataclass(frozen=True, slots=True)
class TellOutcome:
    """Somebody says what came of a course."""

    course: int
    person_id: str
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class ReadRoster:
    """Staff looked at who takes part."""

    course: int
    by: str


@dataclass(frozen=True, slots=True)
class MarkAttendance:
    """Staff say who came."""

    course: Course
    came: tuple[str, ...]
    absent: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class FinishPhase:
    """Staff say that a phase of a programme is done."""

    course: Course
    phase: Phase
    by: str


CourseEffect = Join | Leave | WishCourse | TellOutcome | ReadRoster | MarkAttendance | FinishPhase


def apply(effect: CourseEffect, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so, in the transaction of the turn."""
    match effect:
        case Join():
            _join(effect, session, vault, now)
        case Leave():
            booking.call_off(session, vault, effect.course, effect.person_id, now)
        case WishCourse():
            courses.wish(session, effect.person_id, effect.topic, effect.area, now)
        case TellOutcome():
            courses.tell_outcome(session, effect.course, effect.person_id, effect.outcome, at=now)
        case ReadRoster():
            actor, subject = f"staff:{effect.by}"[:60], f"course:{effect.course}"
            audit.write(session, "course.roster_read", at=now, actor=actor, subject=subject)
        case MarkAttendance():
            attending.mark(
                session,
                vault,
                effect.course,
                came=effect.came,
                absent=effect.absent,
                by=effect.by,
                now=now,
            )
        case FinishPhase():
            attending.finish(session, effect.course, effect.phase, by=effect.by, now=now)


def _join(effect: Join, session: Session, vault: Vault, now: datetime) -> None:
    """Overtaken where somebody else took the last seat since we looked."""
    take = booking.accept if effect.is_offer else booking.sign_up
    try:
        seat = take(session, vault, effect.course, effect.person_id, now)
    except CourseRefused as refusal:
        raise Overtaken from refusal
    if seat is not effect.told:
        raise Overtaken
