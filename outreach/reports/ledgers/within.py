"""Whose rows a report reads: conditions on tables for an area, a town or a village."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, func, or_, select, true

from records import people
from records.people import Status
from records.places import PlaceRow
from records.scope import is_local, stem

PEOPLE = people.Person.__table__  # type: ignore[attr-defined]
_PLACES = PlaceRow.__table__  # type: ignore[attr-defined]
AT_ONCE = 2_000  # rows whose neighbours are read with one statement
T = TypeVar("T")

# In the register: by their own yes, or by a duty that a document names (domain 5.7).
IS_REGISTERED = or_(
    PEOPLE.c.status == Status.CONFIRMED.value,
    and_(PEOPLE.c.status == Status.PENDING.value, PEOPLE.c.basis != ""),
)
INTENT = PEOPLE.c.codes["intent"].as_string()
INTENDS = INTENT.in_(("running", "ready", "thinking"))


def here(area: str, columns: Any) -> ColumnElement[bool]:
    """Rows with `area`, `town` and `village` that are of a place; "" is everywhere."""
    if not area:
        return true()
    if is_local(area):
        return or_(columns.town == area, columns.village == area)
    return columns.area.startswith(stem(area), autoescape=True)  # type: ignore[no-any-return]


def whose(area: str, columns: Any) -> ColumnElement[bool]:
    """Rows with `area` and `person_id`: of a town, those of its people."""
    if is_local(area):
        return columns.person_id.in_(  # type: ignore[no-any-return]
            select(PEOPLE.c.id).where(here(area, PEOPLE.c))
        )
    return columns.area.startswith(stem(area), autoescape=True)  # type: ignore[no-any-return]


def held_in(area: str, column: Any) -> ColumnElement[bool]:
    """Rows of offices: of the area itself, or of one of its towns and villages."""
    if not area:
        return true()
    if is_local(area):
        inside = select(_PLACES.c.id).where(_PLACES.c.parent == area)
        return or_(column == area, column.in_(inside))
    begin = stem(area)
    listed = select(_PLACES.c.id).where(_PLACES.c.county.startswith(begin, autoescape=True))
    is_below = and_(column.startswith(begin, autoescape=True), func.length(column) >= len(begin))
    return or_(is_below, column.in_(listed))


def pages(rows: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at once as one statement may name."""
    for first in range(0, len(rows), AT_ONCE):
        yield rows[first : first + AT_ONCE]
