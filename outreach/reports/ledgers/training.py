"""培训后就业率: who works or runs something three months after a course (domain 1.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from outreach.courses.booking import today_of
from outreach.reminders import months_after
from outreach.reports.ledgers import small, spelling
from outreach.reports.ledgers.within import held_in
from outreach.reports.periods import PeriodKind
from outreach.reports.table import Asked, Column, Listed, Report, Row, Subject, Table, Unit, Value
from records.courses import CourseRow, Enrolment, Outcome, Seat
from records.database import Session

_COURSES, _SEATS = CourseRow.__table__, Enrolment.__table__  # type: ignore[attr-defined]
_MONTHS = 3
COLUMNS = (
    Column("no", "编号"),
    Column("title", "培训班"),
    Column("ended", "结课"),
    Column("came", "结业", Unit.PEOPLE),
    Column("founded", "自己干了", Unit.PEOPLE),
    Column("employed", "上班了", Unit.PEOPLE),
    Column("neither", "都没有", Unit.PEOPLE),
    Column("unknown", "没回答或没到时候", Unit.PEOPLE),
    Column("rate", "培训后就业率", Unit.PERCENT),
    Column("response", "有回音的占比", Unit.PERCENT),
)
_NOTES = (
    "本期结课的班，结业是到场学完的人。结课三个月后问一次，按本人的回答。",
    "培训后就业率＝（自己干了＋上班了）÷满三个月的班的结业人数；没回答的算在分母里，另列。",
)


@dataclass(frozen=True, slots=True)
class _Count:
    came: int
    founded: int
    employed: int
    neither: int
    due: int = 0  # of those who came, whose three months are over
    at_work: int = 0  # of these
    told: int = 0

    @property
    def unknown(self) -> int:
        return self.came - self.founded - self.employed - self.neither


def build(session: Session, asked: Asked) -> Table:
    """Each course that ended in the span, the whole on top."""
    today = today_of(asked.now)
    found = session.execute(_counts(asked)).all()
    counts = [_counted(row, today) for row in found]
    whole = _Count(*(sum(getattr(one, key) for one in counts) for key in _Count.__slots__))
    top = Row(
        {"no": "合计", "title": f"{small.worded(len(found), asked)}个班", **_cells(whole)},
        opens={"title": "courses", "came": "came"},
        area=asked.area,
        is_total=True,
    )
    rows = [
        Row(
            {"no": row.id, "title": row.title, "ended": row.ends_on, **_cells(one)},
            area=row.area,
            subject=str(row.id),
        )
        for row, one in zip(found, counts, strict=True)
    ]
    subtitle = f"{asked.named(asked.area)}　{asked.period.spoken}"
    table = Table("培训后就业率", COLUMNS, [top, *rows], _NOTES, subtitle)
    return small.shown(table, asked, parts={"came": _FATES})


def listed(session: Session, asked: Asked) -> Listed:
    """The courses."""
    query = select(_COURSES.c.id).where(*_ended(asked)).order_by(_COURSES.c.id)
    return Listed(Subject.COURSES, [str(each) for each in session.execute(query).scalars()])


def came(session: Session, asked: Asked) -> Listed:
    """Everybody who finished one."""
    query = (
        select(_SEATS.c.person_id)
        .join(_COURSES, _COURSES.c.id == _SEATS.c.course_id)
        .where(*_ended(asked), _SEATS.c.state == Seat.CAME.value)
        .order_by(_SEATS.c.course_id, _SEATS.c.id)
    )
    return Listed(Subject.PEOPLE, list(session.execute(query).scalars()))


def _ended(asked: Asked) -> Sequence[Any]:
    last = min(asked.period.last, today_of(asked.now))
    return (
        held_in(asked.area, _COURSES.c.area),
        _COURSES.c.is_off.is_(False),
        _COURSES.c.ends_on.between(asked.period.first, last),
    )


def _counts(asked: Asked) -> Any:
    is_there = (_SEATS.c.course_id == _COURSES.c.id) & (_SEATS.c.state == Seat.CAME.value)
    said = [
        func.count(_SEATS.c.id).filter(_SEATS.c.outcome == outcome.value)
        for outcome in (Outcome.FOUNDED, Outcome.EMPLOYED, Outcome.NEITHER)
    ]
    read = (_COURSES.c.id, _COURSES.c.area, _COURSES.c.title, _COURSES.c.ends_on)
    return (
        select(*read, func.count(_SEATS.c.id), *said)
        .outerjoin(_SEATS, is_there)
        .where(*_ended(asked))
        .group_by(*read)
        .order_by(_COURSES.c.ends_on, _COURSES.c.id)
    )


def _counted(row: Any, today: date) -> _Count:
    came_, founded, employed, neither = map(int, row[4:8])
    if months_after(row.ends_on, _MONTHS) > today:
        return _Count(came_, founded, employed, neither)
    at_work = founded + employed
    return _Count(came_, founded, employed, neither, came_, at_work, at_work + neither)


_FATES = ("founded", "employed", "neither", "unknown")


def _cells(one: _Count) -> dict[str, Value]:
    return {
        "came": one.came,
        "founded": one.founded,
        "employed": one.employed,
        "neither": one.neither,
        "unknown": one.unknown,
        "rate": spelling.percent(one.at_work, one.due),
        "response": spelling.percent(one.told, one.due),
    }


TRAINING = Report(
    name="training",
    title="培训后就业率",
    about="结课三个月后，结业的人里自己干或上班的占多少，没回音的另列",
    period=PeriodKind.YEAR,
    build=build,
    lists={"courses": listed, "came": came},
)
