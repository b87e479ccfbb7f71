"""Days of people's own by which waves go, as one table that is joined to people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, String, and_, case, cast, func, select, values
from sqlalchemy import column as named
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement

from records.campaigns import OwnDay, Reason
from records.people import Person
from records.person_facts import PersonFacts
from records.types import UtcDateTime

RETURN_ON = "return_on"  # the code under which the day of the return is kept

_PEOPLE = Person.__table__  # type: ignore[attr-defined]
_FACTS = PersonFacts.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Due:
    """When those whose day this is are written to; `early`: before a night shift."""

    day: date
    at: datetime
    early: datetime


@dataclass(frozen=True, slots=True)
class Turns:
    """A wave by a day of people's own: `first` is the first such day that is not over yet.

    `dues` are all that come before the campaign ends, in their order.
    """

    wave: int
    own: OwnDay
    first: date
    dues: tuple[Due, ...]


class china_day(FunctionElement[str]):
    """The day in China of a moment, as 2026-11-22."""

    name = "china_day"
    type = String()
    inherit_cache = True


@compiles(china_day, "sqlite")
def _in_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"date({compiler.process(element.clauses, **kw)}, '+8 hours')"


@compiles(china_day, "postgresql")
def _in_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    moment = compiler.process(element.clauses, **kw)
    return f"to_char(({moment}) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')"


def table(turns: Sequence[Turns]) -> Any:
    """A row for each wave and day."""
    columns = (
        named("wave", Integer),
        named("day", String),
        named("at", UtcDateTime),
        named("early", UtcDateTime),
    )
    rows = [
        (one.wave, due.day.isoformat(), due.at, due.early) for one in turns for due in one.dues
    ]
    return values(*columns, name="own").data(rows).cte("own")


def of_wave(turns: Sequence[Turns], wave: ColumnElement[int]) -> ColumnElement[str]:
    """The day of a person's own that their wave goes by; "" where it is not known."""
    ways = [(wave == one.wave, _STORED[one.own]()) for one in turns]
    return func.coalesce(case(*ways, else_=""), "")


def why_not(
    turns: Sequence[Turns], wave: ColumnElement[int], day: ColumnElement[str], is_due: Any
) -> ColumnElement[str]:
    """Why the day of somebody's own leaves them out, "" where it does not."""
    past = [(and_(wave == one.wave, day < one.first.isoformat())) for one in turns]
    return case(
        (wave.not_in([one.wave for one in turns]), ""),
        (is_due, ""),
        (day == "", Reason.NO_DAY.value),
        *((flag, Reason.DAY_PAST.value) for flag in past),
        else_=Reason.DAY_LATER.value,
    )


def _registered() -> ColumnElement[str]:
    return china_day(_PEOPLE.c.created_at)


def _returns() -> ColumnElement[str]:
    stored: ColumnElement[str] = _PEOPLE.c.codes[RETURN_ON].as_string()
    return stored


def _licensed() -> ColumnElement[str]:
    last = select(cast(_FACTS.c.registered_last, String))
    return last.where(_FACTS.c.person_id == _PEOPLE.c.id).scalar_subquery()


_STORED: Mapping[OwnDay, Any] = {
    OwnDay.REGISTERED: _registered,
    OwnDay.RETURN: _returns,
    OwnDay.LICENSED: _licensed,
}
