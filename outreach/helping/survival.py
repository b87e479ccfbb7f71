"""How many businesses are alive after a year: those that nobody has heard of are told apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from matching.facts import add_months
from outreach.calendars import CHINA
from records import entities, visits
from records.database import Session
from records.entities import Entity
from records.scope import is_within
from records.visits import Standing

_YEAR = 12
_NEAR = timedelta(days=45)  # a call-back so long before the day still tells of it


@dataclass(frozen=True, slots=True)
class Survival:
    """What is known, a year later, of the businesses that began in a period (domain 1.8)."""

    open: int
    closed: int
    unknown: int

    @property
    def known(self) -> int:
        """What the rate is a rate of."""
        return self.open + self.closed

    @property
    def rate(self) -> float | None:
        """The share of those still open among the known; None where nothing is known."""
        return self.open / self.known if self.known else None


def after_a_year(session: Session, first: date, last: date, *, area: str = "") -> Survival:
    """The businesses of an area that began on these days or between, at their first birthday."""
    rows = entities.began_between(session, first, last)
    return of(session, [row for row in rows if is_within(row.area, area)])


def of(session: Session, rows: Sequence[Entity]) -> Survival:
    """These businesses at their first birthday."""
    return counted(fates(session, rows))


def fates(session: Session, rows: Sequence[Entity]) -> dict[str, str]:
    """What is known of each of these businesses at its first birthday, by its id."""
    seen = _last_seen_open(session, rows)
    return {row.id: _fate(row, seen.get(row.person_id)) for row in rows}


def counted(found: Mapping[str, str]) -> Survival:
    """How many of each fate."""
    known = list(found.values())
    return Survival(known.count("open"), known.count("closed"), known.count("unknown"))


def _fate(row: Entity, seen: date | None) -> str:
    if row.began_on is None:
        return "unknown"
    birthday = add_months(row.began_on, _YEAR)
    if row.closed_on is not None and row.closed_on <= birthday:
        return "closed"
    is_later = row.closed_on is not None and row.closed_on > birthday
    if is_later or (seen is not None and seen >= birthday - _NEAR):
        return "open"
    return "unknown"


def _last_seen_open(session: Session, rows: Iterable[Entity]) -> dict[str, date]:
    found = visits.last_with(session, [row.person_id for row in rows], Standing.OPEN)
    return {person_id: at.astimezone(CHINA).date() for person_id, at in found.items()}
