"""What a turn causes between accounts: codes, links, one record of two, a talk taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from handlers import frames, linked
from handlers.linked import Wish
from handlers.state import State
from records import (
    account_links,
    ambassadors,
    applications,
    assignments,
    audit,
    cases,
    checklists,
    consents,
    conversations,
    courses,
    entities,
    erasure,
    events,
    home_stays,
    incidents,
    outbox,
    people,
    person_facts,
    project_people,
    projects,
    relays,
    reminders,
    report_versions,
    standings,
    surveys,
    sweeps,
    tags,
    tickets,
    unasked,
    visits,
    wishes,
)
from records.account_links import CODE_LIFE, Link, Offer, Proof
from records.database import Session
from records.messages import Priority
from records.outbox import NewOutgoing
from records.people import Entered
from records.vault import Vault
from registry import villages, whereabouts


@dataclass(frozen=True, slots=True)
class ShowCode:
    """A code was shown here, for one of the people of this account or whoever registers first."""

    code: str
    person_id: str = ""


@dataclass(frozen=True, slots=True)
class LinkAccount:
    """`account` speaks for a person from now on; the others of theirs are told.

    `shown_on` is where the code was shown, "" after another proof; `home` is for a person who is
    yet to register.
    """

    account: str
    person_id: str
    home: str
    code: str = ""
    shown_on: str = ""
    notice: str = ""


@dataclass(frozen=True, slots=True)
class BelieveProof:
    """A code, or a number and a name, led to somebody."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class FailProof:
    """A code, or a number and a name, led nowhere."""

    wish: Wish


@dataclass(frozen=True, slots=True)
class MergeProfiles:
    """One person had two records: `kept` takes what it lacks from `gone`."""

    kept: str
    gone: str
    entered: Entered
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class UnlinkAccount:
    """`account` speaks for a person no more; `home` is where they are registered then."""

    account: str
    person_id: str
    home: str


@dataclass(frozen=True, slots=True)
class TakeOver:
    """The talk of another account goes on here; `left` is what stays there."""

    account: str
    version: int
    left: State


LinkEffect = (
    ShowCode | LinkAccount | BelieveProof | FailProof | MergeProfiles | UnlinkAccount | TakeOver
)


# What is about the record that is given up is about the kept one from then on.
_HAND_ON = (
    tickets.hand_on,
    wishes.hand_on,
    applications.hand_on,
    entities.hand_on,
    projects.hand_on,
    project_people.hand_on,
    sweeps.hand_on,
    home_stays.hand_on,
    standings.hand_on,
    courses.hand_on,
    events.hand_on,
    surveys.hand_on,
    relays.hand_on,
    reminders.hand_on,
    report_versions.hand_on,
    cases.hand_on,
    ambassadors.hand_on,
    checklists.hand_on,
    tags.hand_on,
    incidents.hand_on,
)


@dataclass(frozen=True, slots=True)
class Where:
    """Where and when a turn took place."""

    account: str
    channel: str
    now: datetime
    vault: Vault


def apply(effect: LinkEffect, session: Session, where: Where) -> None:
    """Make it so, in the transaction of the turn."""
    match effect:
        case ShowCode():
            offer = Offer(where.account, effect.person_id, where.now + CODE_LIFE)
            key = linked.code_print(where.vault, effect.code)
            account_links.show(session, key, offer, where.now)
        case LinkAccount():
            _link(effect, session, where)
        case BelieveProof():
            counted = linked.tries(where.vault, where.account, effect.wish)
            account_links.still_believed(session, counted, where.now)
            account_links.forget_untried(session, counted)
        case FailProof():
            counted = linked.tries(where.vault, where.account, effect.wish)
            account_links.still_believed(session, counted, where.now)
            account_links.fail(session, counted, where.now)
        case MergeProfiles():
            _merge(effect, session, where)
        case UnlinkAccount():
            _unlink(effect, session, where)
        case TakeOver():
            sealed = where.vault.seal(effect.left.as_dict())
            conversations.put(session, effect.account, effect.version, state=sealed)


