"""What became of data whose time was over: each day's erasures by purpose, to be read and signed.

Whatever erases by the clock notes it here, in its own transaction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, select, update
from sqlmodel import Field, Session, SQLModel

from records.dialect import insert
from records.types import Json, UtcDateTime

_CHINA = timezone(timedelta(hours=8))  # whose days the office signs for


class Purpose(StrEnum):
    """What data is kept for; each has its own period (domain P-16)."""

    DRAFTS = "drafts"
    PENDING = "pending"
    OPEN = "open"
    NO_INTENT = "no_intent"
    SUPPORTED = "supported"
    MESSAGES = "messages"
    REQUESTS = "requests"
    PROOFS = "proofs"
    QUESTIONS = "questions"
    TOLD = "told"
    FILES = "files"
    LINES = "lines"
    DELETED = "deleted"
    REMINDERS = "reminders"


class RetentionReport(SQLModel, table=True):
    """A day's report; signed it does not change any more."""

    __tablename__ = "retention_report"

    day: date = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime)
    digest: str = Field(default="", max_length=64)
    signed_by: str = Field(default="", max_length=40)
    signed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class RetentionLine(SQLModel, table=True):
    """One purpose on one day: rows looked at, erased, kept and why, due by the next day."""

    __tablename__ = "retention_line"

    day: date = Field(primary_key=True)
    purpose: str = Field(primary_key=True, max_length=20)
    looked_at: int = 0
    erased: int = 0
    coming: int = 0
    kept: dict[str, Any] = Field(default_factory=dict, sa_column=Column(Json, nullable=False))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a report; `kept` counts by reason."""

    purpose: Purpose
    looked_at: int
    erased: int
    coming: int
    kept: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Report:
    """A day's report with its lines."""

    day: date
    at: datetime
    digest: str
    signed_by: str
    signed_at: datetime | None
    lines: tuple[Line, ...]

    @property
    def erased(self) -> int:
        """Everything that was erased on the day."""
        return sum(line.erased for line in self.lines)


_REPORTS = RetentionReport.__table__  # type: ignore[attr-defined]
_LINES = RetentionLine.__table__  # type: ignore[attr-defined]


def day_of(at: datetime) -> date:
    """The day in China on which something was done."""
    return at.astimezone(_CHINA).date()


def note(session: Session, purpose: Purpose, erased: int, *, at: datetime) -> None:
    """So many rows went just now."""
    if erased:
        row = {"day": day_of(at), "purpose": purpose.value, "looked_at": 0, "coming": 0}
        _upsert(session, {**row, "erased": erased, "kept": {}}, ("erased",))


def keep(session: Session, lines: Sequence[Line], *, at: datetime) -> None:
    """What a look at everything found; what went on the day is noted already."""
    day = day_of(at)
    for line in lines:
        row: dict[str, Any] = {"day": day, "purpose": line.purpose.value, "erased": 0}
        row |= {"looked_at": line.looked_at, "coming": line.coming, "kept": dict(line.kept)}
        _upsert(session, row, ())
    report = session.get(RetentionReport, day)
    if report is None:
        session.add(RetentionReport(day=day, at=at))
    elif report.signed_at is None:
        report.at = at
    session.flush()


def latest(session: Session, limit: int, *, before: date | None = None) -> list[Report]:
    """The newest reports; `before`: older than a day, to page on."""
    query = select(RetentionReport).order_by(_REPORTS.c.day.desc()).limit(limit)
    if before is not None:
        query = query.where(_REPORTS.c.day < before)
    rows = list(session.execute(query).scalars())
    lines = _lines(session, [row.day for row in rows])
    return [_opened(row, lines.get(row.day, ())) for row in rows]


def of_day(session: Session, day: date) -> Report | None:
    """One day's report."""
    row = session.get(RetentionReport, day)
    return _opened(row, _lines(session, [day]).get(day, ())) if row else None


def unsigned(session: Session, before: date) -> list[Report]:
    """The reports of days before this one that nobody has signed, oldest first."""
    query = select(RetentionReport).where(_REPORTS.c.signed_at.is_(None), _REPORTS.c.day < before)
    rows = list(session.execute(query.order_by(_REPORTS.c.day)).scalars())
    lines = _lines(session, [row.day for row in rows])
    return [_opened(row, lines.get(row.day, ())) for row in rows]


def sign(session: Session, reports: Sequence[Report], *, by: str, at: datetime) -> None:
    """They were read; what they said is bound by a hash."""
    for report in reports:
        values = {"digest": digest(report), "signed_by": by, "signed_at": at}
        mine = (_REPORTS.c.day == report.day, _REPORTS.c.signed_at.is_(None))
        session.execute(update(_REPORTS).where(*mine).values(values))


def digest(report: Report) -> str:
    """The hash of what a report says."""
    said = [
        [line.purpose.value, line.looked_at, line.erased, line.coming, dict(line.kept)]
        for line in report.lines
    ]
    whole = json.dumps([report.day.isoformat(), said], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(whole.encode()).hexdigest()


def sums(session: Session, first: date, last: date) -> dict[Purpose, int]:
    """How many rows went for each purpose in these days, both included."""
    query = select(_LINES.c.purpose, _LINES.c.erased).where(
        _LINES.c.day >= first, _LINES.c.day <= last
    )
    found: dict[Purpose, int] = {}
    for purpose, erased in session.execute(query):
        found[Purpose(purpose)] = found.get(Purpose(purpose), 0) + erased
    return found


def _upsert(session: Session, row: Mapping[str, Any], added: tuple[str, ...]) -> None:
    """A new line, or the one that is there with `added` more, or with what was counted anew."""
    new = insert(session, _LINES)
    if added:
        change = {name: _LINES.c[name] + new.excluded[name] for name in added}
    else:
        change = {name: new.excluded[name] for name in ("looked_at", "coming", "kept")}
    put = new.on_conflict_do_update(index_elements=["day", "purpose"], set_=change)
    session.connection().execute(put, dict(row))


def _lines(session: Session, days: Sequence[date]) -> dict[date, tuple[Line, ...]]:
    query = select(_LINES).where(_LINES.c.day.in_(days))
    order = list(Purpose)
    found: dict[date, list[Line]] = {}
    for row in session.execute(query):
        line = Line(Purpose(row.purpose), row.looked_at, row.erased, row.coming, row.kept)
        found.setdefault(row.day, []).append(line)
    return {
        day: tuple(sorted(lines, key=lambda line: order.index(line.purpose)))
        for day, lines in found.items()
    }


def _opened(row: RetentionReport, lines: Sequence[Line]) -> Report:
    return Report(row.day, row.at, row.digest, row.signed_by, row.signed_at, tuple(lines))
