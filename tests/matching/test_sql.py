"""What SQL says of a table of people is what `check` says of each of them, on both databases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from knowledge.library import load_library
from matching import sql
from matching.conditions import AllOf, AnyOf, Clause, Condition, from_rules, last_day_full
from matching.eligibility import Policy, Standing, check
from matching.facts import Facts, add_months, as_answers, from_answers, from_profile
from matching.promising import fits
from records import person_facts
from records.database import Database, Session
from records.people import Person
from tests.matching.borders import people_around
from tests.matching.drawn import NOW, clauses_drawn, conditions_drawn, facts_drawn

Told = tuple[Facts, dict[str, Any]]  # what somebody told, and what they registered with
profiles = st.fixed_dictionaries(
    {},
    optional={
        "away_half_year": st.sampled_from(["half_year", "less", "none"]),
        "biz_months": st.sampled_from([0, 1, 5, 6, 7, 11, 12, 13, 24, 600]),
        "biz_licence": st.sampled_from(["yes", "no"]),
    },
)
people_drawn = st.lists(st.tuples(facts_drawn(), profiles), min_size=1, max_size=25)
days = st.dates(date(2024, 1, 1), date(2028, 12, 31)).map(
    lambda day: datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
)
often = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _told(session: Session, people: Sequence[Told]) -> None:
    for number, (facts, codes) in enumerate(people):
        session.add(Person(id=f"p{number:03}", status="confirmed", source="chat", codes=codes,
                           sealed=b"", created_at=NOW, updated_at=NOW))  # fmt: skip
        person_facts.keep(session, f"p{number:03}", as_answers(facts), at=NOW)
    session.flush()


def _by_sql(
    session: Session, policies: Sequence[Policy], people: Sequence[Told], now: datetime
) -> list[list[Any]]:
    _told(session, people)
    rows = sql.registered(now.date())
    known = rows.columns
    columns = [
        what for p in policies
        for what in (sql.kind(p, known, now), sql.fits(p.condition, known, now))
    ]  # fmt: skip
    named = (column.label(f"c{number}") for number, column in enumerate(columns))
    query = select(*named).select_from(rows.source).order_by(Person.__table__.c.id)  # type: ignore[attr-defined]
    return [list(row) for row in session.execute(query)]


def _in_memory(policies: Sequence[Policy], told: Told, now: datetime) -> list[Any]:
    facts = from_answers(as_answers(told[0]), from_profile(told[1], now.date()))
    return [
        what for p in policies
        for what in (check(p, facts, now).kind.value, fits(p.condition, facts, now))
    ]  # fmt: skip


async def _compare(
    database: Database, policies: Sequence[Policy], people: Sequence[Told], now: datetime
) -> None:
    found = await database.read(_by_sql, policies, people, now)
    assert found == [_in_memory(policies, told, now) for told in people]


def _policy(condition: Condition) -> Policy:
    return Policy(id="x", matter="x", condition=condition)


@often
@given(st.lists(conditions_drawn, min_size=1, max_size=6), people_drawn, days)
async def test_any_condition_gives_the_same_kind(
    database: Database, conditions: list[Condition], people: list[Told], now: datetime
) -> None:
    await _compare(database, [_policy(condition) for condition in conditions], people, now)


@often
@given(st.lists(clauses_drawn, min_size=1, max_size=12), people_drawn, days)
async def test_any_clause_gives_the_same_kind(
    database: Database, clauses: list[Clause], people: list[Told], now: datetime
) -> None:
    await _compare(database, [_policy(clause) for clause in clauses], people, now)


@settings(often, max_examples=6)
@given(people_drawn, days)
async def test_every_rule_of_the_packs_gives_the_same_kind(
    database: Database, people: list[Told], now: datetime
) -> None:
    ruled = [entry for entry in load_library().entries.values() if entry.rules]
    await _compare(database, [_policy(from_rules(e.rules)) for e in ruled], people, now)


async def test_at_every_border_of_the_papers_it_is_the_same(database: Database) -> None:
    rules = [from_rules(entry.rules) for entry in load_library().entries.values() if entry.rules]
    around = dict.fromkeys(facts for rule in rules for facts in people_around(rule))
    people: list[Told] = [(facts, {}) for facts in around]
    await _compare(database, [_policy(rule) for rule in dict.fromkeys(rules)], people, NOW)


@pytest.mark.parametrize("standing", list(Standing))
async def test_a_policy_that_is_not_checked_is_not_checked_in_sql_either(
    database: Database, standing: Standing
) -> None:
    policy = Policy(id="x", matter="x", standing=standing)
    await _compare(database, [policy], [(Facts(), {})], NOW)


@pytest.mark.parametrize("condition", [AllOf(()), AnyOf(()), AllOf((AnyOf(()),))])
async def test_conditions_without_parts_agree(database: Database, condition: Condition) -> None:
    await _compare(database, [_policy(condition)], [(Facts(), {})], NOW)


@pytest.mark.parametrize(
    ("today", "months", "last"),
    [
        ("2026-11-21", 6, "2026-05-21"),
        ("2027-02-28", 6, "2026-08-31"),  # 29, 30 and 31 August are full on the last of February
        ("2028-02-28", 6, "2027-08-28"),  # a leap year: the 29th is still to come
        ("2028-02-29", 6, "2027-08-31"),
        ("2026-04-30", 1, "2026-03-31"),
        ("2025-02-28", 12, "2024-02-29"),
        ("2026-11-21", 0, "2026-11-21"),
    ],
)
def test_the_last_day_of_a_licence_that_is_old_enough(today: str, months: int, last: str) -> None:
    assert last_day_full(date.fromisoformat(today), months) == date.fromisoformat(last)


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 600), st.integers(-40, 40))
def test_the_bound_is_what_the_calendar_says(today: date, months: int, off: int) -> None:
    day = date.fromordinal(last_day_full(today, months).toordinal() + off)
    assert (add_months(day, months) <= today) is (off <= 0)
