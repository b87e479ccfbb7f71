"""Saved audiences: a name for a condition, and whose it is; its people are found anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Column, ColumnElement, Index, Text, delete, func, select
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert
from records.people import Person
from records.types import BigId, UtcDateTime


class Segment(SQLModel, table=True):
    """One saved audience; `area` is the office that it belongs to, `typed` what was typed."""

    __table_args__ = (Index("ix_segment_once", "area", "name", unique=True),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    area: str = Field(max_length=24)
    name: str = Field(max_length=40)
    typed: str = Field(sa_column=Column(Text, nullable=False))
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Saved:
    """A saved audience."""

    area: str
    name: str
    typed: str
    by: str
    at: datetime


_TABLE = Segment.__table__  # type: ignore[attr-defined]
_PEOPLE = Person.__table__  # type: ignore[attr-defined]


def save(session: Session, new: Saved) -> None:
    """Keep it; one of the same name and office is replaced."""
    values = {name: getattr(new, name) for name in ("area", "name", "typed", "by", "at")}
    statement = insert(session, _TABLE).values(**values)
    again = {name: statement.excluded[name] for name in ("typed", "by", "at")}
    session.execute(statement.on_conflict_do_update(index_elements=["area", "name"], set_=again))


def listed(session: Session, area: str | None = None) -> list[Saved]:
    """Those of an office, or all."""
    query = select(_TABLE).order_by(_TABLE.c.area, _TABLE.c.name)
    if area is not None:
        query = query.where(_TABLE.c.area == area)
    return [Saved(r.area, r.name, r.typed, r.by, r.at) for r in session.execute(query)]


def find(session: Session, area: str, name: str) -> Saved | None:
    """The one of this name."""
    return next((one for one in listed(session, area) if one.name == name), None)


def drop(session: Session, area: str, name: str) -> bool:
    """Whether there was one to forget."""
    gone = delete(_TABLE).where(_TABLE.c.area == area, _TABLE.c.name == name)
    return bool(session.connection().execute(gone).rowcount)


def count(session: Session, meant: ColumnElement[bool]) -> int:
    """How many people a condition over their table means."""
    query = select(func.count()).select_from(_PEOPLE).where(meant)
    return int(session.execute(query).scalar_one())


def newest(session: Session, meant: ColumnElement[bool], most: int) -> list[str]:
    """The ids of those who came last."""
    query = select(_PEOPLE.c.id).where(meant).order_by(_PEOPLE.c.created_at.desc(), _PEOPLE.c.id)
    return list(session.execute(query.limit(most)).scalars())
