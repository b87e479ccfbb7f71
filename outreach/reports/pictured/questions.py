"""What is asked and could not be answered well, month by month."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, case, func, select, true

from outreach.reports.periods import Period, PeriodKind, containing
from outreach.reports.pictured.picture import Picture, Series, Shape
from outreach.reports.table import Unit
from records import scope
from records.database import Session
from records.gaps import Gap
from records.questions import OpenQuestion

_ASKED, _GAPS = OpenQuestion.__table__, Gap.__table__  # type: ignore[attr-defined]
_MONTHS = 6  # so long a question is kept
_TOPICS = 5
_NAME = 14  # signs of a question that stand for its topic


def topics(session: Session, area: str, day: date) -> Picture:
    """The questions asked most in half a year, how often in each month."""
    months = _months(day)
    sums = [func.sum(case((_within(one.begin, one.end), 1), else_=0)) for one in months]
    most = _most(session, area, months[0].begin)
    query = (
        select(_ASKED.c.gap, *sums)
        .where(_ASKED.c.gap.in_(most), _ASKED.c.asked_at >= months[0].begin, _here(area, _ASKED))
        .group_by(_ASKED.c.gap)
    )
    found = {row[0]: [int(n or 0) for n in row[1:]] for row in session.execute(query)}
    return Picture(
        "topics",
        Shape.LINES,
        "没答好的问题，问得最多的几样",
        Unit.TIMES,
        "月份",
        [f"{one.first.month}月" for one in months],
        [Series(_short(most[gap]), found[gap]) for gap in most if gap in found],
        note="一样问题的不同问法算在一起；没答上的、拿不准的、说没用的都算。只留半年。",
    )


def _most(session: Session, area: str, since: datetime) -> dict[int, str]:
    """The gaps asked about most, the most first, each with the question that stands for it."""
    often = func.count().label("often")
    counted = (
        select(_ASKED.c.gap, often)
        .where(_ASKED.c.gap.is_not(None), _ASKED.c.asked_at >= since, _here(area, _ASKED))
        .group_by(_ASKED.c.gap)
        .order_by(often.desc(), _ASKED.c.gap)
        .limit(_TOPICS)
        .subquery()
    )
    query = (
        select(_GAPS.c.id, _GAPS.c.text)
        .join(counted, counted.c.gap == _GAPS.c.id)
        .order_by(counted.c.often.desc(), _GAPS.c.id)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def _months(day: date) -> list[Period]:
    """The last six, the one that the day lies in as the last."""
    found = [containing(PeriodKind.MONTH, day)]
    while len(found) < _MONTHS:
        found.append(found[-1].before())
    return found[::-1]


def _here(area: str, table: object) -> ColumnElement[bool]:
    columns = table.c  # type: ignore[attr-defined]
    if not area:
        return true()
    found: ColumnElement[bool] = columns.area.startswith(scope.stem(area), autoescape=True)
    return found


def _within(begin: datetime, end: datetime) -> ColumnElement[bool]:
    found: ColumnElement[bool] = (_ASKED.c.asked_at >= begin) & (_ASKED.c.asked_at < end)
    return found


def _short(text: str) -> str:
    return text if len(text) <= _NAME else f"{text[:_NAME]}…"
