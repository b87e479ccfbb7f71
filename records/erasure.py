"""Erasing a person: the record and its memory go, an anonymous count stays (domain P-14, P-29)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Table, delete, select, update
from sqlmodel import Field, Session, SQLModel

from records import (
    audit,
    campaigns,
    cases,
    consents,
    leavers,
    projects,
    push_days,
    reminders,
    wishes,
)
from records.people import Person, Status
from records.types import Json, UtcDateTime


class FormerPerson(SQLModel, table=True):
    """What totals still need of someone erased; nothing leads back to who it was."""

    __tablename__ = "former_person"

    id: str = Field(primary_key=True, max_length=24)
    area: str = Field(default="", max_length=12, index=True)
    codes: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    erased_at: datetime = Field(sa_type=UtcDateTime)


_PEOPLE = Person.__table__  # type: ignore[attr-defined]
# The proof of a consent outlives it (domain P-16); tickets and recipients keep their bare rows.
_KEPT = frozenset({"consent", "ticket", "campaign_recipient"})


def erase(
    session: Session,
    person_id: str,
    *,
    counted: tuple[str, ...],
    at: datetime,
    is_wish: bool = True,
) -> None:
    """Remove a person; of the coded answers only those `counted` in totals live on, unlinked.

    Whose wish it is, is brought back by no list.
    """
    row = session.get(Person, person_id)
    if row is None:
        return
    if is_wish:
        leavers.note(session, (row.proof_print or "", row.home_print or ""), at=at)
    if row.status == Status.CONFIRMED and counted:
        codes = _only(row.codes, counted)
        # A day, not a moment, and a new id: the leftover must not be matched with the trail.
        day = at.replace(hour=0, minute=0, second=0, microsecond=0)
        session.add(
            FormerPerson(id=secrets.token_hex(12), area=row.area, codes=codes, erased_at=day)
        )
    projects.leave(session, person_id)
    cases.forget(session, person_id)
    for table in about_people():
        session.execute(delete(table).where(table.c.person_id == person_id))
    campaigns.forget(session, person_id)
    reminders.erase(session, reminders.to_person(person_id))
    reminders.cancel(session, f"sage/{person_id}", at)
    push_days.erase(session, person_id)
    wishes.erase(session, person_id)
    consents.end(session, person_id, at=at)
    session.delete(row)
    session.flush()


def about_people() -> list[Table]:
    """Every table whose rows are about one person and go with them, whoever added it."""
    return [
        table
        for table in SQLModel.metadata.sorted_tables
        if "person_id" in table.c and table.name not in _KEPT
    ]


def forget_helper(session: Session, account: str) -> None:
    """Who entered something for others is no longer known."""
    session.execute(update(_PEOPLE).where(_PEOPLE.c.entered_by == account).values(entered_by=""))


def erase_unconfirmed(session: Session, now: datetime) -> int:
    """Erase what nobody confirmed in time, and what was withdrawn 30 days ago; how many."""
    query = select(_PEOPLE.c.id, _PEOPLE.c.status).where(_PEOPLE.c.erase_at <= now)
    due = session.execute(query).all()
    for person_id, status in due:
        is_wish = status == Status.WITHDRAWN
        erase(session, person_id, counted=(), at=now, is_wish=is_wish)
        audit.write(session, "person.expired", at=now, actor="system", subject=person_id)
    return len(due)


def _only(codes: Mapping[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: codes[name] for name in names if name in codes}
