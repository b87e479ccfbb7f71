"""Who told when their licence was issued."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlmodel import Session

from records.people import Person, Status
from records.person_facts import PersonFacts


@dataclass(frozen=True, slots=True)
class Licensed:
    """Somebody registered whose licence was issued on one of these days."""

    person_id: str
    area: str
    lacks: frozenset[str]
    first: date
    last: date


_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_TABLE = PersonFacts.__table__  # type: ignore[attr-defined]


def with_licence(session: Session, after: str, limit: int) -> list[Licensed]:
    """Those who told when their licence was issued, by id, those beyond `after`."""
    days = (_TABLE.c.registered_first, _TABLE.c.registered_last)
    query = (
        select(_TABLE.c.person_id, _PEOPLE.c.area, _PEOPLE.c.codes, *days)
        .join(_PEOPLE, _PEOPLE.c.id == _TABLE.c.person_id)
        .where(_PEOPLE.c.status == Status.CONFIRMED.value, _PEOPLE.c.is_personal.is_(True))
        .where(_TABLE.c.person_id > after, days[0].is_not(None), days[1].is_not(None))
    )
    rows = session.execute(query.order_by(_TABLE.c.person_id).limit(limit))
    return [
        Licensed(row[0], row[1], frozenset(row[2].get("lacks") or ()), row[3], row[4])
        for row in rows
    ]
