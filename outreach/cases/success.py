"""Whether somebody's business is alive: nobody is asked for their story before that."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from matching.facts import add_months
from outreach.calendars import CHINA
from records import entities, visits
from records.database import Session
from records.entities import EntityState
from records.vault import Vault
from records.visits import Light, Standing, VisitKind

_MONTHS = 6  # in business, where no helper has found it open
_VISITS = 20


class Doubt(StrEnum):
    """Why it is no success yet; the value is what staff read."""

    NONE = "台账里还没有他在办的主体"
    CLOSED = "店已经停了"
    YOUNG = "开业不满6个月，也还没有一次回访说开着"
    RED = "最近一次回访是红灯"


def doubt(session: Session, vault: Vault, person_id: str, now: datetime) -> Doubt | None:
    """What speaks against calling it a success; None where nothing does."""
    rows = entities.of_people(session, [person_id]).get(person_id, [])
    running = [row for row in rows if row.state == EntityState.OPEN.value]
    if not running:
        return Doubt.CLOSED if rows else Doubt.NONE
    told = [
        seen.told
        for seen in visits.latest(session, vault, person_id, _VISITS)
        if seen.told.kind is not VisitKind.NO_ANSWER
    ]
    standing = next((each.standing for each in told if each.standing), None)
    light = next((each.light for each in told if each.light), None)
    if standing is Standing.CLOSED:
        return Doubt.CLOSED
    if light is Light.RED:
        return Doubt.RED
    today = now.astimezone(CHINA).date()
    is_old = any(row.began_on and add_months(row.began_on, _MONTHS) <= today for row in running)
    return None if is_old or standing is Standing.OPEN else Doubt.YOUNG


def is_alive(session: Session, person_id: str) -> bool:
    """Whether anything of theirs is still in business, as far as the ledger knows."""
    rows = entities.of_people(session, [person_id]).get(person_id, [])
    return any(row.state == EntityState.OPEN.value for row in rows)


def trades(session: Session, person_ids: Collection[str]) -> dict[str, str]:
    """The line of what each of these runs now, where it is known."""
    found = entities.of_people(session, list(person_ids))
    return {
        person_id: row.trade
        for person_id, rows in found.items()
        for row in rows
        if row.state == EntityState.OPEN.value and row.trade
    }
