"""Towns and villages that lists brought: what they are called, and what became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Column, insert, select, update
from sqlmodel import Field, Session, SQLModel

from records.people import Person
from records.types import Json, UtcDateTime


class PlaceRow(SQLModel, table=True):
    """A town or a village; what the shipped lists say of the same id no longer counts."""

    __tablename__ = "place"

    id: str = Field(primary_key=True, max_length=24)
    county: str = Field(max_length=12, index=True)  # whose list it stands in
    level: str = Field(max_length=8)
    parent: str = Field(max_length=24)  # a county's code, or a town's id
    name: str = Field(max_length=40)
    called: list[str] = Field(default_factory=list, sa_column=Column(Json, nullable=False))
    beside: str = Field(default="", max_length=12)
    since: str = Field(default="", max_length=10)  # ISO dates, "" where not known
    until: str = Field(default="", max_length=10)
    merged_into: str = Field(default="", max_length=24)
    updated_at: datetime = Field(sa_type=UtcDateTime)


_TABLE = PlaceRow.__table__  # type: ignore[attr-defined]
_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_HOME = tuple(_PEOPLE.c[name] for name in ("id", "area", "town", "village", "sealed"))
_ORDER = (_TABLE.c.level, _TABLE.c.id)


def of_counties(session: Session, counties: Iterable[str] | None) -> list[Any]:
    """The rows that lists brought for these counties, or for every one."""
    query = select(_TABLE).order_by(*_ORDER)
    if counties is not None:
        areas = set(counties)
        query = query.where(_TABLE.c.county.in_(areas) | _TABLE.c.beside.in_(areas))
    return list(session.execute(query))


def by_ids(session: Session, ids: Iterable[str]) -> list[Any]:
    """These rows, where lists brought them."""
    return list(session.execute(select(_TABLE).where(_TABLE.c.id.in_(set(ids)))))


def keep(session: Session, rows: Sequence[Mapping[str, Any]], *, at: datetime) -> None:
    """Store places, each instead of what was known of its id."""
    ids = {row["id"] for row in rows}
    known = {row.id for row in by_ids(session, ids)}
    new = [{**row, "updated_at": at} for row in rows if row["id"] not in known]
    if new:
        session.execute(insert(_TABLE), new)
    for row in rows:
        if row["id"] in known:
            values = {**row, "updated_at": at}
            session.execute(update(_TABLE).where(_TABLE.c.id == row["id"]).values(values))


def of_level(session: Session, level: str) -> dict[str, str]:
    """What lists that were brought call all towns, or all villages, by id."""
    query = select(_TABLE.c.id, _TABLE.c.name).where(_TABLE.c.level == level)
    return {row.id: row.name for row in session.execute(query)}


def counties_of(session: Session, ids: Sequence[str]) -> list[str]:
    """The counties of which lists brought these places."""
    found = session.execute(select(_TABLE.c.county).where(_TABLE.c.id.in_(ids)).distinct())
    return list(found.scalars())


def move_people(
    session: Session, old: str, *, level: str, area: str, town: str, village: str, at: datetime
) -> int:
    """The people of a town or a village that is no more are at home in what it became; how many.

    Of a town each keeps the village that they are of.
    """
    is_village = level == "village"
    column = _PEOPLE.c.village if is_village else _PEOPLE.c.town
    values: dict[str, Any] = {"area": area, "town": town, "updated_at": at}
    if is_village:
        values["village"] = village
    found = session.execute(update(_PEOPLE).where(column == old).values(values))
    return int(found.rowcount)  # type: ignore[attr-defined]


def lodge(session: Session, person_id: str, *, area: str, town: str, village: str) -> None:
    """Where somebody is at home."""
    values = {"area": area, "town": town, "village": village}
    session.execute(update(_PEOPLE).where(_PEOPLE.c.id == person_id).values(values))


def at_home(session: Session, person_id: str) -> Any:
    """Where a person is at home: id, area, town, village, sealed; None where there is no such."""
    return session.execute(select(*_HOME).where(_PEOPLE.c.id == person_id)).first()


def unplaced(session: Session, areas: Sequence[str] | None, after: str, most: int) -> list[Any]:
    """People of whom no village is known, by id: of these counties, or of those with a list."""
    brought = select(_TABLE.c.county).union(select(_TABLE.c.beside))
    query = select(*_HOME).where(
        _PEOPLE.c.area.in_(brought if areas is None else areas),
        _PEOPLE.c.area != "",
        _PEOPLE.c.village == "",
        _PEOPLE.c.id > after,
    )
    return list(session.execute(query.order_by(_PEOPLE.c.id).limit(most)))
