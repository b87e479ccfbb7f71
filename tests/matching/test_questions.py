"""Asked is only what could still change the result, and never what is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from matching.conditions import AllOf, AnyOf, Clause, Condition
from matching.eligibility import ORDER, Kind, Policy, Result, check
from matching.facts import ATTRIBUTES, FLAGS, Days, Entity, Facts, Insurance, LoanKind
from tests.matching.drawn import NOW, TITLES, facts_drawn

often = settings(max_examples=300, deadline=None)


def _clause(attr: str, op: str, *values: object) -> st.SearchStrategy[Clause]:
    return st.builds(
        Clause, st.just(attr), st.just(op), st.sampled_from(values), defined=st.booleans()
    )


# Rules that some people meet and some do not, as papers write them.
sensible = st.one_of(
    *(_clause(attr, "is", True, False) for attr in sorted(FLAGS - {"is_small_micro"})),
    _clause("is_small_micro", "is", True),
    _clause("headcount_incl_founder", "ge", 2, 5, 20),
    _clause("contracts_1y", "ge", 1, 2, 5, 20),
    _clause("months_operating", "ge", 1, 6, 12, 24),
    _clause("entity_type", "in", ("个体户",), ("公司", "合作社")),
    _clause("social_insurance", "is", "paid"),
    _clause("loan_kind", "is", *(kind.value for kind in LoanKind)),
    _clause("recognised_as", "has", *TITLES),
)
conditions: st.SearchStrategy[Condition] = st.recursive(
    sensible,
    lambda part: st.builds(
        lambda kind, parts: kind(tuple(parts)),
        st.sampled_from([AllOf, AnyOf]),
        st.lists(part, min_size=1, max_size=4),
    ),
    max_leaves=8,
)
# As entries state them: any clauses, all of which must hold; or nested, each attribute once.
stated = st.lists(sensible, min_size=1, max_size=6).map(lambda parts: AllOf(tuple(parts)))


def _attrs(condition: Condition) -> list[str]:
    if isinstance(condition, Clause):
        return [condition.attr]
    return [attr for part in condition.parts for attr in _attrs(part)]


nested = conditions.filter(lambda c: len(set(_attrs(c))) == len(_attrs(c)))
DAYS = [Days.of(date(2026, 11, 21) - timedelta(n)) for n in (0, 40, 200, 400, 800, 3000)]
ANSWERS: Mapping[str, list[Any]] = {
    "is_returnee": [True, False],
    "first_registration": [True, False],
    "entity_type": list(Entity),
    "registered_on": DAYS,
    "headcount_incl_founder": [1, 2, 5, 20],
    "contracts_1y": [0, 1, 2, 5, 20],
    "contracts_signed": [True, False],
    "social_insurance": list(Insurance),
    "loan_kind": list(LoanKind),
}


def answered(facts: Facts, attr: str) -> Iterator[Facts]:
    """The person after each answer to a question."""
    if attr == "recognised_as":
        for title in TITLES:
            others = frozenset(TITLES) - {title} - facts.recognised_as
            held = facts.recognised_as | {title}
            yield facts.but(recognised_as=held, not_recognised_as=others)
        yield facts.but(not_recognised_as=frozenset(TITLES) - facts.recognised_as)
    for value in ANSWERS.get(attr, ()):
        yield facts.but(**{attr: value})


def of(condition: Condition, facts: Facts) -> Result:
    return check(Policy(id="x", matter="x", condition=condition), facts, NOW)


def told(result: Result) -> tuple[object, ...]:
    return result.kind, result.gaps, result.because, result.unclear


def test_every_attribute_that_can_be_asked_has_its_place_in_the_order() -> None:
    assert set(ORDER) == ATTRIBUTES


@often
@given(stated | nested, facts_drawn())
def test_some_answer_to_a_question_changes_what_is_said(
    condition: Condition, facts: Facts
) -> None:
    before = of(condition, facts)
    if before.question:
        after = [of(condition, person) for person in answered(facts, before.question)]
        assert any(told(result) != told(before) for result in after)


@often
@given(conditions, facts_drawn())
def test_what_is_known_is_not_asked(condition: Condition, facts: Facts) -> None:
    attr = of(condition, facts).question
    if attr == "registered_on":
        assert facts.registered_on is None or not facts.registered_on.is_exact
    elif attr and attr != "recognised_as":
        assert facts.value(attr) is None
    assert attr not in facts.unsure


@often
@given(conditions, facts_drawn())
def test_without_a_question_no_answer_changes_the_kind(condition: Condition, facts: Facts) -> None:
    facts = facts.but(unsure=frozenset())
    before = of(condition, facts)
    unknown = {attr for attr in ANSWERS if facts.value(attr) is None}
    if facts.entity_type is Entity.FIRM:  # untold it counts as small: an estimate that may change
        unknown.discard("headcount_incl_founder")
    for attr in sorted(unknown) if before.question is None else []:
        kinds = {of(condition, person).kind for person in answered(facts, attr)}
        assert kinds <= {before.kind}


@often
@given(conditions, facts_drawn())
def test_the_questions_come_to_an_end(condition: Condition, facts: Facts) -> None:
    for _ in range(len(ORDER) + 2):
        attr = of(condition, facts).question
        if attr is None:
            break
        facts = next(answered(facts, attr))
    assert of(condition, facts).question is None
    assert of(condition, facts).kind is not Kind.ASK
