"""What every command of `guiyan privacy` begins with: the store, and who acts."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from bot.cli import CommandError
from bot.commands.in_store import Work, printed
from bot.settings import Settings
from handlers.desk import Clerk, NoSuchTicket
from handlers.privacy_desk import RequestRefused
from outreach.privacy.incidents import IncidentRefused
from outreach.privacy.retention import RetentionRefused
from outreach.privacy.service_end import EndRefused
from records import people, rights, scope, staff_accounts
from records.database import Session
from records.incidents import ExportsFrozen
from records.permits import PermitRefusal
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault

_REFUSALS = (
    RequestRefused,
    IncidentRefused,
    RetentionRefused,
    EndRefused,
    ExportsFrozen,
    PermitRefusal,
    NoSuchTicket,
)


def done(options: argparse.Namespace, settings: Settings, work: Work) -> int:
    """Do it and print its lines; each refusal is one sentence."""
    try:
        return printed(options, settings, work)
    except _REFUSALS as refusal:
        raise CommandError(str(refusal)) from refusal


def officer(session: Session, options: argparse.Namespace) -> Staff:
    """Who acts; CommandError unless personal information is theirs to look after."""
    staff = staff_accounts.named(session, options.staff)
    if not rights.may(staff, Right.PRIVACY):
        raise CommandError(
            f"{options.staff} does not look after personal information: a county's staff do"
        )
    return staff


def in_charge(session: Session, options: argparse.Namespace) -> Staff:
    """Who acts on the service as a whole: an officer of no single area."""
    staff = officer(session, options)
    if staff.area:
        raise CommandError(f"{staff.name} looks after {staff.area} only: this is about everything")
    return staff


def clerk(session: Session, options: argparse.Namespace) -> Clerk:
    """The same, as the trail and the person know them."""
    staff = officer(session, options)
    return Clerk(staff.name, staff.name)


def person_with(session: Session, vault: Vault, phone: str, staff: Staff) -> str:
    """The one person in their reach who is registered with this phone."""
    found = people.with_phone(session, vault, [phone]).get(phone, ())
    own = [p.id for p in found if scope.may_see_person(session, staff.area, p.id)]
    if len(own) != 1:
        raise CommandError(
            f"{len(own)} people are registered with …{phone[-4:]} where {staff.name} looks after"
        )
    return own[0]


def kept(path: Path, content: bytes) -> None:
    """Write a file that only its owner may read; CommandError where it cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(path, "wb", opener=_private) as file:
            file.write(content)
    except OSError as fault:
        raise CommandError(f"{path} cannot be written: {fault.strerror}") from fault


def _private(name: str, flags: int) -> int:
    return os.open(name, flags, 0o600)
