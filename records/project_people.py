"""What people were shown of projects, what they said to it, and whom owners may learn of."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Index, func, select, update
from sqlmodel import Field, Session, SQLModel

from records.consents import PUSH, Consent
from records.dialect import insert_or_ignore
from records.people import Person, Status
from records.projects import ProjectRow
from records.push_days import PushDay
from records.types import BigId, Json, UtcDateTime


class Way(StrEnum):
    """How a project came before somebody."""

    CHAT = "chat"
    PUSH = "push"


class Answer(StrEnum):
    """What somebody said to it."""

    INTERESTED = "interested"
    REFUSED = "refused"


class ProjectShown(SQLModel, table=True):
    """One showing: to whom, how, and with which reasons (domain P-10)."""

    __tablename__ = "project_shown"
    __table_args__ = (Index("ix_project_shown_lately", "project_id", "at", "person_id"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    person_id: str = Field(max_length=24, index=True)
    project_id: int = Field(sa_column=Column(BigId, nullable=False))
    way: str = Field(max_length=6)
    reasons: list[Any] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    at: datetime = Field(sa_type=UtcDateTime)


class ProjectAnswer(SQLModel, table=True):
    """Somebody wants to know more of a project, or does not; each once.

    `agrees`: its owner may learn who they are; `owner_agrees`: the owner said yes to them.
    """

    __tablename__ = "project_answer"
    __table_args__ = (
        Index("ix_project_answer_once", "person_id", "project_id", "answer", unique=True),
    )

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    person_id: str = Field(max_length=24)
    project_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    answer: str = Field(max_length=12)
    category: str = Field(max_length=20)
    agrees: bool = False
    owner_agrees: bool = False
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Showing:
    """What was shown to somebody."""

    person_id: str
    project: int
    reasons: Sequence[Mapping[str, Any]] = ()


@dataclass(frozen=True, slots=True)
class Interested:
    """Somebody who wants to know more of a project."""

    id: int
    person_id: str
    project: int
    agrees: bool
    owner_agrees: bool
    at: datetime

    @property
    def is_mutual(self) -> bool:
        """Whether both said yes, so that names may be named."""
        return self.agrees and self.owner_agrees


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be written to about projects, as far as a ranking may know them."""

    person_id: str
    account: str
    area: str
    town: str
    codes: Mapping[str, Any]


_SHOWN, _ANSWERS = ProjectShown.__table__, ProjectAnswer.__table__  # type: ignore[attr-defined]
_PEOPLE, _DAYS = Person.__table__, PushDay.__table__  # type: ignore[attr-defined]
_PROJECTS = ProjectRow.__table__  # type: ignore[attr-defined]
_CONSENTS = Consent.__table__  # type: ignore[attr-defined]


def note_shown(session: Session, shown: Sequence[Showing], way: Way, at: datetime) -> None:
    """Keep what was shown, with the reasons that were told."""
    rows = [
        {
            "person_id": one.person_id,
            "project_id": one.project,
            "way": way.value,
            "reasons": list(one.reasons),
            "at": at,
        }
        for one in shown
    ]
    if rows:
        session.connection().execute(_SHOWN.insert(), rows)


def exposure(
    session: Session,
    since: datetime,
    *,
    but: Collection[str] = (),
    counties: Collection[str] | None = None,
    least: int = 1,
) -> dict[str, int]:
    """To how many people each project was shown since then; `but` are not counted.

    Only projects of these counties (None: of all), and that were shown `least` times or more.
    """
    lately = [_SHOWN.c.at >= since]
    if counties is not None:
        of_these = select(_PROJECTS.c.id).where(_PROJECTS.c.county.in_(counties))
        lately.append(_SHOWN.c.project_id.in_(of_these))
    often = select(_SHOWN.c.project_id).where(*lately).group_by(_SHOWN.c.project_id)
    if least > 1:
        lately.append(_SHOWN.c.project_id.in_(often.having(func.count() >= least)))
    if but:
        lately.append(_SHOWN.c.person_id.not_in(but))
    people = func.count(func.distinct(_SHOWN.c.person_id))
    query = select(_SHOWN.c.project_id, people).where(*lately).group_by(_SHOWN.c.project_id)
    return {str(row[0]): row[1] for row in session.connection().execute(query)}


def pushed(session: Session, person_ids: Collection[str]) -> dict[str, list[tuple[str, datetime]]]:
    """The projects that were pushed to each of these, and when."""
    query = select(_SHOWN.c.person_id, _SHOWN.c.project_id, _SHOWN.c.at).where(
        _SHOWN.c.person_id.in_(person_ids), _SHOWN.c.way == Way.PUSH.value
    )
    found: dict[str, list[tuple[str, datetime]]] = {}
    for person_id, project, at in session.execute(query):
        found.setdefault(person_id, []).append((str(project), at))
    return found


