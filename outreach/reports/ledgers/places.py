"""A measure for an area and each part of it: a row for the whole, then one for each place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from outreach.reports.ledgers.within import IS_REGISTERED, PEOPLE, here
from outreach.reports.places import inside
from outreach.reports.table import Asked, Column, Row, Value
from records.database import Session
from records.scope import is_local

PLACE = Column("place", "地方")
_COUNTY = 6  # characters of a county's code
Measure = Callable[[Session, Asked], Mapping[str, Value]]


def rows(
    session: Session,
    asked: Asked,
    measure: Measure,
    *,
    opens: Sequence[str] = (),
    has_towns: bool = True,
) -> list[Row]:
    """The whole first; `opens` names the figures that open the list of their own name."""
    listed = {key: key for key in opens}
    whole = _cells("合计", measure(session, asked))
    found = [Row(whole, listed, asked.area, is_total=True)]
    inside_it = parts(session, asked.area, has_towns=has_towns)
    for done, part in enumerate(inside_it, 1):
        name = inside(asked.named(part), asked.named(asked.area))
        cells = _cells(name, measure(session, replace(asked, area=part)))
        if any(value for key, value in cells.items() if key != PLACE.key):
            found.append(Row(cells, listed, part))
        asked.tell(done, len(inside_it))
    return found


def parts(session: Session, area: str, *, has_towns: bool = True) -> list[str]:
    """The counties of a wide area, the towns of a county, where somebody is registered."""
    is_wide = not area or area.endswith("00") or len(area) < _COUNTY
    if is_local(area) or (not is_wide and not has_towns):
        return []
    column = PEOPLE.c.area if is_wide else PEOPLE.c.town
    query = select(column).where(IS_REGISTERED, here(area, PEOPLE.c), column != "").distinct()
    return sorted(session.execute(query).scalars())


def _cells(place: str, told: Mapping[str, Value]) -> dict[str, Value]:
    return {PLACE.key: place, **told}
