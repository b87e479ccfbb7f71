"""The same conditions as SQL: what `check` says of one person, said of a whole table at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    Integer,
    Join,
    String,
    and_,
    case,
    cast,
    false,
    func,
    literal,
    null,
    or_,
    true,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import FunctionElement
from sqlalchemy.types import TypeEngine

from matching.conditions import DEEDS, AllOf, Clause, Condition, last_day_full
from matching.eligibility import WITHOUT_CHECK, Kind, Policy
from matching.facts import (
    ASKED_BY,
    AWAY,
    BAR,
    FLAGS,
    LOAN_KINDS,
    LONGEST_IN_BUSINESS,
    NEEDS_LICENCE,
    NUMBERS,
    SMALL_IN_EVERY_TRADE,
    Entity,
    Insurance,
    at_least,
)
from matching.promising import checkable, undefined
from records.people import Person
from records.person_facts import PersonFacts

Columns = Mapping[str, ColumnElement[Any]]
Flag = ColumnElement[bool]
_AS_TOLD = (
    *("first_registration", "entity_type", "headcount_incl_founder", "contracts_1y"),
    *("contracts_signed", "social_insurance", "loan_kind", "unsure"),
)
_PEOPLE, _TOLD = Person.__table__, PersonFacts.__table__  # type: ignore[attr-defined]
Number = ColumnElement[int]

# Where a condition stands. AllOf is the highest of its parts, AnyOf the lowest once _UNCLEAR and
# _ASK have changed places.
_YES, _UNCLEAR, _ASK, _SHORT, _LOST = range(5)
_KINDS = {
    _YES: Kind.LOOKS_OK,
    _UNCLEAR: Kind.UNCLEAR,
    _ASK: Kind.ASK,
    _SHORT: Kind.NOT_YET,
    _LOST: Kind.NO,
}
_EXCHANGED = {_YES: _YES, _UNCLEAR: _ASK, _ASK: _UNCLEAR, _SHORT: _SHORT, _LOST: _LOST}


def kind(policy: Policy, columns: Columns, now: datetime) -> ColumnElement[str]:
    """The kind that `check` gives each row.

    `columns` maps the attributes of Facts to columns, a licence's day as `registered_first` and
    `registered_last`, titles and `unsure` as words between bars; what is not there is not known.
    """
    fixed = WITHOUT_CHECK.get(policy.standing)
    if fixed:
        return literal(fixed.value)
    words = {number: kind.value for number, kind in _KINDS.items()}
    return case(words, value=_Rows(columns, now.date()).standing(policy.condition))


def fits(condition: Condition, columns: Columns, now: datetime) -> Flag:
    """What `promising.fits` says of each row; never null."""
    checked, rows = checkable(condition), _Rows(columns, now.date())
    if checked is None:
        return false()
    is_met = rows.standing(checked) == _YES
    read = [rows.standing(clause).in_((_YES, _ASK)) for clause in undefined(condition)]
    return and_(is_met, *read)


def newly(condition: Condition, before: Condition | None, columns: Columns, now: datetime) -> Flag:
    """Whom a condition fits now and did not fit as it was before; None: there was none."""
    is_fit = fits(condition, columns, now)
    return is_fit if before is None else and_(is_fit, ~fits(before, columns, now))


@dataclass(frozen=True, slots=True)
class Register:
    """Everyone registered: what to select from, and the facts as columns by attribute."""

    source: Join
    columns: Columns


def registered(today: date) -> Register:
    """The register with the facts that `from_profile` and `from_answers` make of each person."""
    was_away = _PEOPLE.c.codes["away_half_year"].as_string() == AWAY
    first, last = _licence(today)
    columns = {name: _TOLD.c[name] for name in _AS_TOLD} | {
        "is_returnee": func.coalesce(_TOLD.c.is_returnee, case((was_away, true()))),
        "registered_first": first,
        "registered_last": last,
        "recognised_as": _TOLD.c.titles,
        "not_recognised_as": _TOLD.c.no_titles,
    }
    return Register(_PEOPLE.outerjoin(_TOLD, _TOLD.c.person_id == _PEOPLE.c.id), columns)


def _licence(today: date) -> tuple[ColumnElement[date | None], ColumnElement[date | None]]:
    """The first and the last day that the licence can have: as told, else as registered."""
    told, codes = _TOLD.c, _PEOPLE.c.codes
    months = codes["biz_months"].as_integer()
    has_one = and_(codes["biz_licence"].as_string() == "yes", months > 0)
    spans = {count: at_least(count, today) for count in range(1, LONGEST_IN_BUSINESS + 1)}
    last = case({count: span.last for count, span in spans.items()}, value=months)
    lacks, is_told = told.entity_type == Entity.NONE.value, told.registered_first.is_not(None)
    return (
        case((lacks, null()), (is_told, told.registered_first), (has_one, spans[1].first)),
        case((lacks, null()), (is_told, told.registered_last), (has_one, last)),
    )


@dataclass(frozen=True, slots=True)
class _Rows:
    """Compiles conditions over the columns of one table for one day."""

    columns: Columns
    today: date

    def standing(self, condition: Condition) -> Number:
        """One of the five numbers for each row, never null."""
        if isinstance(condition, Clause):
            return self._clause(condition)
        parts = [self.standing(part) for part in condition.parts]
        if isinstance(condition, AllOf):
            return _highest(*parts) if len(parts) > 1 else _only(parts, _YES)
        if len(parts) < 2:
            return _only(parts, _LOST)
        return _exchanged(_lowest(*map(_exchanged, parts)))

    def _clause(self, clause: Clause) -> Number:
        if not clause.is_readable:
            return literal(_UNCLEAR)
        if clause.op == "has":
            return self._titles(clause)
        if not clause.defined:
            return literal(_UNCLEAR)
        cases = [*self._without_licence(clause.attr)]
        if clause.attr == "months_operating":
            cases += self._by_calendar(clause)
        else:
            cases += self._compared(clause)
        return case(*cases, else_=self._open(clause.attr))

    def _without_licence(self, attr: str) -> Iterator[tuple[Flag, Number]]:
        if attr in NEEDS_LICENCE:
            lacks = self._column("entity_type") == Entity.NONE.value
            if attr == "months_operating":
                lacks = and_(lacks, self._column("registered_first").is_(None))
            yield lacks, literal(_SHORT)

    def _by_calendar(self, clause: Clause) -> Iterator[tuple[Flag, Number]]:
        """The day on which the months are full, as a bound on the licence's day."""
        bound = last_day_full(self.today, _number(clause.value))
        yield self._column("registered_last") <= bound, literal(_YES)
        yield self._column("registered_first") > bound, literal(_SHORT)

    def _compared(self, clause: Clause) -> Iterator[tuple[Flag, Number]]:
        value = self._value(clause.attr)
        is_mendable = clause.op == "ge" or clause.attr in DEEDS
        if clause.attr == "social_insurance":
            yield value == Insurance.PARTLY.value, literal(_UNCLEAR)
        yield _accepted(clause, value), literal(_YES)
        yield value.is_not(None), literal(_SHORT if is_mendable else _LOST)

    def _value(self, attr: str) -> ColumnElement[Any]:
        """Facts.value as SQL."""
        entity = self._column("entity_type")
        if attr == "is_small_micro":
            people = func.coalesce(self._column("headcount_incl_founder"), 1)
            is_small = and_(entity == Entity.FIRM.value, people < SMALL_IN_EVERY_TRADE)
            return case((is_small, true()), else_=null())
        if attr == "loan_kind":
            implied = {entity.value: kind.value for entity, kind in LOAN_KINDS.items()}
            return func.coalesce(self._column(attr), case(implied, value=entity))
        if attr == "contracts_signed":
            has_some = self._column("contracts_1y") > 0
            return func.coalesce(self._column(attr), case((has_some, true()), else_=null()))
        return self._column(attr)

    def _titles(self, clause: Clause) -> Number:
        named = [str(name) for name in _several(clause.value)]
        held = or_(false(), *(self._says("recognised_as", name) for name in named))
        lacked = and_(true(), *(self._says("not_recognised_as", name) for name in named))
        cases = ((held, literal(_YES)), (lacked, literal(_SHORT)))
        return case(*cases, else_=self._open(clause.attr))

    def _open(self, attr: str) -> Number:
        """Not known: whether a question can still settle it."""
        asked = ASKED_BY.get(attr, attr)
        is_told = asked != attr and asked != "registered_on"
        settled = self._says("unsure", asked)
        if is_told:
            settled = or_(settled, self._column(asked).is_not(None))
        return case((settled, literal(_UNCLEAR)), else_=literal(_ASK))

    def _says(self, name: str, word: str) -> Flag:
        """Whether a word stands between the bars; LIKE would not tell A from a on SQLite."""
        words = func.coalesce(self._column(name), "")
        return func.replace(words, f"{BAR}{word}{BAR}", "") != words

    def _column(self, name: str) -> ColumnElement[Any]:
        return self.columns[name] if name in self.columns else cast(null(), _type(name))


