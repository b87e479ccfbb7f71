"""After a back-up was taken back: who left since then leaves again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from handlers import forgetting
from records import account_links, audit, consents, people, tickets, unasked
from records.database import Session
from records.people import Person, Status
from records.restoring import Left
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class Again:
    """How many were deleted once more, and how many have taken consent back once more."""

    erased: int
    withdrawn: int


def redo(
    session: Session,
    vault: Vault,
    left: Iterable[Left],
    *,
    since: datetime,
    counted: tuple[str, ...],
    now: datetime,
) -> Again:
    """Do it again to everybody who is here; who agreed anew before `since` stays agreed."""
    erased = withdrawn = 0
    for one in left:
        row = session.get(Person, one.person_id)
        if row is None:
            continue
        if one.act == "person.erased":
            _erase(session, vault, one, counted, now)
            erased += 1
        elif one.at >= since and row.status != Status.WITHDRAWN:
            _withdraw(session, vault, one, now)
            withdrawn += 1
    return Again(erased, withdrawn)


def _erase(
    session: Session, vault: Vault, one: Left, counted: tuple[str, ...], now: datetime
) -> None:
    _write_nothing(session, vault, one.person_id, now)
    tickets.erase_of(session, vault, person_id=one.person_id, at=now)
    forgetting.erase(session, vault, one.person_id, here="", counted=counted, at=now)
    _note(session, "person.erased", one, now)


def _withdraw(session: Session, vault: Vault, one: Left, now: datetime) -> None:
    _write_nothing(session, vault, one.person_id, now)
    consents.end(session, one.person_id, at=one.at)
    people.set_aside(session, one.person_id, at=one.at)
    _note(session, "consent.withdrawn", one, now)


def _write_nothing(session: Session, vault: Vault, person_id: str, now: datetime) -> None:
    home = people.account_of(session, person_id)
    for account in {home, *account_links.accounts_of(session, person_id)} - {""}:
        unasked.withdraw(session, vault, account, now)


def _note(session: Session, act: str, one: Left, now: datetime) -> None:
    audit.write(session, act, at=now, actor="system", subject=one.person_id, receipt=one.receipt)
