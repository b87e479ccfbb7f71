"""What talk about projects causes: showings, answers, consents, projects of people's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from records import audit, project_people, projects
from records.database import Session
from records.project_people import Answer, Showing, Way
from records.vault import Vault
from registry.offers import Owned


@dataclass(frozen=True, slots=True)
class ShowProject:
    """Somebody registered was shown a project, for these reasons."""

    person_id: str
    project: int
    reasons: Sequence[Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class AnswerProject:
    """Somebody registered wants to know more of it, or does not."""

    person_id: str
    project: int
    answer: Answer
    category: str


@dataclass(frozen=True, slots=True)
class AgreeToOwner:
    """Whether the owner may learn of the interest."""

    person_id: str
    project: int
    yes: bool


@dataclass(frozen=True, slots=True)
class SubmitProject:
    """Somebody told us of a project of theirs: a draft."""

    owned: Owned


@dataclass(frozen=True, slots=True)
class MeetInterested:
    """The owner of a project said yes to one who is interested."""

    answer: int
    project: int


ProjectEffect = ShowProject | AnswerProject | AgreeToOwner | SubmitProject | MeetInterested


def apply(effect: ProjectEffect, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so, in the transaction of the turn."""
    match effect:
        case ShowProject():
            shown = Showing(effect.person_id, effect.project, effect.reasons)
            project_people.note_shown(session, [shown], Way.CHAT, now)
        case AnswerProject():
            project_people.answer(
                session,
                effect.person_id,
                effect.project,
                effect.answer,
                category=effect.category,
                at=now,
            )
        case AgreeToOwner():
            project_people.agree(session, effect.person_id, effect.project, yes=effect.yes)
            act = "project.owner_may_know" if effect.yes else "project.owner_may_not"
            audit.write(session, act, at=now, subject=effect.person_id)
        case SubmitProject():
            projects.add(session, vault, effect.owned.entered(), by="person", at=now)
        case MeetInterested():
            project_people.owner_agrees(session, effect.answer)
            subject = f"project:{effect.project}"
            audit.write(session, "project.met", at=now, subject=subject)
