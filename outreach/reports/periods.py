"""The spans that reports are made of: a day, a month, two months, a quarter, a year."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from outreach.calendars import CHINA


class PeriodKind(StrEnum):
    """How long a report's span is; `DAY` is of how things stand on a day."""

    DAY = "day"
    MONTH = "month"
    TWO_MONTHS = "two_months"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {
    PeriodKind.MONTH: 1,
    PeriodKind.TWO_MONTHS: 2,
    PeriodKind.QUARTER: 3,
    PeriodKind.YEAR: 12,
}
_FORMS = {
    PeriodKind.DAY: re.compile(r"(\d{4})-(\d\d)-(\d\d)"),
    PeriodKind.MONTH: re.compile(r"(\d{4})-(\d\d)"),
    PeriodKind.TWO_MONTHS: re.compile(r"(\d{4})-B([1-6])"),
    PeriodKind.QUARTER: re.compile(r"(\d{4})-Q([1-4])"),
    PeriodKind.YEAR: re.compile(r"(\d{4})"),
}


_YEARS = range(1900, 2200)  # the calendar goes on on both sides of them


class PeriodFault(ValueError):
    """A period that cannot be read; one sentence for operators."""


@dataclass(frozen=True, slots=True)
class Period:
    """A span of whole days in China, both ends in it."""

    kind: PeriodKind
    first: date
    last: date

    def __str__(self) -> str:
        """As it is typed: 2026-11-22, 2026-11, 2026-B6, 2026-Q4, 2026."""
        year, month = self.first.year, self.first.month
        match self.kind:
            case PeriodKind.DAY:
                return self.first.isoformat()
            case PeriodKind.MONTH:
                return f"{year}-{month:02}"
            case PeriodKind.TWO_MONTHS:
                return f"{year}-B{(month + 1) // 2}"
            case PeriodKind.QUARTER:
                return f"{year}-Q{(month + 2) // 3}"
            case PeriodKind.YEAR:
                return f"{year}"

    @property
    def spoken(self) -> str:
        """As people say it: 2026年11月, 2026年第4季度."""
        year, month = self.first.year, self.first.month
        match self.kind:
            case PeriodKind.DAY:
                return f"{year}年{month}月{self.first.day}日"
            case PeriodKind.MONTH:
                return f"{year}年{month}月"
            case PeriodKind.TWO_MONTHS:
                return f"{year}年{month}—{self.last.month}月"
            case PeriodKind.QUARTER:
                return f"{year}年第{(month + 2) // 3}季度"
            case PeriodKind.YEAR:
                return f"{year}年"

    @property
    def begin(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), CHINA)

    @property
    def end(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), CHINA)

    def holds(self, day: date | None) -> bool:
        """Whether a day lies in it."""
        return day is not None and self.first <= day <= self.last

    def before(self) -> Period:
        """The span of its kind that ended when it began."""
        return containing(self.kind, self.first - timedelta(days=1))


def containing(kind: PeriodKind, day: date) -> Period:
    """The span of a kind that a day lies in."""
    if kind is PeriodKind.DAY:
        return Period(kind, day, day)
    length = _MONTHS[kind]
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    after = first.year * 12 + first.month - 1 + length
    return Period(kind, first, date(after // 12, after % 12 + 1, 1) - timedelta(days=1))


def parse(text: str) -> Period:
    """A span as typed; PeriodFault where it is none."""
    for kind, form in _FORMS.items():
        if found := form.fullmatch(text.strip()):
            return containing(kind, _day(kind, [int(part) for part in found.groups()], text))
    raise PeriodFault(
        f"{text!r} is no period: give 2026-11-22, 2026-11, 2026-B6 (two months), 2026-Q4 or 2026"
    )


def _day(kind: PeriodKind, parts: list[int], text: str) -> date:
    year, *rest = parts
    if year not in _YEARS:
        raise PeriodFault(f"{text!r} is no year of reports: give one from 1900 to 2199")
    length = _MONTHS.get(kind, 1)
    month = (rest[0] - 1) * length + 1 if rest else 1
    try:
        return date(year, month, rest[1] if len(rest) > 1 else 1)
    except ValueError as fault:
        raise PeriodFault(f"{text!r} is no day that there is") from fault
