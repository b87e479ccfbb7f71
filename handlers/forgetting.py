"""Deleting a person or a talk, with all that is known of it on every account of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers import frames
from handlers.state import State
from records import (
    account_links,
    conversations,
    erasure,
    outbox,
    people,
    questions,
    stops,
    tickets,
    told,
    unasked,
    wishes,
)
from records.database import Session
from records.vault import Vault

FORGET_AFTER = timedelta(minutes=10)  # the receipt of a deletion must still arrive


def erase(
    session: Session,
    vault: Vault,
    person_id: str,
    *,
    here: str,
    counted: tuple[str, ...],
    at: datetime,
    is_wish: bool = True,
) -> None:
    """Remove a person, and the talks on their other accounts where nobody else is registered."""
    home = people.account_of(session, person_id)
    accounts = {home, *account_links.accounts_of(session, person_id)} - {"", here}
    erasure.erase(session, person_id, counted=counted, at=at, is_wish=is_wish)
    outbox.erase_about(session, person_id)  # what they wrote to helpers
    for account in sorted(accounts):
        _drop_form(session, vault, account, person_id)
    _end_all(session, vault, sorted(accounts), at)


def forget(session: Session, vault: Vault, conversation: str, *, at: datetime) -> None:
    """Nothing of a talk stays, nor of those linked to it, but messages that a job wipes later."""
    others = account_links.connected(session, conversation)
    _forget(session, vault, conversation, at)
    _end_all(session, vault, others, at)


def _end_all(session: Session, vault: Vault, accounts: Sequence[str], at: datetime) -> None:
    """Nobody speaks from these any more, unless somebody else is registered there."""
    left = people.on_accounts(session, accounts)
    for account in accounts:
        unasked.withdraw(session, vault, account, at)
        if not left[account]:
            _end(session, vault, account, at)
            _forget(session, vault, account, at)


def _forget(session: Session, vault: Vault, conversation: str, at: datetime) -> None:
    unasked.withdraw(session, vault, conversation, at)
    tickets.erase_of(session, vault, conversation=conversation, at=at)
    erasure.forget_helper(session, conversation)
    questions.forget_asker(session, conversation)
    told.erase(session, conversation)
    account_links.erase_account(session, conversation)
    stops.allow(session, (conversation,))
    wishes.erase(session, conversation)


def _drop_form(session: Session, vault: Vault, account: str, person_id: str) -> None:
    """Nobody goes on correcting a record that is gone."""
    talk = conversations.load(session, [account]).get(account)
    if talk is not None:
        state = frames.without_person(State.from_dict(vault.open(talk.state)), person_id)
        sealed = vault.seal(state.as_dict())
        conversations.put(session, account, talk.version, state=sealed, has_draft=True)


def _end(session: Session, vault: Vault, account: str, at: datetime) -> None:
    """A talk that nobody is in at this moment knows nothing any more, and will be gone."""
    talk = conversations.load(session, [account]).get(account)
    if talk is not None:
        sealed = vault.seal(State().as_dict())
        due = at + FORGET_AFTER
        conversations.put(session, account, talk.version, state=sealed, forget_at=due)
