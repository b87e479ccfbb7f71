"""诉求用时: requests of a span by kind, level and place, in working days (domain 1.8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from outreach import clocks
from outreach.reports.ledgers import small, spelling
from outreach.reports.ledgers.within import PEOPLE, whose
from outreach.reports.periods import Period, PeriodKind
from outreach.reports.table import Asked, Column, Listed, Report, Row, Subject, Table, Unit, Value
from outreach.working_days import NotAnnounced, between
from records.database import Session
from records.scope import is_local
from records.tickets import Level, Ticket, TicketKind

_TICKETS = Ticket.__table__  # type: ignore[attr-defined]
_AGAIN = timedelta(days=30)  # who asks for the same so soon had not been helped
_READ = tuple(
    _TICKETS.c[name]
    for name in (
        *("number", "person_id", "area", "kind", "level", "working_days"),
        *("starts_at", "opened_at", "closed_at"),
    )
)
KINDS = {
    TicketKind.TALK.value: "想找人说话",
    TicketKind.CALLBACK.value: "请回电话",
    TicketKind.COMPLAINT.value: "投诉",
    TicketKind.CLOSED_BUSINESS.value: "停业求助",
    TicketKind.SCAM.value: "疑似诈骗",
    TicketKind.DANGER.value: "有人危险",
    TicketKind.IDENTITY.value: "个人信息",
    TicketKind.HOME.value: "老家的事",
    TicketKind.APPLICATION.value: "申请",
}
_LEVELS = {Level.VILLAGE.value: "村", Level.TOWN.value: "镇", Level.COUNTY.value: "县"}
COLUMNS = (
    Column("by", "按什么分"),
    Column("name", "名称"),
    Column("opened", "新提", Unit.CASES),
    Column("closed", "办结", Unit.CASES),
    Column("p50", "一半在几天内办结", Unit.WORKING_DAYS),
    Column("p90", "九成在几天内办结", Unit.WORKING_DAYS),
    Column("late", "超期办结", Unit.CASES),
    Column("overdue", "超期没办结", Unit.CASES),
    Column("again", "办结后30天内又提", Unit.CASES),
    Column("unknown", "算不出用时", Unit.CASES),
)
_NOTES = (
    "用时是从提出到办结的工作日，提出那天不算；一半、九成是从快到慢排，排到一半、九成的那一件。",
    "又提：同一人同一类的诉求办结后30天内又提的新诉求。算不出：那一年的放假安排还没公布。",
)


@dataclass(slots=True)
class _Count:
    opened: int = 0
    closed: int = 0
    late: int = 0
    overdue: int = 0
    again: int = 0
    unknown: int = 0
    took: list[int] = field(default_factory=list)


def build(session: Session, asked: Asked) -> Table:
    """The whole, then by kind, by level, by place."""
    found = _rows(session, asked)
    again = _again(found, asked.period)
    days: dict[tuple[date, date], int | None] = {}
    whole = _counted(found, lambda row: "", asked, again, days)
    rows = [_row("合计", "", whole[""] if whole else _Count(), asked.area, is_total=True)]
    splits: tuple[tuple[str, Callable[[Any], str], Callable[[str], str]], ...] = (
        ("事项", lambda row: str(row.kind), lambda key: KINDS.get(key, key)),
        ("层级", lambda row: str(row.level), lambda key: _LEVELS.get(key, key)),
        ("地方", _place(asked.area), lambda key: asked.named(key) if key else "不清楚"),
    )
    for by, key, named in splits:
        counts = _counted(found, key, asked, again, days)
        for name in sorted(counts):
            area = name if by == "地方" and name else ""
            rows.append(_row(by, named(name), counts[name], area))
    subtitle = f"{asked.named(asked.area)}　{asked.period.spoken}"
    table = Table("诉求办理用时", COLUMNS, rows, _NOTES, subtitle)
    return small.shown(table, asked, section="by")


def opened(session: Session, asked: Asked) -> Listed:
    """Made in the span."""
    rows = _rows(session, asked)
    return _listed(row for row in rows if _in(row.opened_at, asked.period))


def closed(session: Session, asked: Asked) -> Listed:
    """Closed in the span."""
    rows = _rows(session, asked)
    return _listed(row for row in rows if _in(row.closed_at, asked.period))


def late(session: Session, asked: Asked) -> Listed:
    """Closed in the span after their last day."""
    rows = [row for row in _rows(session, asked) if _in(row.closed_at, asked.period)]
    return _listed(row for row in rows if _clock(row).is_late(row.closed_at))


def overdue(session: Session, asked: Asked) -> Listed:
    """Open at the end of the span, or now, with their last day passed."""
    return _listed(row for row in _rows(session, asked) if _is_overdue(row, asked))


def again(session: Session, asked: Asked) -> Listed:
    """Asked for again within 30 days."""
    found = _rows(session, asked)
    numbers = _again(found, asked.period)
    return _listed(row for row in found if row.number in numbers)


def _rows(session: Session, asked: Asked) -> list[Any]:
    """What was open at any time of the span, and what was closed shortly before."""
    period = asked.period
    touched = and_(
        _TICKETS.c.opened_at < period.end,
        or_(_TICKETS.c.closed_at.is_(None), _TICKETS.c.closed_at >= period.begin - _AGAIN),
    )
    query = (
        select(*_READ, PEOPLE.c.town, PEOPLE.c.village)
        .outerjoin(PEOPLE, PEOPLE.c.id == _TICKETS.c.person_id)
        .where(whose(asked.area, _TICKETS.c), touched)
    )
    return list(session.execute(query.order_by(_TICKETS.c.opened_at, _TICKETS.c.number)))


def _again(found: Iterable[Any], period: Period) -> set[str]:
    closings: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for row in found:
        if row.person_id and row.closed_at:
            closings[row.person_id, row.kind].append(row.closed_at)
    return {
        row.number
        for row in found
        if _in(row.opened_at, period)
        for at in closings.get((row.person_id, row.kind), ())
        if at <= row.opened_at <= at + _AGAIN and row.person_id
    }


def _counted(
    found: Iterable[Any],
    key: Callable[[Any], str],
    asked: Asked,
    again: set[str],
    days: dict[tuple[date, date], int | None],
) -> Mapping[str, _Count]:
    counts: dict[str, _Count] = defaultdict(_Count)
    for row in found:
        is_overdue = _is_overdue(row, asked)
        is_closed = _in(row.closed_at, asked.period)
        if not (is_overdue or is_closed or _in(row.opened_at, asked.period)):
            continue
        one = counts[key(row)]
        one.opened += _in(row.opened_at, asked.period)
        one.again += row.number in again
        one.overdue += is_overdue
        if is_closed:
            one.closed += 1
            one.late += _clock(row).is_late(row.closed_at)
            took = _took(row, days)
            one.unknown += took is None
            one.took += [took] if took is not None else []
    return counts


def _row(by: str, name: str, one: _Count, area: str, *, is_total: bool = False) -> Row:
    cells: dict[str, Value] = {
        "by": by,
        "name": name,
        "opened": one.opened,
        "closed": one.closed,
        "p50": spelling.rank(one.took, 50),
        "p90": spelling.rank(one.took, 90),
        "late": one.late,
        "overdue": one.overdue,
        "again": one.again,
        "unknown": one.unknown,
    }
    lists = ("opened", "closed", "late", "overdue", "again")
    is_listed = is_total or bool(area)
    return Row(cells, {key: key for key in lists} if is_listed else {}, area, is_total=is_total)


def _is_overdue(row: Any, asked: Asked) -> bool:
    until = min(asked.now, asked.period.end)
    is_open = row.closed_at is None or row.closed_at >= until
    return is_open and row.opened_at < until and _clock(row).is_late(until)


def _place(area: str) -> Callable[[Any], str]:
    if is_local(area):
        return lambda row: str(row.village or "")
    if len(area) == len("430381") and not area.endswith("00"):
        return lambda row: str(row.town or "")
    return lambda row: str(row.area)


def _took(row: Any, days: dict[tuple[date, date], int | None]) -> int | None:
    first, last = spelling.day(row.opened_at), spelling.day(row.closed_at)
    assert first is not None
    assert last is not None
    if (first, last) not in days:
        try:
            days[first, last] = between(row.opened_at, row.closed_at)
        except NotAnnounced:
            days[first, last] = None
    return days[first, last]


def _clock(row: Any) -> clocks.Clock:
    return clocks.clock(row.starts_at or row.opened_at, row.working_days)


def _in(at: datetime | None, period: Period) -> bool:
    return at is not None and period.begin <= at < period.end


def _listed(rows: Iterable[Any]) -> Listed:
    return Listed(Subject.TICKETS, [row.number for row in rows])


TICKET_TIMES = Report(
    name="ticket_times",
    title="诉求办理用时",
    about="一个月的诉求：提了多少、办了多少、几天办结、超期多少，按事项、层级、地方分。",
    period=PeriodKind.MONTH,
    build=build,
    lists={
        "opened": opened,
        "closed": closed,
        "late": late,
        "overdue": overdue,
        "again": again,
    },
)
