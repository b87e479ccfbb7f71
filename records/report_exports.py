"""What the tables said that left us last, so that the next ones tell what has changed since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, Index, select
from sqlmodel import Field, Session, SQLModel

from records.types import BigId, Json, UtcDateTime

Cells = Mapping[str, Mapping[str, int | float | None]]  # line → column → figure


class ReportExport(SQLModel, table=True):
    """One table of totals as it left us: nobody's name is in it."""

    __tablename__ = "report_export"
    __table_args__ = (Index("ix_report_export_of", "report", "area", "period"),)

    id: int | None = Field(default=None, sa_column=Column(BigId, primary_key=True))
    report: str = Field(max_length=40)
    area: str = Field(max_length=24)
    period: str = Field(max_length=12)
    digest: str = Field(max_length=64)
    cells: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)


@dataclass(frozen=True, slots=True)
class Exported:
    """A table that left us."""

    number: int
    digest: str
    cells: Cells
    by: str
    at: datetime


_TABLE = ReportExport.__table__  # type: ignore[attr-defined]


def keep(
    session: Session,
    of: tuple[str, str, str],
    cells: Cells,
    *,
    digest: str,
    by: str,
    at: datetime,
) -> int:
    """Remember a table: `of` is its report, area and period. Its number."""
    report, area, period = of
    row = ReportExport(
        report=report,
        area=area,
        period=period,
        digest=digest,
        cells={line: dict(told) for line, told in cells.items()},
        by=by[:40],
        at=at,
    )
    session.add(row)
    session.flush()
    return row.id or 0


def last(session: Session, of: tuple[str, str, str]) -> Exported | None:
    """The table of this report, area and period that left us last."""
    report, area, period = of
    query = select(_TABLE).where(
        _TABLE.c.report == report, _TABLE.c.area == area, _TABLE.c.period == period
    )
    row = session.execute(query.order_by(_TABLE.c.id.desc()).limit(1)).first()
    return None if row is None else Exported(row.id, row.digest, row.cells, row.by, row.at)
