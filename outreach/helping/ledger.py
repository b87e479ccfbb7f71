"""The entity ledger follows what people tell of their business when they register (Q5a)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime
from typing import Any

from matching.facts import Entity as Form
from matching.facts import add_months
from outreach.calendars import CHINA
from records import entities, people
from records.database import Session
from records.entities import Business, EntityState
from records.people import Profile
from records.vault import Vault

RUNNING = "running"  # the answer to `intent` of who has a business
_LICENSED = "yes"
_FIELDS = {
    "trade": "biz_kind",
    "form": "biz_licence",
    "area": "home_place",
    "began_on": "biz_months",
}
_ASKED = {"intent", *_FIELDS.values()}


def follow(
    session: Session, vault: Vault, person_id: str, said: Collection[str], now: datetime
) -> None:
    """One business for who says that they run one; what they say anew of it changes that one.

    `said` are the answers that were given now: months are counted back from the day they are told.
    """
    profile = people.by_ids(session, vault, [person_id]).get(person_id)
    if profile is None or profile.answers.get("intent") != RUNNING or not _ASKED & set(said):
        return
    held = entities.of_people(session, [person_id]).get(person_id, [])
    source = profile.source.value
    mine = next((row for row in held if row.source == source), None)
    told = _told(profile, now)
    if mine is not None and mine.state == EntityState.OPEN:
        known = {field: told[field] for field, asked in _FIELDS.items() if asked in said}
        entities.change(session, vault, mine.id, known, source=source, at=now)
    elif not any(row.state == EntityState.OPEN for row in held):  # a list may know it better
        new = hashlib.sha256(f"entity/{person_id}/{len(held)}".encode()).hexdigest()[:20]
        business = Business(**told)
        entities.open_one(session, vault, new, person_id, business, source=source, at=now)


def close(session: Session, vault: Vault, person_id: str, now: datetime) -> None:
    """Whoever runs one business says that it is closed; of several nobody knows which."""
    held = entities.of_people(session, [person_id]).get(person_id, [])
    running = [row for row in held if row.state == EntityState.OPEN]
    if len(running) == 1:
        today = now.astimezone(CHINA).date()
        known = {"state": EntityState.CLOSED.value, "closed_on": today}
        entities.change(session, vault, running[0].id, known, source="chat", at=now)


def _told(profile: Profile, now: datetime) -> dict[str, Any]:
    answers = profile.answers
    months = answers.get("biz_months")
    today = now.astimezone(CHINA).date()
    return {
        "trade": str(answers.get("biz_kind") or ""),
        "form": "" if answers.get("biz_licence") == _LICENSED else Form.NONE.value,
        "area": profile.area,
        "began_on": add_months(today, -int(months)) if months is not None else None,
    }