def _type(name: str) -> TypeEngine[Any]:
    if name in FLAGS:
        return Boolean()
    if name in NUMBERS:
        return Integer()
    return Date() if name.startswith("registered") else String()


def _accepted(clause: Clause, value: ColumnElement[Any]) -> Flag:
    if clause.op == "ge":
        return value >= clause.value
    return value.in_(_several(clause.value))


def _only(parts: Sequence[Number], otherwise: int) -> Number:
    return parts[0] if parts else literal(otherwise)


def _exchanged(standing: Number) -> Number:
    return case(_EXCHANGED, value=standing)


def _several(value: object) -> tuple[object, ...]:
    return value if isinstance(value, tuple) else (value,)


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"a number is needed here, not {type(value).__name__}")
    return value


class _highest(FunctionElement[int]):
    """The highest of several numbers in a row."""

    type = Integer()
    inherit_cache = True


class _lowest(FunctionElement[int]):
    """The lowest of several numbers in a row."""

    type = Integer()
    inherit_cache = True


_NAMES = {_highest: ("greatest", "max"), _lowest: ("least", "min")}


@compiles(_highest)
@compiles(_lowest)
def _spelled(element: FunctionElement[int], compiler: Any, **options: Any) -> str:
    name, on_sqlite = _NAMES[type(element)]
    is_sqlite = compiler.dialect.name == "sqlite"
    arguments = compiler.process(element.clauses, **options)
    return f"{on_sqlite if is_sqlite else name}({arguments})"
