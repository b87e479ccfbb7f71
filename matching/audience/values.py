"""What an audience asks of people, and whether one person fits it.

Two-valued on purpose: who has not told us something does not fit a condition that asks for it,
and does fit its 不: «不缺本钱» are all who have not said that they lack money.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from matching.facts import Days


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
    VISITED = "visited"  # a helper called or came
    REGISTERED = "registered"
    LICENSED = "licensed"
    RETURN = "return"  # on which they mean to come home
    AGREED = "agreed"  # to be written to
    HELPED = "helped"  # got the commissioner or mentor that they have
    TRAINED = "trained"  # signed up for a course, or came


ANY = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Someone:
    """One person as an audience sees them; what is not there is not known."""

    words: Mapping[Field, frozenset[str]] = field(default_factory=dict)
    days: Mapping[Day, Sequence[Days]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Has:
    """One of these words at least; `said` is how it reads."""

    field: Field
    values: frozenset[str]
    said: str

    def asks(self, field: Field) -> bool:
        """Whether it looks at this field."""
        return self.field is field

    def holds(self, one: Someone) -> bool:
        return bool(one.words.get(self.field, frozenset()) & self.values)


@dataclass(frozen=True, slots=True)
class Between:
    """A day from the one to the other, both included; with neither, any that is known."""

    day: Day
    since: date | None = None
    until: date | None = None

    def asks(self, field: Field) -> bool:
        return False

    def holds(self, one: Someone) -> bool:
        return any(self._has(known) for known in one.days.get(self.day, ()))

    def _has(self, known: Days) -> bool:
        """What is not known to the day lies within as a whole."""
        is_late = self.since is None or known.first >= self.since
        return is_late and (self.until is None or known.last <= self.until)


@dataclass(frozen=True, slots=True)
class Not:
    """Everybody else."""

    part: Condition

    def asks(self, field: Field) -> bool:
        return self.part.asks(field)

    def holds(self, one: Someone) -> bool:
        return not self.part.holds(one)


@dataclass(frozen=True, slots=True)
class All:
    """Every part; with no parts everybody."""

    parts: tuple[Condition, ...]

    def asks(self, field: Field) -> bool:
        return any(part.asks(field) for part in self.parts)

    def holds(self, one: Someone) -> bool:
        return all(part.holds(one) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Either:
    """One part at least."""

    parts: tuple[Condition, ...]

    def asks(self, field: Field) -> bool:
        return any(part.asks(field) for part in self.parts)

    def holds(self, one: Someone) -> bool:
        return any(part.holds(one) for part in self.parts)


Condition = Has | Between | Not | All | Either
EVERYBODY = All(())


def asked(condition: Condition, field: Field) -> frozenset[str]:
    """Every value of a field that it looks for."""
    match condition:
        case Has(field=own, values=values):
            return values if own is field else frozenset()
        case Not(part):
            return asked(part, field)
        case All(parts) | Either(parts):
            return frozenset().union(*(asked(part, field) for part in parts))
    return frozenset()


def around(code: str) -> frozenset[str]:
    """An administrative code and all that it lies in: 371703, 371700, 370000."""
    return frozenset({code, f"{code[:4]}00", f"{code[:2]}0000"}) if code else frozenset()
