"""A report as a value: columns with units, rows, and which list each figure opens."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from outreach.reports.periods import Period, PeriodKind
from outreach.reports.rules import Rules
from records.database import Session
from records.vault import Vault

Value = str | int | float | date | None


class Unit(StrEnum):
    """What a figure counts; figures of different units are never added."""

    NONE = ""
    PEOPLE = "人"
    HOUSEHOLDS = "户"
    PIECES = "个"
    CASES = "件"
    TIMES = "人次"
    LOANS = "笔"
    DAYS = "天"
    WORKING_DAYS = "工作日"
    YUAN = "元"
    PERCENT = "%"


class Subject(StrEnum):
    """What the ids of a list are ids of."""

    PEOPLE = "people"
    ENTITIES = "entities"
    TICKETS = "tickets"
    PROJECTS = "projects"
    EVENTS = "events"
    COURSES = "courses"
    CASES = "cases"
    SIGNINGS = "signings"
    VISITS = "visits"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `group` is the merged header above it, "" where its title takes both rows."""

    key: str
    title: str
    unit: Unit = Unit.NONE
    group: str = ""
    is_personal: bool = False  # masked on screens, and what makes a file one with people in it


@dataclass(frozen=True, slots=True)
class Row:
    """One line: values by column key, and for figures the list that each opens."""

    cells: Mapping[str, Value]
    opens: Mapping[str, str] = field(default_factory=dict)  # column key → name in `Report.lists`
    area: str = ""  # whose figures these are: what a list is asked for
    subject: str = ""  # the id of the person, business, project … of the row
    is_total: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A report as made: `notes` stand below it as printed."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Row]
    notes: Sequence[str] = ()
    subtitle: str = ""  # who fills it in, of when
    heading: str = ""  # above the title, as 附件4
    lines: int = 0  # lines for rows that the printed form has: empty ones fill it up on paper
    beside: Sequence[str] = ()  # what the reader should know and the form has no place for


Progress = Callable[[int, int], None]  # done, of all


def _nobody(done: int, total: int) -> None:
    """Progress of what nobody waits for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is wanted of; `named` says what an area or place is called."""

    area: str
    period: Period
    now: datetime
    vault: Vault
    named: Callable[[str], str]
    is_public: bool = False  # cells of 1 to 4 are hidden (domain G-04)
    rules: Rules = field(default_factory=Rules)  # what the office settles of the forms
    tell: Progress = _nobody  # how far it is, from a heavy report


@dataclass(frozen=True, slots=True)
class Listed:
    """What a figure was counted from."""

    subject: Subject
    ids: Sequence[str]


@dataclass(frozen=True, slots=True)
class Report:
    """One report: `build` makes it, `lists` answer for its figures by name."""

    name: str
    title: str
    about: str  # one line for people
    period: PeriodKind
    build: Callable[[Session, Asked], Table]
    lists: Mapping[str, Callable[[Session, Asked], Listed]] = field(default_factory=dict)
    has_people: bool = False  # its rows are of people
    also: frozenset[PeriodKind] = frozenset()  # other spans that it can be of
