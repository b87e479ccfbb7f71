"""At every border of the papers' rules: a day, a person, a contract, a word more or less shows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache

import pytest

from knowledge.library import load_library
from matching.conditions import AllOf, Clause, Gap, from_rules
from matching.eligibility import Kind, Policy, Result, check
from matching.facts import Days, Entity, Facts, Insurance
from matching.promising import fits
from tests.matching.borders import people_around, values
from tests.matching.drawn import NOW

TODAY = NOW.date()
RULED = {entry.id: entry for entry in load_library().entries.values() if entry.rules}
YICHANG, DINGTAO = "yichang-startup-subsidy-amount", "dingtao-startup-subsidy-amount"
POSTS = "dingtao-post-subsidy-amount"
FOUNDER = Facts(first_registration=True, headcount_incl_founder=2)
FIRM = Facts(
    first_registration=True,
    entity_type=Entity.FIRM,
    contracts_signed=True,
    social_insurance=Insurance.PAID,
)


@cache
def condition(name: str) -> AllOf:
    return from_rules(RULED[name].rules)


def result(rule: AllOf, facts: Facts, now: datetime = NOW) -> Result:
    return check(Policy(id="x", matter="x", condition=rule), facts, now)


def at(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), datetime.min.time(), UTC)


# -- the calendar


@pytest.mark.parametrize(
    ("name", "facts", "licence", "full_on"),
    [
        (YICHANG, FOUNDER, "2026-05-21", "2026-11-21"),
        (YICHANG, FOUNDER, "2026-08-31", "2027-02-28"),  # there is no 31 February
        (YICHANG, FOUNDER, "2026-08-28", "2027-02-28"),
        (YICHANG, FOUNDER, "2027-08-31", "2028-02-29"),  # a leap year
        (YICHANG, FOUNDER, "2027-08-29", "2028-02-29"),
        (YICHANG, FOUNDER, "2026-10-31", "2027-04-30"),
        (YICHANG, FOUNDER, "2026-03-31", "2026-09-30"),
        (YICHANG, FOUNDER, "2026-02-28", "2026-08-28"),
        (YICHANG, FOUNDER, "2026-12-31", "2027-06-30"),
        (DINGTAO, FIRM, "2025-11-21", "2026-11-21"),
        (DINGTAO, FIRM, "2024-02-29", "2025-02-28"),
        (DINGTAO, FIRM, "2027-02-28", "2028-02-28"),
        (DINGTAO, FIRM, "2025-12-31", "2026-12-31"),
    ],
)
def test_the_months_are_full_on_their_day_and_not_the_day_before(
    name: str, facts: Facts, licence: str, full_on: str
) -> None:
    told = facts.but(registered_on=Days.of(date.fromisoformat(licence)))
    before = at(full_on).replace(hour=12) - (at("2026-01-02") - at("2026-01-01"))
    early = result(condition(name), told, before)
    assert (early.kind, early.gaps[0].due) == (Kind.NOT_YET, date.fromisoformat(full_on))
    assert fits(condition(name), told, at(full_on))


@pytest.mark.parametrize(("licence", "kind"), [("2025-11-22", Kind.NOT_YET), ("2025-11-21", None)])
def test_eleven_months_and_thirty_days_are_not_a_year(licence: str, kind: Kind | None) -> None:
    told = FIRM.but(registered_on=Days.of(date.fromisoformat(licence)))
    assert result(condition(DINGTAO), told).kind is (kind or Kind.UNCLEAR)


# -- by how much


@pytest.mark.parametrize(
    ("name", "facts", "short"),
    [
        (YICHANG, FOUNDER.but(headcount_incl_founder=1), 1),
        (POSTS, Facts(contracts_1y=0), 1),
    ],
)
def test_what_is_short_is_short_by_so_many(name: str, facts: Facts, short: int) -> None:
    gaps = [gap for gap in result(condition(name), facts).gaps if gap.short]
    assert [gap.short for gap in gaps] == [short]


def _gaps_of(gaps: tuple[Gap, ...]) -> list[str]:
    return [gap.clause.attr for gap in gaps]


def test_everything_short_is_named_at_once() -> None:
    told = FIRM.but(
        registered_on=Days.of(TODAY), contracts_signed=False, social_insurance=Insurance.NONE
    )
    found = _gaps_of(result(condition(DINGTAO), told).gaps)
    assert found == ["months_operating", "contracts_signed", "social_insurance"]


# -- mutations: whatever is changed in a rule shows for somebody


def _mutants(rule: AllOf) -> Iterator[AllOf]:
    for index, clause in enumerate(rule.parts):
        assert isinstance(clause, Clause)
        others = rule.parts[:index], rule.parts[index + 1 :]
        yield AllOf((*others[0], *others[1]))
        for changed in _changed(clause):
            yield AllOf((*others[0], changed, *others[1]))


def _changed(clause: Clause) -> Iterator[Clause]:
    if clause.op == "ge":
        assert isinstance(clause.value, int)
        yield replace(clause, value=clause.value + 1)
        yield replace(clause, value=clause.value - 1)
    elif isinstance(clause.value, bool):
        yield replace(clause, value=not clause.value, defined=True)
    elif clause.op == "has":
        yield replace(clause, value="别的名头")
    else:
        for value in values(clause)[1:-1]:
            yield replace(clause, op="is", value=value)
    if clause.op != "has":
        yield replace(clause, defined=not clause.defined)


@pytest.mark.parametrize("name", RULED)
def test_a_rule_changed_by_one_gives_somebody_another_result(name: str) -> None:
    rule = condition(name)
    people = [*people_around(rule), Facts()]
    for mutant in _mutants(rule):
        assert any(_differs(rule, mutant, facts) for facts in people), mutant


def _differs(rule: AllOf, mutant: AllOf, facts: Facts) -> bool:
    one, other = result(rule, facts), result(mutant, facts)
    same = (one.kind, one.question, _gaps_of(one.gaps)) == (
        other.kind,
        other.question,
        _gaps_of(other.gaps),
    )
    return not same or len(one.unclear) != len(other.unclear)
