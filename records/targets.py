"""Targets by area and span, and figures that staff type: kept in versions, never overwritten."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, Index, select
from sqlmodel import Field, Session, SQLModel

from records import audit
from records.types import BigId, UtcDateTime


class Kind(StrEnum):
    """What a figure is."""

    TARGET = "target"
    PLANNED = "planned"  # what an area means to reach: 附件4, columns 15 and 16
    ACTUAL = "actual"  # what was reached, where no record of ours holds it
    BASE = "base"  # what a target is worked out from: who was away at the end of a year


class TargetRow(SQLModel, table=True):
    """One figure as somebody typed it; the newest of an area, span and source counts."""

    __tablename__ = "target"
    __table_args__ = (Index("ix_target_area", "area", "measure"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    kind: str = Field(max_length=8)
    area: str = Field(max_length=24)
    measure: str = Field(max_length=32)
    first_year: int
    last_year: int
    unit: str = Field(max_length=4)
    value: int | None = Field(default=None, sa_column=Column(BigInteger))  # None: no target
    as_printed: str = Field(default="", max_length=60)
    source: str = Field(max_length=120)
    note: str = Field(default="", max_length=200)  # what it does not agree with
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Figure:
    """A target, or another figure that people type. `value` None is «无目标», which is not 0."""

    kind: Kind
    area: str
    measure: str
    first_year: int
    last_year: int
    unit: str
    value: int | None
    source: str
    as_printed: str = ""
    note: str = ""

    @property
    def key(self) -> tuple[str, str, str, int, int, str]:
        """What a newer version has in common with it."""
        return (*self.place, self.source)

    @property
    def place(self) -> tuple[str, str, str, int, int]:
        """What it is the figure of, whoever says it."""
        return (self.kind.value, self.area, self.measure, self.first_year, self.last_year)


@dataclass(frozen=True, slots=True)
class Version:
    """A figure with who typed it, when."""

    number: int
    figure: Figure
    by: str
    at: datetime


_TABLE = TargetRow.__table__  # type: ignore[attr-defined]
_NAMES = (
    *("area", "measure", "first_year", "last_year", "unit", "value", "as_printed", "source"),
    "note",
)


def keep(session: Session, figure: Figure, *, by: str, at: datetime) -> int:
    """Store a figure as typed; what was typed before stays beneath it. Its number."""
    row = TargetRow(
        kind=figure.kind.value,
        by=by[:40],
        at=at,
        **{name: getattr(figure, name) for name in _NAMES},
    )
    session.add(row)
    session.flush()
    audit.write(
        session, "target.kept", at=at, actor=f"staff:{by}"[:60], subject=f"target:{row.id}"
    )
    return row.id or 0


def current(session: Session, areas: Collection[str]) -> list[Version]:
    """The newest version of every figure of these areas."""
    newest: dict[tuple[str, str, str, int, int, str], Version] = {}
    for one in versions(session, areas):
        newest[one.figure.key] = one
    return list(newest.values())


def versions(session: Session, areas: Collection[str], measure: str = "") -> list[Version]:
    """All that was ever typed of these areas, the oldest first."""
    query = select(_TABLE).where(_TABLE.c.area.in_(areas)).order_by(_TABLE.c.id)
    if measure:
        query = query.where(_TABLE.c.measure == measure)
    return [_version(row) for row in session.execute(query)]


def find(session: Session, number: int) -> Version | None:
    """One version."""
    row = session.execute(select(_TABLE).where(_TABLE.c.id == number)).first()
    return None if row is None else _version(row)


def _version(row: Any) -> Version:
    figure = Figure(Kind(row.kind), **{name: getattr(row, name) for name in _NAMES})
    return Version(row.id, figure, row.by, row.at)
