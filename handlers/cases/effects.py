"""What is said about cases, made so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from handlers.cases.words import Verb
from outreach.cases import asking, cards, moving, publishing, serving
from outreach.cases.moving import CaseRefused
from outreach.cases.publishing import Leave
from records import audit, cases
from records.cases import NewCase, Text, Tier
from records.conversations import Overtaken
from records.database import Session
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class SayLeave:
    """Somebody says whether their story may be told, and how."""

    person_id: str
    leave: Leave
    channel: str


@dataclass(frozen=True, slots=True)
class SayServe:
    """Somebody says whether they are an ambassador."""

    person_id: str
    says_yes: bool
    channel: str


@dataclass(frozen=True, slots=True)
class AddCase:
    """A lead."""

    new: NewCase
    by: str


@dataclass(frozen=True, slots=True)
class MoveCase:
    """To another tier, or put forward as 典型."""

    number: int
    tier: Tier
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class WriteCase:
    """Another text, or another year of the return."""

    number: int
    text: Text
    by: str
    year: int | None = None


@dataclass(frozen=True, slots=True)
class StepCase:
    """A step that needs no more than its name: agreed, reviewed, held back, asked, …"""

    verb: Verb
    number: int
    by: str
    why: str = ""
    months: int = 0


@dataclass(frozen=True, slots=True)
class ReadCase:
    """Staff looked at a case: the trail says so."""

    person_id: str
    by: str


CaseEffect = SayLeave | SayServe | AddCase | MoveCase | WriteCase | StepCase | ReadCase


def apply(effect: CaseEffect, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so, in the transaction of the turn; Overtaken where it cannot be any more."""
    try:
        _do(effect, session, vault, now)
    except CaseRefused as refusal:
        raise Overtaken from refusal


def _do(effect: CaseEffect, session: Session, vault: Vault, now: datetime) -> None:
    match effect:
        case SayLeave():
            asking.answered(
                session, vault, effect.person_id, effect.leave, channel=effect.channel, now=now
            )
        case SayServe():
            serving.answered(
                session,
                vault,
                effect.person_id,
                says_yes=effect.says_yes,
                channel=effect.channel,
                now=now,
            )
        case AddCase():
            moving.add(session, vault, effect.new, by=effect.by, now=now)
        case MoveCase():
            moving.move(
                session, vault, effect.number, effect.tier, why=effect.why, by=effect.by, now=now
            )
        case WriteCase():
            moving.write(session, vault, effect.number, effect.text, by=effect.by, now=now)
            if effect.year:
                cases.change(session, effect.number, year=effect.year)
        case StepCase():
            _step(effect, session, vault, now)
        case ReadCase():
            actor = f"staff:{effect.by}"[:60]
            audit.write(session, "case.read", at=now, actor=actor, subject=effect.person_id)


def _step(effect: StepCase, session: Session, vault: Vault, now: datetime) -> None:
    number, by = effect.number, effect.by
    match effect.verb:
        case Verb.AGREE:
            moving.agree(session, vault, number, by=by, now=now)
        case Verb.REVIEW:
            moving.review(session, vault, number, by=by, now=now)
        case Verb.HOLD:
            moving.hold_back(session, vault, number, why=effect.why, by=by, now=now)
        case Verb.NOMINATE:
            moving.nominate(session, vault, number, why=effect.why, by=by, now=now)
        case _:
            _ask(effect, session, vault, now)


def _ask(effect: StepCase, session: Session, vault: Vault, now: datetime) -> None:
    case = cases.find(session, vault, effect.number)
    if case is None:
        raise Overtaken
    match effect.verb:
        case Verb.ASK:
            if asking.hindrance(session, vault, case, now):
                raise Overtaken
            asking.ask(session, vault, case, by=effect.by, now=now)
        case Verb.SERVE:
            if serving.hindrance(session, vault, case, now):
                raise Overtaken
            serving.ask(session, vault, case, months=effect.months, by=effect.by, now=now)
        case Verb.DISMISS:
            serving.dismiss(session, case, by=effect.by, now=now)
        case _:
            story = publishing.story(session, vault, case)
            if story is None:
                raise Overtaken
            cards.take(session, story, keeper=effect.by, now=now)
