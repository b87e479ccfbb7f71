"""What follows when somebody of the staff changes or leaves: dossiers and requests go on."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field, replace
from datetime import datetime

from handlers import requests
from handlers.tokens import receipt
from outreach.helping import assigning
from outreach.helping.assigning import HandedOver
from records import staff_accounts
from records.database import Session
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault

_CODE_HEAD, _CODE_LENGTH = "YG", 8


@dataclass(frozen=True, slots=True)
class Left:
    """What went to others: dossiers by helper, and the numbers of requests."""

    over: HandedOver = field(default_factory=lambda: HandedOver({}, 0))
    tickets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Doing:
    """Who does it, when, and the group that alerts go to."""

    actor: str
    now: datetime
    robot: str = ""


def change(
    session: Session, vault: Vault, name: str, role: StaffRole, area: str | None, doing: Doing
) -> Left:
    """Another role or area; what they may not look after any more goes to others."""
    before, now = staff_accounts.named(session, name), doing.now
    staff_accounts.change(session, name, role=role, area=area, at=now, actor=doing.actor)
    is_other = role is not before.role
    over = hand_over(session, vault, name, doing) if is_other else Left().over
    after = staff_accounts.named(session, name)
    return Left(over, _handed_back(session, vault, after, doing))


def disable(session: Session, vault: Vault, name: str, doing: Doing) -> Left:
    """They work here no more: nothing opens to them, others go on with all of theirs."""
    accounts = staff_accounts.named(session, name).accounts
    staff_accounts.disable(session, name, at=doing.now, actor=doing.actor)
    over = hand_over(session, vault, name, doing)
    gone = replace(staff_accounts.named(session, name), accounts=accounts)
    return Left(over, _handed_back(session, vault, gone, doing))


def hand_over(session: Session, vault: Vault, name: str, doing: Doing, to: str = "") -> HandedOver:
    """All dossiers of somebody go to others, or to this one."""
    return assigning.hand_over(session, vault, name, to=to, actor=doing.actor, now=doing.now)


def new_code() -> str:
    """A code that binds the account it is sent from: signs that nobody mistakes."""
    signs = receipt(secrets.token_hex(8), "a") + receipt(secrets.token_hex(8), "b")
    return _CODE_HEAD + signs[:_CODE_LENGTH]


def _handed_back(session: Session, vault: Vault, one: Staff, doing: Doing) -> tuple[str, ...]:
    return tuple(requests.hand_back(session, vault, one, robot=doing.robot, now=doing.now))
