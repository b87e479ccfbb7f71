"""The code of where somebody says that they are now, kept beside the words that are sealed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select, update
from sqlmodel import Session

from records.people import Person

AREA = "where_area"  # a province or a city; "" where the words name none
WORDS, STATE, AWAY = "where_city", "where_now", "away"

_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_COLUMNS = (_PEOPLE.c.id, _PEOPLE.c.codes, _PEOPLE.c.sealed)


def of(session: Session, person_id: str) -> Any:
    """One person's row, nobody else's to change until the commit; None where there is none."""
    query = select(*_COLUMNS).where(_PEOPLE.c.id == person_id).with_for_update()
    return session.execute(query).first()


def unlooked(session: Session, after: str, most: int) -> list[Any]:
    """Some who may be away from home and whose words nobody has looked at, by id."""
    state = _PEOPLE.c.codes[STATE].as_string()
    query = select(*_COLUMNS).where(
        _PEOPLE.c.codes[AREA].as_string().is_(None), or_(state.is_(None), state == AWAY)
    )
    some = query.where(_PEOPLE.c.id > after).order_by(_PEOPLE.c.id).limit(most)
    return list(session.execute(some.with_for_update()))


def keep(session: Session, person_id: str, codes: Mapping[str, Any]) -> None:
    """The codes as they are from now on; it is no news from the person."""
    session.execute(update(_PEOPLE).where(_PEOPLE.c.id == person_id).values(codes=dict(codes)))
