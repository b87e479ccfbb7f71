"""服务覆盖率: of those with an intent, how many have been spoken to at least once (domain 1.8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from outreach.reports.ledgers import places, small, spelling
from outreach.reports.ledgers.people import intending
from outreach.reports.ledgers.within import INTENDS, IS_REGISTERED, PEOPLE, here
from outreach.reports.periods import PeriodKind
from outreach.reports.table import Asked, Column, Listed, Report, Subject, Table, Unit, Value
from records.assignments import Assignment, Help
from records.database import Session
from records.visits import Visit, VisitKind

_VISITS, _ASSIGNED = Visit.__table__, Assignment.__table__  # type: ignore[attr-defined]
COLUMNS = (
    places.PLACE,
    Column("intending", "有创业意向", Unit.PEOPLE),
    Column("helped", "配了专员", Unit.PEOPLE),
    Column("reached", "联系过至少一次", Unit.PEOPLE),
    Column("unreached", "还没联系过", Unit.PEOPLE),
    Column("coverage", "服务覆盖率", Unit.PERCENT),
)
_NOTES = (
    "有创业意向：已经在干、马上想干、有想法没想好的人，按现在的想法。",
    "联系过：到那一天为止记过走访、回访、入企或辅导；打了没人接的不算。覆盖率＝联系过÷有意向。",
)


def build(session: Session, asked: Asked) -> Table:
    """Coverage of the area and of each of its parts, as of a day."""
    rows = places.rows(session, asked, measure, opens=("intending", "reached", "unreached"))
    subtitle = f"{asked.named(asked.area)}　{asked.period.spoken}"
    table = Table("服务覆盖率", COLUMNS, rows, _NOTES, subtitle)
    return small.shown(table, asked, parts={"intending": ("reached", "unreached")})


def reached(session: Session, asked: Asked) -> Listed:
    """Those who have been spoken to."""
    return _listed(session, asked, _reached(asked))


def unreached(session: Session, asked: Asked) -> Listed:
    """Those who have not."""
    return _listed(session, asked, ~_reached(asked))


def measure(session: Session, asked: Asked) -> Mapping[str, Value]:
    """The figures of one place."""
    helped = (
        select(_ASSIGNED.c.id)
        .where(_ASSIGNED.c.person_id == PEOPLE.c.id, _ASSIGNED.c.until.is_(None))
        .where(_ASSIGNED.c.help == Help.COMMISSIONER.value)
        .exists()
    )
    query = select(
        func.count(), func.count().filter(helped), func.count().filter(_reached(asked))
    ).where(IS_REGISTERED, INTENDS, here(asked.area, PEOPLE.c))
    whole, with_helper, spoken = map(int, session.execute(query).one())
    return {
        "intending": whole,
        "helped": with_helper,
        "reached": spoken,
        "unreached": whole - spoken,
        "coverage": spelling.percent(spoken, whole),
    }


def _reached(asked: Asked) -> Any:
    return (
        select(_VISITS.c.id)
        .where(_VISITS.c.person_id == PEOPLE.c.id, _VISITS.c.at < asked.period.end)
        .where(_VISITS.c.kind != VisitKind.NO_ANSWER.value)
        .exists()
    )


def _listed(session: Session, asked: Asked, wanted: Any) -> Listed:
    query = select(PEOPLE.c.id).where(IS_REGISTERED, INTENDS, here(asked.area, PEOPLE.c), wanted)
    return Listed(Subject.PEOPLE, list(session.execute(query.order_by(PEOPLE.c.id)).scalars()))


COVERAGE = Report(
    name="coverage",
    title="服务覆盖率",
    about="有创业意向的人里，联系过的占多少，谁还没联系",
    period=PeriodKind.DAY,
    build=build,
    lists={"intending": intending, "reached": reached, "unreached": unreached},
)
