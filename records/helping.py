"""The people whom somebody is to look after, as they are registered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, select
from sqlmodel import Session

from records.assignments import Assignment, Help
from records.people import Person, Status
from records.scope import Spot

WANTING = ("running", "ready", "thinking")  # answers to `intent` of who is to have somebody

_TABLE, _GIVEN = Person.__table__, Assignment.__table__  # type: ignore[attr-defined]
_COLUMNS = tuple(_TABLE.c[n] for n in ("id", "account", "area", "town", "village", "updated_at"))
_INTENT = _TABLE.c.codes["intent"].as_string()
_IS_WANTING = (_TABLE.c.status == Status.CONFIRMED.value) & _INTENT.in_(WANTING)


@dataclass(frozen=True, slots=True)
class Wanting:
    """A registered person with an intent."""

    person_id: str
    account: str  # "" for who was entered by others
    area: str
    town: str
    village: str
    updated_at: datetime

    @property
    def spot(self) -> Spot:
        return Spot(self.area, self.town, self.village)


def by_id(session: Session, person_ids: Sequence[str]) -> dict[str, Wanting]:
    """These people, if they are registered."""
    query = select(*_COLUMNS).where(_TABLE.c.id.in_(person_ids))
    return {row[0]: Wanting(*row) for row in session.execute(query)}


def wanting(session: Session, person_id: str) -> Wanting | None:
    """This person, if they want to start something."""
    row = session.execute(select(*_COLUMNS).where(_TABLE.c.id == person_id, _IS_WANTING)).first()
    return Wanting(*row) if row else None


def areas_without(session: Session, help: Help) -> list[str]:
    """Where somebody wants to start something and has nobody in this way."""
    query = select(_TABLE.c.area).where(_IS_WANTING, _TABLE.c.area != "", ~_has_one(help))
    return list(session.execute(query.distinct().order_by(_TABLE.c.area)).scalars())


def without(session: Session, help: Help, area: str, limit: int) -> list[Wanting]:
    """Those of an area who have nobody in this way, the longest registered first."""
    query = select(*_COLUMNS).where(_IS_WANTING, _TABLE.c.area == area, ~_has_one(help))
    query = query.order_by(_TABLE.c.created_at, _TABLE.c.id).limit(limit)
    return [Wanting(*row) for row in session.execute(query)]


def _has_one(help: Help) -> ColumnElement[bool]:
    return exists().where(
        _GIVEN.c.person_id == _TABLE.c.id, _GIVEN.c.help == help.value, _GIVEN.c.until.is_(None)
    )
