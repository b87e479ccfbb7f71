"""诉求用时: requests of a span by kind, level and place, in working days (domain 1.8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select

from outreach.calendars import CHINA
from outreach.cases.quota import is_county
from outreach.reports.ledgers import small, spelling
from outreach.reports.ledgers.within import PEOPLE, whose
from outreach.reports.periods import Period, PeriodKind
from outreach.reports.places import inside
from outreach.reports.table import Asked, Column, Listed, Report, Row, Subject, Table, Unit, Value
from outreach.working_days import Deadline, NotAnnounced, between, deadline
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
_LISTED = ("opened", "closed", "late", "overdue", "again")
_NOTES = (
    "用时是从提出到办结的工作日，提出那天不算；一半、九成是从快到慢排，排到一半、九成的那一件。",
    "又提：同一人同一类的诉求办结后30天内又提的新诉求。算不出：那一年的放假安排还没公布。",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """What a request counts as in a span."""

    row: Any
    opened: bool
    closed: bool
    late: bool
    overdue: bool
    again: bool
    took: int | None


@dataclass(slots=True)
class _Count:
    opened: int = 0
    closed: int = 0
    late: int = 0
    overdue: int = 0
    again: int = 0
    unknown: int = 0
    took: list[int] = field(default_factory=list)

    def add(self, one: Fact) -> None:
        """Count one request."""
        self.opened += one.opened
        self.closed += one.closed
        self.late += one.late
        self.overdue += one.overdue
        self.again += one.again
        self.unknown += one.closed and one.took is None
        self.took += [one.took] if one.took is not None else []


class _Days:
    """Working days, each span counted once: fifty thousand requests have few days among them."""

    def __init__(self) -> None:
        self._last: dict[tuple[date, int], Deadline] = {}
        self._took: dict[tuple[date, date], int | None] = {}

    def is_late(self, row: Any, now: datetime) -> bool:
        """Whether the last day of a request had passed at a moment."""
        began = row.starts_at or row.opened_at
        key = (began.astimezone(CHINA).date(), row.working_days)
        if key not in self._last:
            self._last[key] = deadline(began, row.working_days)
        return self._last[key].is_over(now.astimezone(CHINA).date())

    def took(self, row: Any) -> int | None:
        """From opening to closing; None where a year is not announced."""
        key = (row.opened_at.astimezone(CHINA).date(), row.closed_at.astimezone(CHINA).date())
        if key not in self._took:
            try:
                self._took[key] = between(row.opened_at, row.closed_at)
            except NotAnnounced:
                self._took[key] = None
        return self._took[key]


def build(session: Session, asked: Asked) -> Table:
    """The whole, then by kind, by level, by place."""
    found = facts(session, asked)
    rows = [_row("合计", "", _counted(found), asked.area, is_total=True)]
    splits: tuple[tuple[str, Callable[[Any], str], Callable[[str], str]], ...] = (
        ("事项", lambda row: str(row.kind), lambda key: KINDS.get(key, key)),
        ("层级", lambda row: str(row.level), lambda key: _LEVELS.get(key, key)),
        ("地方", _place(asked.area), lambda key: _named(key, asked)),
    )
    for by, key, named in splits:
        for name, part in sorted(parted(found, key).items()):
            area = name if by == "地方" else ""
            rows.append(_row(by, named(name), _counted(part), area))
    subtitle = f"{asked.named(asked.area)}　{asked.period.spoken}"
    table = Table("诉求办理用时", COLUMNS, rows, _NOTES, subtitle)
    return small.shown(table, asked, section="by")


def measure(session: Session, asked: Asked) -> Mapping[str, Value]:
    """The figures of one place."""
    return _figures(_counted(facts(session, asked)))


def overdue_by_kind(session: Session, asked: Asked) -> dict[str, int]:
    """How many of each kind, in words, wait beyond their last day."""
    late = [one for one in facts(session, asked) if one.overdue]
    by_kind = parted(late, lambda row: str(row.kind))
    return {KINDS.get(kind, kind): len(part) for kind, part in sorted(by_kind.items())}


def facts(session: Session, asked: Asked) -> list[Fact]:
    """Every request that was made or closed in the span, or is overdue at its end."""
    found, days = _rows(session, asked), _Days()
    again = _again(found, asked.period)
    facts = (_fact(row, asked, days, again) for row in found)
    return [one for one in facts if one.opened or one.closed or one.overdue]


def parted(found: Iterable[Fact], key: Callable[[Any], str]) -> dict[str, list[Fact]]:
    """The same by a key."""
    parts: dict[str, list[Fact]] = defaultdict(list)
    for one in found:
        parts[key(one.row)].append(one)
    return parts


def counts_as(name: str) -> Callable[[Session, Asked], Listed]:
    """The requests that count as this."""
    return lambda session, asked: Listed(
        Subject.TICKETS,
        [one.row.number for one in facts(session, asked) if getattr(one, name)],
    )


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
        if row.person_id and _in(row.opened_at, period)
        for at in closings.get((row.person_id, row.kind), ())
        if at <= row.opened_at <= at + _AGAIN
    }


def _fact(row: Any, asked: Asked, days: _Days, again: set[str]) -> Fact:
    until = min(asked.now, asked.period.end)
    is_open = row.opened_at < until and (row.closed_at is None or row.closed_at >= until)
    is_closed = _in(row.closed_at, asked.period)
    return Fact(
        row,
        opened=_in(row.opened_at, asked.period),
        closed=is_closed,
        late=is_closed and days.is_late(row, row.closed_at),
        overdue=is_open and days.is_late(row, until),
        again=row.number in again,
        took=days.took(row) if is_closed else None,
    )


def _counted(found: Iterable[Fact]) -> _Count:
    count = _Count()
    for one in found:
        count.add(one)
    return count


def _figures(one: _Count) -> dict[str, Value]:
    return {
        **{key: getattr(one, key) for key in (*_LISTED, "unknown")},
        "p50": spelling.rank(one.took, 50),
        "p90": spelling.rank(one.took, 90),
    }


def _row(by: str, name: str, one: _Count, area: str, *, is_total: bool = False) -> Row:
    opens = {key: key for key in _LISTED} if is_total or area else {}
    return Row({"by": by, "name": name, **_figures(one)}, opens, area, is_total=is_total)


def _named(place: str, asked: Asked) -> str:
    return inside(asked.named(place), asked.named(asked.area)) if place else "不清楚"


def _place(area: str) -> Callable[[Any], str]:
    if is_local(area):
        return lambda row: str(row.village or "")
    if is_county(area):
        return lambda row: str(row.town or "")
    return lambda row: str(row.area)


def _in(at: datetime | None, period: Period) -> bool:
    return at is not None and period.begin <= at < period.end


TICKET_TIMES = Report(
    name="ticket_times",
    title="诉求办理用时",
    about="一个月的诉求：提了多少、办了多少、几天办结、超期多少，按事项、层级、地方分",
    period=PeriodKind.MONTH,
    build=build,
    lists={key: counts_as(key) for key in _LISTED},
)
