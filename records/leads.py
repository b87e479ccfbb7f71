"""Projects that heads of stations heard of, as the county reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlmodel import Session

from records.scope import stem
from records.stations import ProjectLead
from records.vault import Vault


@dataclass(frozen=True, slots=True)
class HeardOf:
    """What a head told, whose county it is for, and the project that was made of it."""

    number: int
    staff: str
    area: str
    text: str
    at: datetime
    project: int | None = None


_TABLE = ProjectLead.__table__  # type: ignore[attr-defined]


def within(session: Session, vault: Vault, area: str, limit: int) -> list[HeardOf]:
    """The leads for an area, the last first."""
    query = select(ProjectLead).order_by(_TABLE.c.id.desc()).limit(limit)
    if area:
        query = query.where(_TABLE.c.area.startswith(stem(area), autoescape=True))
    return [_lead(row, vault) for row in session.execute(query).scalars()]


def find(session: Session, vault: Vault, number: int) -> HeardOf | None:
    """The lead of this number."""
    row = session.get(ProjectLead, number)
    return _lead(row, vault) if row else None


def made(session: Session, number: int, project: int) -> bool:
    """A project was made of it; False where one was before."""
    open_one = (_TABLE.c.id == number) & _TABLE.c.project.is_(None)
    done = session.connection().execute(update(_TABLE).where(open_one).values(project=project))
    return bool(done.rowcount)


def _lead(row: ProjectLead, vault: Vault) -> HeardOf:
    return HeardOf(row.id or 0, row.staff, row.area, vault.open(row.sealed), row.at, row.project)
