"""What a turn knows of the groups that the writer keeps: counts of people, never who they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.stewards.words import page_of
from outreach.groups import placing, registry
from outreach.groups.registry import Group
from records import group_register
from records.database import Session
from records.group_register import GroupState
from records.staff_accounts import Staff
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class Kept:
    """`waiting`: how many groups staff of a county have still to place."""

    groups: tuple[Group, ...] = ()
    waiting: int = 0


NONE = Kept()


def of_talk(session: Session, vault: Vault, staff: Staff | None, texts: Sequence[str]) -> Kept:
    """The groups of the writer, where they ask for them."""
    if staff is None or not any(map(page_of, texts)):
        return NONE
    mine = tuple(registry.of_steward(session, vault, staff))
    by = placing.acting(session, staff.name)
    if by.keeper:
        return Kept(mine)
    found = group_register.in_state(group_register.known(session, vault), GroupState.WAITING)
    return Kept(mine, sum(map(by.sees, found)))
