"""Who a command acts as: one of the staff keeps to their rights, any other name is only told."""

from __future__ import annotations

from datetime import datetime

from bot.cli import CommandError
from handlers import desk
from handlers.desk import NoSuchTicket
from records import projects, rights, scope, staff_accounts
from records.database import Session
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault


def acting(session: Session, name: str, right: Right) -> Staff | None:
    """One of the staff, None where the name is nobody's; CommandError without the right."""
    everybody = staff_accounts.everybody(session, with_disabled=True)
    staff = next((one for one in everybody if one.name == name.strip()), None)
    if staff is not None and not rights.may(staff, right):
        raise CommandError(f"{staff.name}没有这项权限，什么都没有动。")
    return staff


def at_the_desk(session: Session, vault: Vault, name: str, number: str, now: datetime) -> None:
    """NoSuchTicket where a request is not theirs to read."""
    staff = acting(session, name, Right.TICKETS)
    case = desk.look_at(session, vault, number, now=now)
    if staff is not None and case is not None and not desk.may_read(session, staff, case):
        raise NoSuchTicket(number)


def of_person(session: Session, name: str, person_id: str, right: Right, now: datetime) -> None:
    """CommandError where a person is not in their reach."""
    staff = acting(session, name, right)
    if staff is not None and not rights.reaches(session, staff, person_id, now):
        raise CommandError(f"这个人不归{staff.name}负责，什么都没有动。")


def in_the_library(session: Session, name: str, number: int) -> None:
    """CommandError where a project is of another county."""
    staff, row = acting(session, name, Right.PROJECTS), projects.find(session, number)
    if staff is None or row is None:
        return
    if not scope.is_within(row.county, staff.area) and not staff.area.startswith(row.county):
        raise CommandError(f"{number}号项目不归{staff.name}负责，什么都没有动。")
