"""Conditions on people, three-valued: yes, no, or not known, and what would settle it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Protocol, TypeVar

from matching.facts import (
    BAR,
    FLAGS,
    NUMBERS,
    TITLES,
    WORDS,
    Days,
    Facts,
    Insurance,
    add_months,
)

_T = TypeVar("_T")


class Truth(Enum):
    """Kleene's three values."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class RuleLike(Protocol):
    """A condition as a content file states it."""

    @property
    def attr(self) -> str: ...
    @property
    def op(self) -> str: ...
    @property
    def value(self) -> object: ...
    @property
    def printed(self) -> str: ...
    @property
    def defined(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Gap:
    """What a person is still short of, where time, numbers or a deed of theirs can mend it.

    `short` is by how much; `due` the day on which time alone closes it, and `is_about` says that
    this day is only roughly known.
    """

    clause: Clause
    short: int = 0
    due: date | None = None
    is_about: bool = False
    needs_licence: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a condition holds, because of what, and what is missing.

    `because` are the clauses that fail; a failure with `gaps` can be mended, one without is final.
    `missing` are attributes that a question can settle, `unclear` clauses that no answer can: the
    document does not say what the word means, or the person cannot tell.
    """

    value: Truth
    because: tuple[Clause, ...] = ()
    missing: tuple[str, ...] = ()
    unclear: tuple[Clause, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def is_final_no(self) -> bool:
        return self.value is Truth.NO and not self.gaps


YES = Verdict(Truth.YES)
_MOST = 600  # months or people; a paper that asks for more was misread
# What the person can still do or obtain; every other failed clause without a number is final.
DEEDS = frozenset({"contracts_signed", "social_insurance", "recognised_as"})


@dataclass(frozen=True, slots=True)
class Clause:
    """One condition on one attribute, with the document's own wording."""

    attr: str
    op: str
    value: object
    printed: str = ""
    defined: bool = True

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return (self,)

    @property
    def names(self) -> tuple[str, ...]:
        """The titles that it asks for one of."""
        return tuple(map(str, _several(self.value))) if self.op == "has" else ()

    def holds(self, facts: Facts, now: datetime) -> Verdict:
        """Whether it holds; a word that the document leaves undefined stays unclear for ever.

        A title is different: whatever it takes to get it, one has it or not.
        """
        if not self.is_readable:
            return self._unclear()
        if self.op == "has":
            return self._recognised(facts)
        if not self.defined:
            return self._unclear()
        if facts.lacks_licence_for(self.attr):
            return self._short(Gap(self, needs_licence=True))
        if self.attr == "months_operating":
            return self._by_calendar(facts, now.date())
        return self._compared(facts)

    @property
    def is_readable(self) -> bool:
        """Whether attribute, operator and value fit together; what does not never says no."""
        words = _several(self.value) if self.op in ("in", "has") else (self.value,)
        if self.attr in FLAGS:
            return self.op == "is" and isinstance(self.value, bool)
        if self.attr in NUMBERS:
            return self.op == "ge" and type(self.value) is int and 0 <= self.value <= _MOST
        if not all(isinstance(word, str) for word in words):
            return False
        if self.attr in WORDS:
            return self.op in ("is", "in") and set(words) <= set(WORDS[self.attr])
        return self.attr == TITLES and self.op == "has" and all(map(_is_title, words))

    def _compared(self, facts: Facts) -> Verdict:
        value = facts.value(self.attr)
        if value is None:
            return self._unknown(facts)
        if value is Insurance.PARTLY:
            return self._unclear()
        if self._accepts(value):
            return YES
        if self.op == "ge":
            return self._short(Gap(self, short=_whole(self.value) - _whole(value)))
        return self._short(Gap(self)) if self.attr in DEEDS else self._no()

    def _accepts(self, value: object) -> bool:
        if self.op == "in":
            return value in _several(self.value)
        if self.op == "ge":
            return _whole(value) >= _whole(self.value)
        return value == self.value

    def _by_calendar(self, facts: Facts, today: date) -> Verdict:
        registered, months = facts.registered_on, _whole(self.value)
        if registered is None:
            return self._unknown(facts)
        due = Days(add_months(registered.first, months), add_months(registered.last, months))
        if due.last <= today:
            return YES
        if due.first > today:
            return self._short(Gap(self, due=due.middle, is_about=not due.is_exact))
        return self._unknown(facts)

    def _recognised(self, facts: Facts) -> Verdict:
        named = frozenset(_several(self.value))
        if named & facts.recognised_as:
            return YES
        return self._short(Gap(self)) if named <= facts.not_recognised_as else self._unknown(facts)

    def _unknown(self, facts: Facts) -> Verdict:
        asked = facts.question_for(self.attr)
        return Verdict(Truth.UNKNOWN, missing=(asked,)) if asked else self._unclear()

    def _unclear(self) -> Verdict:
        return Verdict(Truth.UNKNOWN, unclear=(self,))

    def _short(self, gap: Gap) -> Verdict:
        return Verdict(Truth.NO, because=(self,), gaps=(gap,))

    def _no(self) -> Verdict:
        return Verdict(Truth.NO, because=(self,))


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part must hold (Kleene's and)."""

    parts: tuple[Condition, ...]

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return _joined(part.clauses for part in self.parts)

    def holds(self, facts: Facts, now: datetime) -> Verdict:
        """One final no settles it; short of that, all that is short, missing or unclear counts."""
        verdicts = [part.holds(facts, now) for part in self.parts]
        final = [v for v in verdicts if v.is_final_no]
        if final:
            return Verdict(Truth.NO, because=_joined(v.because for v in final))
        return _together(verdicts, _worst(v.value for v in verdicts))


@dataclass(frozen=True, slots=True)
class AnyOf:
    """One part is enough (Kleene's or)."""

    parts: tuple[Condition, ...]

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return _joined(part.clauses for part in self.parts)

    def holds(self, facts: Facts, now: datetime) -> Verdict:
        """One yes settles it; otherwise the parts that are not finally lost stay in play."""
        verdicts = [part.holds(facts, now) for part in self.parts]
        if any(v.value is Truth.YES for v in verdicts):
            return YES
        is_open = any(v.value is Truth.UNKNOWN for v in verdicts)
        in_play = [v for v in verdicts if not v.is_final_no]
        if not is_open:
            return _together(in_play or verdicts, Truth.NO)
        return _together([v for v in in_play if v.value is Truth.UNKNOWN], Truth.UNKNOWN)


Condition = Clause | AllOf | AnyOf


def from_rules(rules: Iterable[RuleLike]) -> AllOf:
    """The rules of an entry, which must all hold."""
    return AllOf(tuple(map(_clause, rules)))


def _clause(rule: RuleLike) -> Clause:
    return Clause(rule.attr, rule.op, _frozen(rule.value), rule.printed, rule.defined)


def _is_title(word: object) -> bool:
    return isinstance(word, str) and bool(word) and BAR not in word


def last_day_full(today: date, months: int) -> date:
    """The last day from which so many months are full today."""
    day = add_months(today, -months)
    while add_months(day + timedelta(1), months) <= today:
        day += timedelta(1)
    return day


def _worst(values: Iterable[Truth]) -> Truth:
    found = set(values)
    return next((t for t in (Truth.NO, Truth.UNKNOWN) if t in found), Truth.YES)


def _together(verdicts: Iterable[Verdict], value: Truth) -> Verdict:
    kept = list(verdicts)
    return Verdict(
        value,
        because=_joined(v.because for v in kept),
        missing=_joined(v.missing for v in kept),
        unclear=_joined(v.unclear for v in kept),
        gaps=_joined(v.gaps for v in kept),
    )


def _joined(parts: Iterable[tuple[_T, ...]]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(item for part in parts for item in part))


def _several(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _frozen(value: object) -> object:
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return str(value) if isinstance(value, dict) else value


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"a number is needed here, not {type(value).__name__}")
    return value
