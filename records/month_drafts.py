"""The figures of a month as they were counted on a day; what was counted is never changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, select
from sqlmodel import Field, Session, SQLModel

from records.scope import stem
from records.types import BigId, Json, UtcDateTime


class MonthDraft(SQLModel, table=True):
    """One counting of an area's month; counted again, there is another row."""

    __tablename__ = "month_draft"
    __table_args__ = (Index("ix_month_draft_month", "month", "area"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    area: str = Field(max_length=12)
    month: str = Field(max_length=7)  # 2026-11
    figures: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft as it is read."""

    number: int
    area: str
    month: str
    figures: Mapping[str, int | None]
    at: datetime


_TABLE = MonthDraft.__table__  # type: ignore[attr-defined]


def keep(
    session: Session, area: str, month: str, figures: Mapping[str, int | None], at: datetime
) -> int:
    """Store what was counted; its number."""
    row = MonthDraft(area=area, month=month, figures=dict(figures), at=at)
    session.add(row)
    session.flush()
    return row.id or 0


def of_month(session: Session, month: str, area: str = "") -> list[Draft]:
    """The drafts of a month within an area, by area, the newest first."""
    query = select(_TABLE).where(_TABLE.c.month == month)
    if area:
        query = query.where(_TABLE.c.area.startswith(stem(area), autoescape=True))
    query = query.order_by(_TABLE.c.area, _TABLE.c.at.desc(), _TABLE.c.id.desc())
    return [_draft(row) for row in session.execute(query)]


def find(session: Session, number: int) -> Draft | None:
    """One draft."""
    row = session.execute(select(_TABLE).where(_TABLE.c.id == number)).first()
    return _draft(row) if row else None


def _draft(row: Any) -> Draft:
    return Draft(row.id, row.area, row.month, row.figures, row.at)
