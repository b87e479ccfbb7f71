"""What a turn knows of groups: those the writer keeps, those that wait; people only counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from handlers.stewards.reading import Read, read
from handlers.stewards.words import Place, asks_waiting, page_of, place_of
from outreach.groups import placing, registry
from outreach.groups.placing import By, GroupRefused, NoSuchGroup
from outreach.groups.registry import Group
from records import group_register, staff_accounts
from records.database import Session
from records.group_register import GroupState, Known
from records.scope import is_local
from records.staff_accounts import Staff
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class Told:
    """What staff of a county say of one group; `refused` says why it cannot be."""

    number: int
    read: Read
    refused: str = ""
    is_known: bool = True


@dataclass(frozen=True, slots=True)
class Kept:
    """`waiting`: the groups that staff of a county have still to place."""

    groups: tuple[Group, ...] = ()
    waiting: tuple[Known, ...] = ()
    told: Told | None = None


NONE = Kept()


def of_talk(session: Session, vault: Vault, staff: Staff | None, texts: Sequence[str]) -> Kept:
    """The groups of the writer, those that wait, or the one that a line is about."""
    if staff is None:
        return NONE
    place = next((line for text in texts if (line := place_of(text))), None)
    if place is None and not any(page_of(text) or asks_waiting(text) for text in texts):
        return NONE
    by = placing.acting(session, staff.name)
    if place is not None:
        return Kept(told=_told(session, vault, place, staff, by))
    mine = tuple(registry.of_steward(session, vault, staff))
    if by.keeper:
        return Kept(mine)
    found = group_register.in_state(group_register.known(session, vault), GroupState.WAITING)
    return Kept(mine, tuple(filter(by.sees, found)))


def _told(session: Session, vault: Vault, place: Place, staff: Staff, by: By) -> Told:
    names = {one.name for one in staff_accounts.everybody(session)}
    found = read(place.words, names)
    try:
        one = placing.find(session, vault, str(place.number), by)
        if not one.area and not found.said.area and _is_county(by.area):
            found = replace(found, said=replace(found.said, area=by.area))
        placing.check(session, one, found.said, by, back=found.is_back)
    except NoSuchGroup:
        return Told(place.number, found, is_known=False)
    except GroupRefused as refusal:
        return Told(place.number, found, str(refusal))
    return Told(place.number, found)


def _is_county(area: str) -> bool:
    return bool(area) and not area.endswith("00") and not is_local(area)
