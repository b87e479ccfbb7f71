"""Who may see whom: one rule for people and tickets, in memory and as a condition in SQL."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, or_, select, true
from sqlmodel import Session

from records.people import Person

_TOWN_ID = 9  # digits that the id of a town or a village begins with; an area's has fewer
_COUNTY = 6
_MADE = "p"  # begins an id that we have given ourselves


@dataclass(frozen=True, slots=True)
class Spot:
    """Where somebody is at home: an administrative code and ids of places, "" where not known."""

    area: str = ""
    town: str = ""
    village: str = ""


_PEOPLE = Person.__table__  # type: ignore[attr-defined]


def is_local(scope: str) -> bool:
    """Whether a scope is a town or a village, and not a county or wider."""
    head = scope[:_TOWN_ID]
    return scope.startswith(_MADE) or (len(head) == _TOWN_ID and head.isdigit())


def is_county(scope: str) -> bool:
    """Whether a code is one county's, below which areas have none of their own."""
    return len(scope) == _COUNTY and scope.isdigit() and not scope.endswith("00")


def is_above_counties(scope: str) -> bool:
    """Whether a scope is a city or a province; "" is everything, and looks after it itself."""
    return scope.endswith("00") and not is_local(scope)


def may_see(scope: str, spot: Spot) -> bool:
    """Whether staff who look after `scope` may read of who is at home at `spot`.

    "" is everywhere. Staff of a county or wider also see whom nobody could place; staff of a town
    or a village only see who is known to be at home in it.
    """
    return scope in (spot.town, spot.village) if is_local(scope) else is_within(spot.area, scope)


def visible(scope: str, columns: Any) -> ColumnElement[bool]:
    """The same rule on a table's columns `area`, `town` and `village`."""
    if not scope:
        return true()
    if is_local(scope):
        return or_(columns.town == scope, columns.village == scope)
    if is_county(scope):  # nothing lies below but itself: an index finds it
        return columns.area.in_(("", scope))  # type: ignore[no-any-return]
    return or_(columns.area == "", columns.area.startswith(stem(scope), autoescape=True))


def is_within(area: str, wide: str) -> bool:
    """Whether an area is `wide` or lies below it; "" is everywhere, or not known where."""
    if is_local(wide):
        return area == wide
    return not area or not wide or area.startswith(stem(wide))


def spots(session: Session, person_ids: Collection[str]) -> dict[str, Spot]:
    """Where these people are at home."""
    columns = (_PEOPLE.c.id, _PEOPLE.c.area, _PEOPLE.c.town, _PEOPLE.c.village)
    found = session.execute(select(*columns).where(_PEOPLE.c.id.in_(person_ids)))
    return {row[0]: Spot(row[1], row[2], row[3]) for row in found}


def may_see_person(session: Session, scope: str, person_id: str) -> bool:
    """Whether staff of `scope` may read of this person; False where there is no such person."""
    spot = spots(session, [person_id]).get(person_id)
    return spot is not None and may_see(scope, spot)


def of_tickets(session: Session, scope: str, asked: Sequence[tuple[str, str]]) -> list[bool]:
    """For each ticket, by its person's id and its area, whether staff of `scope` may read it.

    What a stranger asked, or somebody of whom no village is known, is the county's.
    """
    who = {person_id for person_id, _ in asked if person_id} if is_local(scope) else set()
    known = spots(session, who) if who else {}
    return [may_see(scope, known.get(person_id, Spot(area))) for person_id, area in asked]


def may_see_ticket(session: Session, scope: str, person_id: str, area: str) -> bool:
    """Whether staff of `scope` may read this ticket."""
    return of_tickets(session, scope, [(person_id, area)]) == [True]


def stem(area: str) -> str:
    """What all codes below an area begin with: a city's ends in 00, a province's in 0000.

    A town's or village's own id, which may end in 00 as well, is not cut.
    """
    if is_local(area):
        return area
    return area[:2] if area.endswith("0000") else area[:4] if area.endswith("00") else area