def answer(
    session: Session, person_id: str, project: int, said: Answer, *, category: str, at: datetime
) -> None:
    """Somebody said yes or no to a project."""
    row = {
        "person_id": person_id,
        "project_id": project,
        "answer": said.value,
        "category": category,
        "agrees": False,
        "owner_agrees": False,
        "at": at,
    }
    once = insert_or_ignore(session, _ANSWERS, ["person_id", "project_id", "answer"])
    session.connection().execute(once, [row])


def agree(session: Session, person_id: str, project: int, *, yes: bool) -> None:
    """Whether the owner of a project may learn who is interested."""
    mine = (_ANSWERS.c.person_id == person_id, _ANSWERS.c.project_id == project)
    session.execute(update(_ANSWERS).where(*mine).values(agrees=yes))


def owner_agrees(session: Session, answer_id: int) -> None:
    """The owner of a project said yes to one who is interested."""
    session.execute(update(_ANSWERS).where(_ANSWERS.c.id == answer_id).values(owner_agrees=True))


def refusals(
    session: Session, person_ids: Collection[str], since: datetime
) -> dict[str, list[tuple[str, datetime]]]:
    """The lines that each of these waved away since then, once for each project."""
    query = select(_ANSWERS.c.person_id, _ANSWERS.c.category, _ANSWERS.c.at).where(
        _ANSWERS.c.person_id.in_(person_ids),
        _ANSWERS.c.answer == Answer.REFUSED.value,
        _ANSWERS.c.at >= since,
    )
    found: dict[str, list[tuple[str, datetime]]] = {}
    for person_id, category, at in session.execute(query):
        found.setdefault(person_id, []).append((category, at))
    return found


def refused_projects(session: Session, person_ids: Collection[str]) -> set[str]:
    """The projects that one of these said no to."""
    query = select(_ANSWERS.c.project_id).where(
        _ANSWERS.c.person_id.in_(person_ids), _ANSWERS.c.answer == Answer.REFUSED.value
    )
    return {str(one) for one in session.execute(query).scalars()}


def interested(session: Session, projects: Collection[int]) -> list[Interested]:
    """Who wants to know more of these projects, the first to say so first."""
    query = select(_ANSWERS).where(
        _ANSWERS.c.project_id.in_(projects), _ANSWERS.c.answer == Answer.INTERESTED.value
    )
    return [
        Interested(row.id, row.person_id, row.project_id, row.agrees, row.owner_agrees, row.at)
        for row in session.execute(query.order_by(_ANSWERS.c.id))
    ]


def candidate_areas(session: Session) -> list[str]:
    """The places that registered people come from."""
    query = select(_PEOPLE.c.area).where(_PEOPLE.c.area != "", _PEOPLE.c.account != "")
    return sorted(session.execute(query.distinct()).scalars())


def candidates(session: Session, area: str) -> list[Candidate]:
    """Who of a county is registered by themselves, agreed to pushes and to be looked at."""
    agreed = select(_CONSENTS.c.person_id).where(
        _CONSENTS.c.kind == PUSH, _CONSENTS.c.given.is_(True), _CONSENTS.c.ended_at.is_(None)
    )
    columns = (_PEOPLE.c.id, _PEOPLE.c.account, _PEOPLE.c.area, _PEOPLE.c.town, _PEOPLE.c.codes)
    query = select(*columns).where(
        _PEOPLE.c.area == area,
        _PEOPLE.c.status == Status.CONFIRMED.value,
        _PEOPLE.c.account != "",
        _PEOPLE.c.is_personal.is_(True),
        _PEOPLE.c.id.in_(agreed),
    )
    return [Candidate(*row) for row in session.execute(query.order_by(_PEOPLE.c.id))]


def lately_recommended(session: Session, since: datetime) -> set[str]:
    """Accounts and people to whom something was recommended since then."""
    query = select(_DAYS.c.who).where(_DAYS.c.is_batch.is_(True), _DAYS.c.day >= since)
    return set(session.execute(query).scalars())


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records became one: what the first was shown and said, the second was and did."""
    session.execute(update(_SHOWN).where(_SHOWN.c.person_id == gone).values(person_id=kept))
    query = select(ProjectAnswer).where(_ANSWERS.c.person_id == gone)
    for row in session.execute(query).scalars():
        values = row.model_dump(exclude={"id"}) | {"person_id": kept}
        once = insert_or_ignore(session, _ANSWERS, ["person_id", "project_id", "answer"])
        session.connection().execute(once, [values])
