"""Talks at the stalls of a campaign, counted by who stands there: how many, about what, where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Column, LargeBinary, delete, select
from sqlmodel import Field, Session, SQLModel

from records.types import BigId, Json, UtcDateTime
from records.vault import Vault

LONGEST_PLACE = 12  # characters


class StallTalk(SQLModel, table=True):
    """What one line counted; a question that nobody could answer may name people: it is sealed."""

    __tablename__ = "stall_talk"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    campaign_id: int = Field(sa_column=Column(BigId, nullable=False, index=True))
    staff: str = Field(max_length=40)
    place: str = Field(default="", max_length=LONGEST_PLACE)
    talks: int = 0
    registered: int = 0
    scanned: int = 0
    topics: dict[str, int] = Field(sa_column=Column(Json, nullable=False))
    open_question: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Counted:
    """So many talked at a stall, registered, scanned the code, and asked about what."""

    talks: int
    registered: int = 0
    scanned: int = 0
    topics: Mapping[str, int] = field(default_factory=dict)
    place: str = ""
    open_question: str = ""


@dataclass(frozen=True, slots=True)
class Noted:
    """One line as it is kept, by its number."""

    number: int
    staff: str
    counted: Counted
    at: datetime


_TABLE = StallTalk.__table__  # type: ignore[attr-defined]


def add(
    session: Session, vault: Vault, campaign: int, counted: Counted, *, by: str, at: datetime
) -> None:
    """Keep what one line counted."""
    row = StallTalk(
        campaign_id=campaign,
        staff=by,
        place=counted.place,
        talks=counted.talks,
        registered=counted.registered,
        scanned=counted.scanned,
        topics=dict(counted.topics),
        open_question=vault.seal(counted.open_question) if counted.open_question else None,
        at=at,
    )
    session.add(row)
    session.flush()


def of_campaign(session: Session, vault: Vault, campaign: int) -> list[Noted]:
    """Every line of a campaign, the first ahead."""
    query = select(_TABLE).where(_TABLE.c.campaign_id == campaign).order_by(_TABLE.c.id)
    return [_noted(row, vault) for row in session.execute(query)]


def drop(session: Session, number: int, *, by: str) -> bool:
    """Take a line of somebody's own back; whether there was one."""
    mine = delete(_TABLE).where(_TABLE.c.id == number, _TABLE.c.staff == by)
    return bool(session.connection().execute(mine).rowcount)


def _noted(row: Any, vault: Vault) -> Noted:
    asked = str(vault.open(row.open_question)) if row.open_question else ""
    counted = Counted(row.talks, row.registered, row.scanned, dict(row.topics), row.place, asked)
    return Noted(row.id, row.staff, counted, row.at)
