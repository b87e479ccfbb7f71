"""The projects of counties as a talk reads them: many rows at once, nothing sealed among them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlmodel import Session

from records.projects import ProjectRow, ProjectState


@dataclass(frozen=True, slots=True)
class Listed:
    """A stored project without who owns it and who did what to it; fields as in `ProjectRow`."""

    id: int
    kind: str
    county: str
    title: str
    category: str
    state: str
    provenance: str
    source_dept: str
    terms: Mapping[str, Any]
    slots: int
    evidence: str
    published_on: date | None
    verified_on: date | None
    expires_on: date | None

    @property
    def number(self) -> int:
        """As people and staff call it."""
        return self.id


_TABLE = ProjectRow.__table__  # type: ignore[attr-defined]
_COLUMNS = tuple(_TABLE.c[field.name] for field in fields(Listed))


def within(
    session: Session, counties: Collection[str], states: Collection[ProjectState]
) -> list[Listed]:
    """What these counties have in these states, by number."""
    query = select(*_COLUMNS).where(
        _TABLE.c.county.in_(counties), _TABLE.c.state.in_([state.value for state in states])
    )
    return [Listed(*row) for row in session.connection().execute(query.order_by(_TABLE.c.id))]
