"""1年存活率: businesses whose first birthday lies in the span; what nobody knows stands apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from sqlalchemy import select

from matching.facts import add_months
from outreach.courses.booking import today_of
from outreach.helping import survival
from outreach.reports.ledgers import places, small, spelling
from outreach.reports.ledgers.within import here, pages
from outreach.reports.periods import PeriodKind
from outreach.reports.table import Asked, Column, Listed, Report, Subject, Table, Unit, Value
from records.database import Session
from records.entities import Entity

_ENTITIES = Entity.__table__  # type: ignore[attr-defined]
_YEAR = 12
_SLACK = timedelta(days=3)  # a 29 February has its birthday on the 28th
COLUMNS = (
    places.PLACE,
    Column("year_old", "满一年的主体", Unit.PIECES),
    Column("open", "还开着", Unit.PIECES),
    Column("closed", "停业", Unit.PIECES),
    Column("unknown", "不清楚", Unit.PIECES),
    Column("rate", "1年存活率", Unit.PERCENT),
    Column("known", "有数的占比", Unit.PERCENT),
)
_NOTES = (
    "本期满一周年的经营主体。还开着：满一年前后或以后有人见它开着，或者满一年以后才停业。",
    "存活率＝还开着÷（还开着＋停业），不清楚的另列，不进存活率。",
)


def build(session: Session, asked: Asked) -> Table:
    """Survival in the area and in each of its parts."""
    opens = ("year_old", "open", "closed", "unknown")
    rows = places.rows(session, asked, measure, opens=opens)
    subtitle = f"{asked.named(asked.area)}　{asked.period.spoken}"
    table = Table("1年存活率", COLUMNS, rows, _NOTES, subtitle)
    return small.shown(table, asked, parts={"year_old": ("open", "closed", "unknown")})


def measure(session: Session, asked: Asked) -> Mapping[str, Value]:
    """The figures of one place."""
    fates = _fates(session, asked)
    found = survival.counted(fates)
    return {
        "year_old": len(fates),
        "open": found.open,
        "closed": found.closed,
        "unknown": found.unknown,
        "rate": spelling.percent(found.open, found.known),
        "known": spelling.percent(found.known, len(fates)),
    }


def listed(session: Session, asked: Asked) -> Listed:
    """The businesses whose first birthday it is."""
    return Listed(Subject.ENTITIES, [row.id for row in _year_old(session, asked)])


def with_fate(fate: str) -> Callable[[Session, Asked], Listed]:
    """Those of whom this is known."""

    def found(session: Session, asked: Asked) -> Listed:
        fates = _fates(session, asked)
        return Listed(Subject.ENTITIES, [one for one, each in fates.items() if each == fate])

    return found


def _fates(session: Session, asked: Asked) -> dict[str, str]:
    rows = _year_old(session, asked)
    found: dict[str, str] = {}
    for page in pages(rows):
        found |= survival.fates(session, page)
    return found


def _year_old(session: Session, asked: Asked) -> Sequence[Entity]:
    """Whose first birthday lies in the span and has come."""
    first, last = asked.period.first, min(asked.period.last, today_of(asked.now))
    near = (add_months(first, -_YEAR) - _SLACK, add_months(last, -_YEAR) + _SLACK)
    query = select(Entity).where(
        here(asked.area, _ENTITIES.c), _ENTITIES.c.began_on.between(*near)
    )
    return [
        row
        for row in session.execute(query.order_by(_ENTITIES.c.id)).scalars()
        if row.began_on is not None and first <= add_months(row.began_on, _YEAR) <= last
    ]


SURVIVAL = Report(
    name="survival",
    title="1年存活率",
    about="满一年的经营主体里还开着的占多少，不清楚的另列",
    period=PeriodKind.YEAR,
    build=build,
    lists={
        "year_old": listed,
        **{fate: with_fate(fate) for fate in ("open", "closed", "unknown")},
    },
)
