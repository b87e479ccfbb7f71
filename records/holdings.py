"""What is held of one person in small tables, for themselves to read (domain P-12)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlmodel import Session

from records.courses import CourseWish, Topic
from records.project_people import Answer, ProjectAnswer, ProjectShown
from records.projects import ProjectRow
from records.surveys import Awareness, Rating


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said to a project, and whether its owner may know of them."""

    title: str
    answer: Answer
    agrees: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Small:
    """Wishes, answers to projects and how many were shown, years of the survey, scores given."""

    wishes: tuple[Topic, ...] = ()
    said: tuple[Said, ...] = ()
    shown: int = 0
    surveyed: tuple[int, ...] = ()
    scores: tuple[tuple[str, int], ...] = ()  # number of the request, score


NOTHING = Small()
_WISHES = CourseWish.__table__  # type: ignore[attr-defined]
_ANSWERS = ProjectAnswer.__table__  # type: ignore[attr-defined]
_SHOWN = ProjectShown.__table__  # type: ignore[attr-defined]
_PROJECTS = ProjectRow.__table__  # type: ignore[attr-defined]
_SURVEYS, _RATINGS = Awareness.__table__, Rating.__table__  # type: ignore[attr-defined]


def of(session: Session, person_id: str, requests: Sequence[str]) -> Small:
    """All of it, of one person and their requests."""
    shown = select(func.count()).where(_SHOWN.c.person_id == person_id)
    years = select(_SURVEYS.c.year).where(_SURVEYS.c.person_id == person_id)
    scores = select(_RATINGS.c.ticket, _RATINGS.c.score).where(
        _RATINGS.c.ticket.in_(requests), _RATINGS.c.score.is_not(None)
    )
    return Small(
        wishes=_wishes(session, person_id),
        said=_said(session, person_id),
        shown=int(session.execute(shown).scalar() or 0),
        surveyed=tuple(session.execute(years.order_by(_SURVEYS.c.year)).scalars()),
        scores=tuple((row[0], row[1]) for row in session.execute(scores)),
    )


def _wishes(session: Session, person_id: str) -> tuple[Topic, ...]:
    query = select(_WISHES.c.topic).where(_WISHES.c.person_id == person_id)
    return tuple(Topic(topic) for topic in session.execute(query.order_by(_WISHES.c.at)).scalars())


def _said(session: Session, person_id: str) -> tuple[Said, ...]:
    query = (
        select(_PROJECTS.c.title, _ANSWERS.c.answer, _ANSWERS.c.agrees, _ANSWERS.c.at)
        .join(_PROJECTS, _PROJECTS.c.id == _ANSWERS.c.project_id)
        .where(_ANSWERS.c.person_id == person_id)
        .order_by(_ANSWERS.c.id.desc())
    )
    return tuple(Said(t, Answer(a), agrees, at) for t, a, agrees, at in session.execute(query))