def _link(effect: LinkAccount, session: Session, where: Where) -> None:
    home = people.account_of(session, effect.person_id) if effect.person_id else effect.home
    if effect.code:
        key = linked.code_print(where.vault, effect.code)
        account_links.redeem(session, key, where.now)
    known = account_links.of_people(session, [effect.person_id]) if effect.person_id else []
    proof = _proof(effect, known)
    new = Link(effect.account, effect.person_id, home, proof, where.now)
    account_links.link(session, new)
    account_links.forgive(session, where.account)
    if effect.person_id and effect.account != where.account:
        _needs_no_form(session, effect.account, where)
    told = {home, effect.shown_on, *(one.account for one in known)} - {"", where.account}
    _tell(session, sorted(told), effect, where)
    audit.write(session, "account.linked", at=where.now, subject=effect.person_id)


def _needs_no_form(session: Session, account: str, where: Where) -> None:
    """Who turns out to be registered is not registered once more by the form begun there."""
    talk = conversations.load(session, [account]).get(account)
    if talk is not None:
        state = frames.without_first(State.from_dict(where.vault.open(talk.state)))
        sealed = where.vault.seal(state.as_dict())
        conversations.put(session, account, talk.version, state=sealed, has_draft=True)


def _proof(effect: LinkAccount, known: Sequence[Link]) -> Proof:
    """A code is worth no more than what the account that showed it had proved itself."""
    if not effect.code:
        return Proof.PHONE
    weak = {one.account for one in known if one.proof is Proof.PHONE}
    return Proof.PHONE if {effect.shown_on, effect.home} & weak else Proof.CODE


def _tell(session: Session, accounts: Sequence[str], effect: LinkAccount, where: Where) -> None:
    messages = []
    for account in accounts:
        channel, chat = account.split(":", 1)
        name = where.vault.fingerprint(f"{effect.account}/{effect.person_id}/{account}")[:40]
        messages.append(
            NewOutgoing(
                channel=channel,
                chat=chat,
                dedupe_key=f"link/{name}/{where.now:%Y%m%d%H%M%S}",
                payload=outbox.sealed_content(where.vault, effect.notice, kind="notice"),
                due=where.now,
                priority=Priority.NOTICE.value,
            )
        )
    outbox.enqueue(session, messages)


def _merge(effect: MergeProfiles, session: Session, where: Where) -> None:
    home = people.account_of(session, effect.kept)
    consents.note(session, effect.kept, effect.entered.said, channel=where.channel)
    people.correct(session, where.vault, effect.kept, effect.entered, at=where.now)
    villages.lodge(session, where.vault, effect.kept)
    whereabouts.settle(session, where.vault, effect.kept)
    if effect.facts:
        person_facts.keep(session, effect.kept, effect.facts, at=where.now)
    for hand_on in _HAND_ON:
        hand_on(session, effect.gone, effect.kept)
    assignments.hand_on(session, effect.gone, effect.kept, where.now)
    visits.hand_on(session, effect.gone, effect.kept, where.now)
    account_links.hand_on(session, effect.gone, effect.kept, home)
    erasure.erase(session, effect.gone, counted=(), at=where.now)
    audit.write(session, "person.merged", at=where.now, subject=effect.kept)


def _unlink(effect: UnlinkAccount, session: Session, where: Where) -> None:
    known = account_links.of_people(session, [effect.person_id])
    link = next((one for one in known if one.account == effect.account), None)
    if link is None and effect.person_id:  # the account that they are registered under
        account_links.move_home(session, effect.person_id, effect.home)
        people.move(session, effect.person_id, effect.home, at=where.now)
    else:
        account_links.unlink(session, effect.account, effect.person_id)
    unasked.withdraw(session, where.vault, effect.account, where.now)
    if effect.account != where.account:
        is_stranger = link is not None and link.proof is Proof.PHONE
        _leave_nothing(session, effect, where, is_stranger=is_stranger)
    audit.write(session, "account.unlinked", at=where.now, subject=effect.person_id)


def _leave_nothing(
    session: Session, effect: UnlinkAccount, where: Where, *, is_stranger: bool
) -> None:
    """What the other account was in the midst of doing to the record ends there too.

    Moved on in any case, so that a turn which knows the record still must be done again.
    """
    talk = conversations.load(session, [effect.account]).get(effect.account)
    if is_stranger:  # proved by what others may know: not believed again so soon
        patience = account_links.ACCOUNT
        tries = {effect.account: patience}
        account_links.fail(session, tries, where.now, count=patience.most)
    if talk is None:
        return
    state = State.from_dict(where.vault.open(talk.state))
    left = State() if is_stranger else frames.without_person(state, effect.person_id)
    sealed = where.vault.seal(left.as_dict())
    conversations.put(
        session, effect.account, talk.version, state=sealed, has_draft=not is_stranger
    )
