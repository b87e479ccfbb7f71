"""What is used of the windows in which a provider counts calls, for all processes and restarts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert_or_ignore
from records.types import Json


class CallCount(SQLModel, table=True):
    """One limit; `used` holds how many were booked in each period, by the period's beginning."""

    __tablename__ = "call_count"

    name: str = Field(primary_key=True, max_length=120)
    used: dict[str, int] = Field(sa_type=Json)


_TABLE = CallCount.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Booking:
    """A wish for `wanted` calls of a limit, or for `needed` at the least.

    Periods are told by their beginnings, in milliseconds. `first` to `last` (None: open) are those
    that the limit adds up, of which `most` may be used; what is older than `oldest` is forgotten.
    `unused` was booked before and is given back.
    """

    name: str
    period: int
    needed: int
    wanted: int
    most: int
    first: int
    last: int | None
    oldest: int
    unused: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Grant:
    """So many were booked; if none, as soon as the period `waits_for` is over there is room."""

    count: int
    waits_for: int = 0


def book(session: Session, booking: Booking) -> Grant:
    """Book calls before they are made: whatever becomes of them, they count."""
    connection = session.connection()
    new = {"name": booking.name, "used": {}}
    connection.execute(insert_or_ignore(session, _TABLE, ["name"]), [new])
    mine = _TABLE.c.name == booking.name
    stored = connection.scalar(select(_TABLE.c.used).where(mine).with_for_update())
    used = {int(period): number for period, number in (stored or {}).items()}
    grant = booked(used, booking)
    kept = {str(period): number for period, number in used.items()}
    connection.execute(update(_TABLE).where(mine).values(used=kept))
    return grant


def booked(used: dict[int, int], booking: Booking) -> Grant:
    """The same on counts in memory, which it changes."""
    for period in [one for one in used if one < booking.oldest]:
        del used[period]
    for period, number in booking.unused.items():
        if period in used:
            used[period] = max(0, used[period] - number)
    counted = {period: used[period] for period in sorted(used) if _counts(period, booking)}
    room = booking.most - sum(counted.values())
    if room < booking.needed:
        return Grant(0, _free_after(counted, booking.needed - room, booking.period))
    count = min(booking.wanted, room)
    used[booking.period] = used.get(booking.period, 0) + count
    return Grant(count)


def _counts(period: int, booking: Booking) -> bool:
    return booking.first <= period and (booking.last is None or period <= booking.last)


def _free_after(counted: dict[int, int], missing: int, last: int) -> int:
    """The period with whose end so many are free again."""
    for period, number in counted.items():
        missing -= number
        if missing <= 0:
            return period
    return last
