"""What helpers' lines cause, and what follows when somebody registers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from outreach.helping import assigning, calling, ledger, relaying
from outreach.helping.relaying import Passage
from records import audit, helping, visits
from records.assignments import Assigned, Help
from records.database import Session
from records.vault import Vault
from records.visits import Told


@dataclass(frozen=True, slots=True)
class LogVisit:
    """A helper told of a contact with one of theirs."""

    dossier: Assigned
    told: Told
    next_on: date | None


@dataclass(frozen=True, slots=True)
class TakeBackVisit:
    """What a helper told last was wrong."""

    visit: int
    person_id: str


@dataclass(frozen=True, slots=True)
class ReadDossier:
    """A helper looked at somebody's dossier: the trail says so."""

    dossier: Assigned


@dataclass(frozen=True, slots=True)
class ChooseHelper:
    """A person picked who is to help them."""

    person_id: str
    helper: str
    help: Help


@dataclass(frozen=True, slots=True)
class PassOn:
    """A helper's words go to one of theirs."""

    dossier: Assigned
    text: str
    through: Passage


@dataclass(frozen=True, slots=True)
class AnswerHelper:
    """A person's words go to their helper; `name` is what the person is called."""

    given: Assigned
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class AskedPhone:
    """A person was asked whether the helper may see their number."""

    given: Assigned


@dataclass(frozen=True, slots=True)
class AllowPhone:
    """A person says whether the helper may see their number."""

    given: Assigned
    is_shown: bool


@dataclass(frozen=True, slots=True)
class StopHelper:
    """A person says whether the helper may write to them through us."""

    given: Assigned
    is_stopped: bool


RelayEffect = PassOn | AnswerHelper | AskedPhone | AllowPhone | StopHelper
HelpingEffect = LogVisit | TakeBackVisit | ReadDossier | ChooseHelper | RelayEffect


def apply(effect: HelpingEffect, session: Session, vault: Vault, now: datetime) -> None:
    """Make it so, in the transaction of the turn."""
    match effect:
        case LogVisit():
            calling.tell(
                session, vault, effect.dossier, effect.told, next_on=effect.next_on, now=now
            )
        case TakeBackVisit():
            visits.take_back(session, effect.visit)
            audit.write(session, "visit.taken_back", at=now, subject=effect.person_id)
        case ReadDossier():
            actor = f"staff:{effect.dossier.helper}"[:60]
            subject = effect.dossier.person_id
            audit.write(session, "dossier.read", at=now, actor=actor, subject=subject)
        case ChooseHelper():
            person = helping.by_id(session, [effect.person_id]).get(effect.person_id)
            if person is not None:
                assigning.choose(session, vault, person, effect.helper, effect.help, now)
        case _:
            _relay(effect, session, vault, now)


def _relay(effect: RelayEffect, session: Session, vault: Vault, now: datetime) -> None:
    match effect:
        case PassOn():
            relaying.pass_on(session, vault, effect.dossier, effect.text, effect.through, now)
        case AnswerHelper():
            given = effect.given
            relaying.answer(session, vault, given, effect.name, effect.text, now)
        case AskedPhone():
            relaying.asked(session, effect.given, now)
        case AllowPhone():
            relaying.allow_phone(session, vault, effect.given, effect.is_shown, now)
        case StopHelper():
            relaying.stop(session, effect.given, effect.is_stopped, now)


def registered(
    session: Session, vault: Vault, person_id: str, said: Collection[str], now: datetime
) -> None:
    """Somebody registered, or said something new: the ledger follows, and who helps them."""
    ledger.follow(session, vault, person_id, said, now)
    person = helping.wanting(session, person_id)
    if person is not None and person.area:
        assigning.welcome(session, vault, person, now)
