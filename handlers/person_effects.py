"""What a turn causes in the register of people: entered, adopted, corrected, consents noted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.helping import effects as helping_effects
from handlers.link_effects import Where
from outreach import returning
from records import account_links, audit, consents, people
from records.consents import Said
from records.database import Session
from records.people import Entered
from registry import villages, whereabouts


@dataclass(frozen=True, slots=True)
class SaveProfile:
    """A person is registered under this account."""

    person_id: str
    entered: Entered


@dataclass(frozen=True, slots=True)
class SaveProxy:
    """Something is left for somebody else, who must confirm it."""

    person_id: str
    entered: Entered


@dataclass(frozen=True, slots=True)
class AdoptProfile:
    """A record that others entered becomes this person's own, with what they say of themselves."""

    person_id: str
    entered: Entered


@dataclass(frozen=True, slots=True)
class CorrectProfile:
    """Answers of a registered person change."""

    person_id: str
    entered: Entered


@dataclass(frozen=True, slots=True)
class NoteConsent:
    """A yes or no apart from the form."""

    person_id: str
    said: Said


PersonEffect = SaveProfile | SaveProxy | AdoptProfile | CorrectProfile | NoteConsent


def apply(effect: PersonEffect, session: Session, where: Where) -> None:
    """Make it so, in the transaction of the turn."""
    match effect:
        case SaveProfile():
            _save(effect, session, where)
        case SaveProxy():
            _leave_for(effect, session, where)
        case AdoptProfile():
            _adopt(effect, session, where)
        case CorrectProfile():
            _correct(effect, session, where)
        case NoteConsent():
            _note(session, where, effect.person_id, (effect.said,))


def _save(effect: SaveProfile, session: Session, where: Where) -> None:
    people.enter(
        session,
        where.vault,
        effect.person_id,
        effect.entered,
        at=where.now,
        account=where.account,
    )
    villages.lodge(session, where.vault, effect.person_id)
    whereabouts.settle(session, where.vault, effect.person_id)
    returning.settle(session, where.vault, effect.person_id, where.now)
    account_links.settle(session, where.account, effect.person_id)
    _note(session, where, effect.person_id, effect.entered.said)
    audit.write(session, "person.saved", at=where.now, subject=effect.person_id)
    _follow(effect, session, where)


def _leave_for(effect: SaveProxy, session: Session, where: Where) -> None:
    people.enter(
        session,
        where.vault,
        effect.person_id,
        effect.entered,
        at=where.now,
        entered_by=where.account,
    )
    villages.lodge(session, where.vault, effect.person_id)
    whereabouts.settle(session, where.vault, effect.person_id)
    returning.settle(session, where.vault, effect.person_id, where.now)
    audit.write(session, "person.left_for", at=where.now, subject=effect.person_id)


def _adopt(effect: AdoptProfile, session: Session, where: Where) -> None:
    _note(session, where, effect.person_id, effect.entered.said)
    correct(effect.person_id, effect.entered, session, where)
    people.adopt(session, effect.person_id, account=where.account, at=where.now)
    account_links.settle(session, where.account, effect.person_id)
    audit.write(session, "person.adopted", at=where.now, subject=effect.person_id)
    _follow(effect, session, where)


def _correct(effect: CorrectProfile, session: Session, where: Where) -> None:
    _note(session, where, effect.person_id, effect.entered.said)
    correct(effect.person_id, effect.entered, session, where)
    audit.write(session, "person.corrected", at=where.now, subject=effect.person_id)
    _follow(effect, session, where)


def correct(person_id: str, entered: Entered, session: Session, where: Where) -> None:
    """Change answers; home, whereabouts and the day of the return follow in codes."""
    people.correct(session, where.vault, person_id, entered, at=where.now)
    if villages.HOMES & entered.values().keys():
        villages.lodge(session, where.vault, person_id)
    if whereabouts.SAID & entered.values().keys():
        whereabouts.settle(session, where.vault, person_id)
    if returning.SAID & entered.values().keys():
        returning.settle(session, where.vault, person_id, where.now)


def _follow(
    effect: SaveProfile | AdoptProfile | CorrectProfile, session: Session, where: Where
) -> None:
    """What comes of what they told: somebody who helps, and the ledger."""
    said = effect.entered.values()
    helping_effects.registered(session, where.vault, effect.person_id, said, where.now)


def _note(session: Session, where: Where, person_id: str, said: Sequence[Said]) -> None:
    consents.note(session, person_id, said, channel=where.channel)
