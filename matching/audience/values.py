"""What an audience asks of people, and whether one person fits it.

Two-valued on purpose: who has not told us something does not fit a condition that asks for it,
and does fit its 不: «不缺本钱» are all who have not said that they lack money.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from matching.facts import add_months


class Field(StrEnum):
    """What is known of people as a set of words."""

    HOME = "home"  # administrative codes and place ids, with all that they lie in
    CITY = "where_area"  # where they are now: the same for a city or a province
    WHERE = "where_now"
    RETURN = "return_period"
    AWAY = "away_half_year"
    HUKOU = "hukou"
    INTENT = "intent"
    TRADE = "biz_kind"  # what they run
    WISH = "want_kind"  # what they want to run
    SKILL = "skills"
    LACK = "lacks"
    LICENCE = "biz_licence"
    TIME = "contact_time"
    FORM = "entity_type"
    TIER = "tier"  # among 乡贤
    PUSHES = "pushes"  # agreed or refused to be written to
    CHANNEL = "channel"
    HELPER = "helper"  # who looks after them: a commissioner, a mentor
    LEARN = "learn"  # topics in which they want to be trained
    COURSE = "course"  # numbers of courses that they are or were in, ANY for one at all
    TAG = "tag"
    SOURCE = "source"


class Day(StrEnum):
    """Days that are known of people."""

    CONTACT = "contact"  # they wrote to us, or a helper noted a visit: the last
    REGISTERED = "registered"
    LICENSED = "licensed"


ANY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """One person as an audience sees them; what is not there is not known."""

    words: Mapping[Field, frozenset[str]] = field(default_factory=dict)
    days: Mapping[Day, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Has:
    """One of these words at least; `said` is how it reads."""

    field: Field
    values: frozenset[str]
    said: str

    def asks(self, field: Field) -> bool:
        """Whether it looks at this field."""
        return self.field is field

    def holds(self, one: Someone, today: date) -> bool:
        return bool(one.words.get(self.field, frozenset()) & self.values)


class Calendar(StrEnum):
    """Spans that begin on a day of the calendar: 本周 on Monday."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Lately:
    """A day within so many days up to today, or within this week, month, year."""

    day: Day
    days: int
    said: str
    this: Calendar | None = None

    def since(self, today: date) -> date:
        """The first day that counts."""
        match self.this:
            case Calendar.DAY:
                return today
            case Calendar.WEEK:
                return today - timedelta(today.weekday())
            case Calendar.MONTH:
                return today.replace(day=1)
            case Calendar.YEAR:
                return today.replace(month=1, day=1)
        return today - timedelta(self.days)

    def asks(self, field: Field) -> bool:
        return False

    def holds(self, one: Someone, today: date) -> bool:
        known = one.days.get(self.day)
        return known is not None and known >= self.since(today)


@dataclass(frozen=True, slots=True)
class Full:
    """A day since which so many months are full."""

    day: Day
    months: int
    said: str

    def until(self, today: date) -> date:
        """The last day that counts."""
        return add_months(today, -self.months)

    def asks(self, field: Field) -> bool:
        return False

    def holds(self, one: Someone, today: date) -> bool:
        known = one.days.get(self.day)
        return known is not None and known <= self.until(today)


@dataclass(frozen=True, slots=True)
class Not:
    """Everybody else."""

    part: Condition

    @property
    def said(self) -> str:
        return f"不（{self.part.said}）"

    def asks(self, field: Field) -> bool:
        return self.part.asks(field)

    def holds(self, one: Someone, today: date) -> bool:
        return not self.part.holds(one, today)


@dataclass(frozen=True, slots=True)
class All:
    """Every part; with no parts everybody."""

    parts: tuple[Condition, ...]

    @property
    def said(self) -> str:
        return " 且 ".join(_nested(part, Either) for part in self.parts) or "所有人"

    def asks(self, field: Field) -> bool:
        return any(part.asks(field) for part in self.parts)

    def holds(self, one: Someone, today: date) -> bool:
        return all(part.holds(one, today) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    """One part at least."""

    parts: tuple[Condition, ...]

    @property
    def said(self) -> str:
        return " 或 ".join(_nested(part, All) for part in self.parts)

    def asks(self, field: Field) -> bool:
        return any(part.asks(field) for part in self.parts)

    def holds(self, one: Someone, today: date) -> bool:
        return any(part.holds(one, today) for part in self.parts)


Condition = Has | Lately | Full | Not | All | Either
EVERYBODY = All(())


def _nested(part: Condition, kind: type[All] | type[Either]) -> str:
    return f"（{part.said}）" if isinstance(part, kind) and len(part.parts) > 1 else part.said


def around(code: str) -> frozenset[str]:
    """An administrative code and all that it lies in: 371703, 371700, 370000."""
    return frozenset({code, f"{code[:4]}00", f"{code[:2]}0000"}) if code else frozenset()
