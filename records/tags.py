"""Tags: words of the office's own that it puts on people, to find them again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlmodel import Field, Session, SQLModel

from records import scope
from records.dialect import insert_or_ignore
from records.people import Person
from records.types import UtcDateTime

LONGEST = 20


class PersonTag(SQLModel, table=True):
    """One tag of one person."""

    __tablename__ = "person_tag"

    person_id: str = Field(primary_key=True, max_length=24)
    tag: str = Field(primary_key=True, max_length=LONGEST)
    by: str = Field(max_length=40)
    at: datetime = Field(sa_type=UtcDateTime)


_TABLE = PersonTag.__table__  # type: ignore[attr-defined]
_PEOPLE = Person.__table__  # type: ignore[attr-defined]


def put(session: Session, person_ids: Sequence[str], tag: str, *, by: str, at: datetime) -> None:
    """These people have the tag."""
    rows = [{"person_id": one, "tag": tag, "by": by, "at": at} for one in person_ids]
    if rows:
        session.connection().execute(insert_or_ignore(session, _TABLE, ["person_id", "tag"]), rows)


def take(session: Session, person_ids: Sequence[str], tag: str) -> int:
    """They no longer have it; how many had it."""
    gone = delete(_TABLE).where(_TABLE.c.person_id.in_(person_ids), _TABLE.c.tag == tag)
    return int(session.connection().execute(gone).rowcount)


def of(session: Session, person_ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """The tags of each who has any."""
    query = select(_TABLE.c.person_id, _TABLE.c.tag).where(_TABLE.c.person_id.in_(person_ids))
    found: dict[str, set[str]] = {}
    for person_id, tag in session.execute(query):
        found.setdefault(person_id, set()).add(tag)
    return {person_id: frozenset(tags) for person_id, tags in found.items()}


def counts(session: Session, area: str = "") -> dict[str, int]:
    """Every tag in use in an area ("": anywhere), and how many people have it."""
    query = select(_TABLE.c.tag, func.count()).group_by(_TABLE.c.tag).order_by(_TABLE.c.tag)
    if area:
        there = (_PEOPLE.c.id == _TABLE.c.person_id) & scope.visible(area, _PEOPLE.c)
        query = query.join(_PEOPLE, there)
    return {row[0]: row[1] for row in session.execute(query)}


def hand_on(session: Session, gone: str, kept: str) -> None:
    """Two records are one: the tags of both stay."""
    query = select(_TABLE).where(_TABLE.c.person_id == gone)
    rows = [dict(row._mapping) | {"person_id": kept} for row in session.execute(query)]
    if rows:
        session.connection().execute(insert_or_ignore(session, _TABLE, ["person_id", "tag"]), rows)
    session.execute(delete(_TABLE).where(_TABLE.c.person_id == gone))
