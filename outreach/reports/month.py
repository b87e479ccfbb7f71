"""The figures of a month, pure: rows in, numbers out, each by one definition (domain 1.8).

人 (people), 人次 and 个 (businesses, events …) are never added to each other; 户 (households) are
in no record of ours, so none are counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Protocol

from outreach.calendars import CHINA
from outreach.helping.survival import Survival

INTENTS = frozenset({"running", "ready", "thinking"})
_MONTHS = 12
_NO_BUSINESS = Survival(0, 0, 0)


class Unit(StrEnum):
    """What a figure counts."""

    PEOPLE = "人"
    PIECES = "个"
    TIMES = "人次"
    DAYS = "工作日"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody as the register has them now."""

    id: str
    registered: datetime
    intent: str = ""


@dataclass(frozen=True, slots=True)
class Business:
    """A business: whose, since when, until when."""

    owner: str
    began: date | None
    closed: date | None = None
    id: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A request; `late` is whether its last day passed before it was done."""

    opened: datetime
    closed: datetime | None
    took: int | None  # working days; None while open, or where no calendar knows the year
    late: bool = False
    id: str = ""


@dataclass(frozen=True, slots=True)
class Happening:
    """A course or an event that was held, and how many came."""

    day: date
    came: int
    walk_ins: int = 0  # came, and are not registered
    id: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """All that a month is counted from, of one area."""

    people: Sequence[Person] = ()
    businesses: Sequence[Business] = ()
    pushed: Sequence[tuple[str, int, datetime]] = ()  # person, project, when
    requests: Sequence[Request] = ()
    courses: Sequence[Happening] = ()
    events: Sequence[Happening] = ()
    year_old: Survival = _NO_BUSINESS  # the businesses whose first birthday lies in the month
    fates: Mapping[str, str] = field(default_factory=dict)  # of those, by id
    duty_reports: int = 0  # confirmed in the month by heads of stations


class Span(Protocol):
    """Whole days in China, both ends among them."""

    @property
    def first(self) -> date: ...

    @property
    def last(self) -> date: ...

    def holds(self, moment: date | datetime | None) -> bool: ...


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another."""

    first: date
    last: date

    def holds(self, moment: date | datetime | None) -> bool:
        """Whether a day, or a moment as China's clocks show it, lies in it."""
        day = moment.astimezone(CHINA).date() if isinstance(moment, datetime) else moment
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month in China."""

    year: int
    month: int

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    @property
    def first(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last(self) -> date:
        return self.back(-1).first - timedelta(days=1)

    def back(self, months: int) -> Month:
        """The month so many months before."""
        whole = self.year * _MONTHS + self.month - 1 - months
        return Month(whole // _MONTHS, whole % _MONTHS + 1)

    def holds(self, moment: date | datetime | None) -> bool:
        """Whether a day, or a moment as China's clocks show it, lies in it."""
        return Days(self.first, self.last).holds(moment)


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the draft: its name in the store, what it is called, and its definition."""

    name: str
    title: str
    unit: Unit
    means: str
    count: Callable[[Facts, Span], int | None]


def month_of(text: str) -> Month:
    """2026-11 as a month; ValueError where it is none."""
    day = date.fromisoformat(f"{text}-01")
    return Month(day.year, day.month)


def counted(facts: Facts, month: Span) -> dict[str, int | None]:
    """Every figure of a month, by name; None where nothing can be said."""
    return {figure.name: figure.count(facts, month) for figure in FIGURES}


def differences(
    before: Mapping[str, int | None], after: Mapping[str, int | None]
) -> dict[str, tuple[int | None, int | None]]:
    """The figures in which two drafts differ."""
    names = [figure.name for figure in FIGURES]
    pairs = {name: (before.get(name), after.get(name)) for name in names}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _new(facts: Facts, month: Span) -> list[Person]:
    return [person for person in facts.people if month.holds(person.registered)]


def _registered(facts: Facts, month: Span) -> int:
    return len({person.id for person in _new(facts, month)})


def _with_intent(facts: Facts, month: Span) -> int:
    return len({one.id for one in _new(facts, month) if one.intent in INTENTS})


def _began(facts: Facts, month: Span) -> int:
    return sum(month.holds(one.began) for one in facts.businesses)


def _founders(facts: Facts, month: Span) -> int:
    return len({one.owner for one in facts.businesses if month.holds(one.began)})


def _closed(facts: Facts, month: Span) -> int:
    return sum(month.holds(one.closed) for one in facts.businesses)


def _projects(facts: Facts, month: Span) -> int:
    return len({project for _, project, at in facts.pushed if month.holds(at)})


def _told(facts: Facts, month: Span) -> int:
    return len({person for person, _, at in facts.pushed if month.holds(at)})


def _opened(facts: Facts, month: Span) -> int:
    return sum(month.holds(one.opened) for one in facts.requests)


def _done(facts: Facts, month: Span) -> list[Request]:
    return [one for one in facts.requests if month.holds(one.closed)]


def _done_count(facts: Facts, month: Span) -> int:
    return len(_done(facts, month))


def _late(facts: Facts, month: Span) -> int:
    return sum(one.late for one in _done(facts, month))


def _half_took(facts: Facts, month: Span) -> int | None:
    """The median, the upper of the two middle ones where there are two."""
    took = sorted(one.took for one in _done(facts, month) if one.took is not None)
    return took[len(took) // 2] if took else None


def _held(found: Iterable[Happening], month: Span) -> list[Happening]:
    return [one for one in found if month.holds(one.day)]


def _came(found: Iterable[Happening], month: Span) -> int:
    return sum(one.came + one.walk_ins for one in _held(found, month))


FIGURES = (
    Figure(
        "registered",
        "新登记",
        Unit.PEOPLE,
        "people of the area whose record was made in the month, each once",
        _registered,
    ),
    Figure(
        "with_intent",
        "其中有创业意向",
        Unit.PEOPLE,
        "of those, who say that they run something, will, or think of it",
        _with_intent,
    ),
    Figure(
        "founded",
        "新增返乡创业经营主体",
        Unit.PIECES,
        "businesses that began in the month",
        _began,
    ),
    Figure(
        "founders",
        "新增创业的人",
        Unit.PEOPLE,
        "the people whose businesses these are, each once",
        _founders,
    ),
    Figure(
        "closed", "停业的经营主体", Unit.PIECES, "businesses that closed in the month", _closed
    ),
    Figure(
        "projects",
        "推过的项目",
        Unit.PIECES,
        "projects of which somebody of the area was told unasked in the month, each once",
        _projects,
    ),
    Figure("told", "收到项目的人", Unit.PEOPLE, "who was told of one, each once", _told),
    Figure("requests", "新诉求", Unit.PIECES, "requests for a human made in the month", _opened),
    Figure("done", "办完的诉求", Unit.PIECES, "requests closed in the month", _done_count),
    Figure("late", "其中超期", Unit.PIECES, "of those, whose last day was over before", _late),
    Figure(
        "took",
        "办结用时中位数",
        Unit.DAYS,
        "working days from opening to closing, the median of those closed in the month",
        _half_took,
    ),
    Figure(
        "courses",
        "结课的培训班",
        Unit.PIECES,
        "courses whose last day lies in the month and that were not called off",
        lambda facts, month: len(_held(facts.courses, month)),
    ),
    Figure(
        "learnt",
        "参加培训",
        Unit.TIMES,
        "who came, once for each course",
        lambda facts, month: _came(facts.courses, month),
    ),
    Figure(
        "events",
        "办过的活动",
        Unit.PIECES,
        "events held in the month that were not called off",
        lambda facts, month: len(_held(facts.events, month)),
    ),
    Figure(
        "guests",
        "参加活动",
        Unit.TIMES,
        "who came, once for each event, those counted without a name among them",
        lambda facts, month: _came(facts.events, month),
    ),
    Figure(
        "year_old",
        "满一年的经营主体",
        Unit.PIECES,
        "businesses whose first birthday lies in the month",
        lambda facts, month: facts.year_old.known + facts.year_old.unknown,
    ),
    Figure(
        "survived",
        "其中还开着",
        Unit.PIECES,
        "of those, who were heard to be open around the birthday or later",
        lambda facts, month: facts.year_old.open,
    ),
    Figure(
        "failed",
        "其中停业",
        Unit.PIECES,
        "of those, who closed by the birthday",
        lambda facts, month: facts.year_old.closed,
    ),
    Figure(
        "unheard",
        "其中不清楚",
        Unit.PIECES,
        "of those, of whom nobody has heard: in no rate",
        lambda facts, month: facts.year_old.unknown,
    ),
    Figure(
        "duty_reports",
        "站长述职",
        Unit.PIECES,
        "duty reports that heads of the area's stations confirmed in the month",
        lambda facts, month: facts.duty_reports,
    ),
)
