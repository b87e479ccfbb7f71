"""A mark for the projects of each county that every change of them renews, seen by all processes.

A mark is drawn at random: what a rolled back change was read under never comes again.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection

from sqlalchemy import select
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert


class ProjectMark(SQLModel, table=True):
    """Under which mark the projects of a county stand now; there is none where none ever stood."""

    __tablename__ = "project_mark"

    county: str = Field(primary_key=True, max_length=12)
    mark: str = Field(max_length=16)


_TABLE = ProjectMark.__table__  # type: ignore[attr-defined]


def renew(session: Session, counties: Collection[str]) -> None:
    """The projects of these counties change with this transaction."""
    for county in sorted(set(counties)):  # in one order, so that no two wait for each other
        mark = secrets.token_hex(8)
        new = insert(session, _TABLE).values(county=county, mark=mark)
        new = new.on_conflict_do_update(index_elements=["county"], set_={"mark": mark})
        session.connection().execute(new)


def current(session: Session, counties: Collection[str] | None) -> dict[str, str]:
    """The marks of these counties (None: of all), by county."""
    query = select(_TABLE.c.county, _TABLE.c.mark).order_by(_TABLE.c.county)
    if counties is not None:
        query = query.where(_TABLE.c.county.in_(counties))
    return {row.county: row.mark for row in session.connection().execute(query)}
