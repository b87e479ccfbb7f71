"""A paper: a report that is owed on a day, by whom, and in which words it is sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from outreach.reports.periods import Period, PeriodKind
from outreach.reports.table import Asked, Report, Table
from records.database import Session


class Level(StrEnum):
    """Who owes it."""

    TOWN = "town"
    COUNTY = "county"
    CITY = "city"


def _no_words(table: Table, asked: Asked) -> Sequence[str]:
    return ()


def _nothing_added(session: Session, asked: Asked) -> Sequence[Table]:
    return ()


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper; `due` is how many days after its period it is owed.

    `is_rolled_up`: made of other papers, so a draft is counted anew while nobody has checked it.
    """

    report: Report
    level: Level
    due: int
    body: Callable[[Table, Asked], Sequence[str]] = _no_words
    added: Callable[[Session, Asked], Sequence[Table]] = _nothing_added
    addressee: str = ""
    is_rolled_up: bool = False
    every: PeriodKind | None = None  # where it is owed more often than the report says

    @property
    def kind(self) -> PeriodKind:
        """The span that it is owed for."""
        return self.every or self.report.period

    @property
    def kinds(self) -> frozenset[PeriodKind]:
        """The spans that it can be made of."""
        return self.report.also | {self.kind, self.report.period}

    @property
    def name(self) -> str:
        """As versions are stored under."""
        return self.report.name

    def due_on(self, period: Period) -> date:
        """The day on which it is owed."""
        return period.last + timedelta(days=self.due)


def asked_of(asked: Asked, area: str) -> Asked:
    """The same, of another area."""
    return replace(asked, area=area)
