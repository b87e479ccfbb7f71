"""Parks and vacant places to work in, and what staff think of too many of a line in a place."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, func, select
from sqlmodel import Field, Session, SQLModel

from records import audit
from records.entities import Entity, EntityState
from records.types import BigId, UtcDateTime


class SiteRow(SQLModel, table=True):
    """A park, a hall, a shop or land that somebody may move into (S0-07, S1-22, S1-23).

    `kind` is what it is (park, idle), `fits` the site of a project that it serves; `vacancy`
    counts free places, None where nobody said; `contact` is an office, never a private person.
    """

    __tablename__ = "site"

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    name: str = Field(max_length=40)
    key: str = Field(max_length=40, index=True)
    kind: str = Field(max_length=8)
    fits: str = Field(max_length=10)
    level: str = Field(max_length=8)  # county, town, village
    county: str = Field(max_length=12, index=True)
    town: str = Field(default="", max_length=24)
    place: str = Field(default="", max_length=40)  # where it is, in words
    area_m2: int | None = None
    vacancy: int | None = None
    rent: str = Field(default="", max_length=30)
    contact: str = Field(max_length=40)
    phone: str = Field(default="", max_length=20)  # the office's
    source_dept: str = Field(max_length=40)
    is_demo: bool = False
    is_closed: bool = False
    verified_on: date
    entered_by: str = Field(max_length=60)
    updated_at: datetime = Field(sa_type=UtcDateTime)

    @property
    def number(self) -> int:
        """As people and staff call it."""
        assert self.id is not None
        return self.id


class LineRule(SQLModel, table=True):
    """How much of a line staff think enough in a town or county; 0: it is not allowed there."""

    __tablename__ = "line_rule"

    place: str = Field(primary_key=True, max_length=24)
    category: str = Field(primary_key=True, max_length=20)
    most: int
    note: str = Field(default="", max_length=120)
    by: str = Field(max_length=60)
    at: datetime = Field(sa_type=UtcDateTime)


_TABLE, _RULES = SiteRow.__table__, LineRule.__table__  # type: ignore[attr-defined]
_ENTITIES = Entity.__table__  # type: ignore[attr-defined]


def keep(
    session: Session, values: Mapping[str, Any], *, by: str, at: datetime
) -> tuple[SiteRow, bool]:
    """Store a place, or bring the one of this name and county up to date; whether it is new."""
    row = next(iter(by_keys(session, [str(values["key"])], str(values["county"]))), None)
    is_new = row is None
    row = row or SiteRow(**values, entered_by=by[:60], updated_at=at)
    for name, value in values.items():
        setattr(row, name, value)
    row.is_closed, row.updated_at = False, at
    session.add(row)
    session.flush()
    audit.write(session, "site.kept", at=at, actor=by[:60], subject=f"site:{row.number}")
    return row, is_new


def by_keys(session: Session, keys: Collection[str], county: str) -> list[SiteRow]:
    """The places of a county with these names."""
    query = select(SiteRow).where(_TABLE.c.key.in_(keys), _TABLE.c.county == county)
    return list(session.execute(query.order_by(_TABLE.c.id)).scalars())


def within(session: Session, areas: Collection[str] | None = None) -> list[SiteRow]:
    """The places that are listed in these counties (None: in all)."""
    query = select(SiteRow).where(_TABLE.c.is_closed.is_(False)).order_by(_TABLE.c.id)
    if areas is not None:
        query = query.where(_TABLE.c.county.in_(areas))
    return list(session.execute(query).scalars())


def find(session: Session, number: int) -> SiteRow | None:
    """The place of this number."""
    return session.get(SiteRow, number)


def rule(
    session: Session, place: str, category: str, *, most: int, note: str, by: str, at: datetime
) -> None:
    """Staff say how much of a line is enough in a place."""
    session.merge(
        LineRule(place=place, category=category, most=most, note=note[:120], by=by[:60], at=at)
    )
    session.flush()
    audit.write(session, "line.limited", at=at, actor=by[:60], subject=f"{place}/{category}"[:60])


def rules(session: Session) -> list[LineRule]:
    """All that staff said of lines in places."""
    query = select(LineRule).order_by(_RULES.c.place, _RULES.c.category)
    return list(session.execute(query).scalars())


def running(session: Session, towns: Collection[str]) -> dict[tuple[str, str], int]:
    """How many businesses of each line run in these towns."""
    query = (
        select(_ENTITIES.c.town, _ENTITIES.c.trade, func.count())
        .where(_ENTITIES.c.town.in_(towns), _ENTITIES.c.state == EntityState.OPEN.value)
        .group_by(_ENTITIES.c.town, _ENTITIES.c.trade)
    )
    return {(town, trade): count for town, trade, count in session.execute(query)}
