"""Conditions: three values, calendar months, what is missing and by how much."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.conditions import AllOf, AnyOf, Clause, Condition, Truth, Verdict
from matching.facts import Days, Entity, Facts, Insurance, LoanKind, add_months

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
YES, NO, UNKNOWN = Truth.YES, Truth.NO, Truth.UNKNOWN
FIRST = Clause("first_registration", "is", True)
PEOPLE = Clause("headcount_incl_founder", "ge", 2)
HALF_YEAR = Clause("months_operating", "ge", 6)
RETURNEE = Clause("is_returnee", "is", True, "返乡人员", defined=False)
LICENSED_IN_MAY = Days.of_month(2026, 5)


def on(day: str) -> Days:
    return Days.of(date.fromisoformat(day))


@pytest.mark.parametrize(
    ("day", "months", "full_on"),
    [
        ("2026-05-21", 6, "2026-11-21"),
        ("2026-08-31", 6, "2027-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2026-12-31", -1, "2026-11-30"),
        ("2026-01-15", -1, "2025-12-15"),
    ],
)
def test_months_are_counted_by_calendar_date(day: str, months: int, full_on: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(full_on)


@pytest.mark.parametrize(
    ("licence", "months", "truth"),
    [
        (on("2026-05-20"), 6, YES),
        (on("2026-05-21"), 6, YES),
        (on("2026-05-22"), 6, NO),
        (on("2025-11-21"), 12, YES),
        (on("2025-11-22"), 12, NO),
        (Days.of_month(2026, 4), 6, YES),
        (Days.of_month(2026, 5), 6, UNKNOWN),
        (Days.of_month(2026, 6), 6, NO),
        (None, 6, UNKNOWN),
    ],
)
def test_a_licence_is_as_old_as_its_date_says(
    licence: Days | None, months: int, truth: Truth
) -> None:
    clause = Clause("months_operating", "ge", months)
    assert clause.holds(Facts(registered_on=licence), NOW).value is truth


@pytest.mark.parametrize(
    ("clause", "facts", "truth"),
    [
        (FIRST, Facts(first_registration=True), YES),
        (FIRST, Facts(first_registration=False), NO),
        (FIRST, Facts(), UNKNOWN),
        (PEOPLE, Facts(headcount_incl_founder=2), YES),
        (PEOPLE, Facts(headcount_incl_founder=1), NO),
        (RETURNEE, Facts(is_returnee=True), UNKNOWN),
        (Clause("entity_type", "in", ("个体户",)), Facts(entity_type=Entity.SOLE), YES),
        (Clause("entity_type", "in", ("个体户",)), Facts(entity_type=Entity.FIRM), NO),
        (Clause("is_small_micro", "is", True), Facts(entity_type=Entity.FIRM), YES),
        (Clause("is_small_micro", "is", True), Facts(entity_type=Entity.SOLE), UNKNOWN),
        (Clause("contracts_signed", "is", True), Facts(contracts_1y=1), YES),
        (Clause("contracts_signed", "is", True), Facts(contracts_1y=0), UNKNOWN),
        (Clause("social_insurance", "is", "paid"), Facts(social_insurance=Insurance.PAID), YES),
        (Clause("social_insurance", "is", "paid"), Facts(social_insurance=Insurance.NONE), NO),
        (
            Clause("social_insurance", "is", "paid"),
            Facts(social_insurance=Insurance.PARTLY),
            UNKNOWN,
        ),
        (Clause("loan_kind", "is", "person"), Facts(loan_kind=LoanKind.PERSON), YES),
        (Clause("loan_kind", "is", "person"), Facts(entity_type=Entity.FIRM), NO),
        (Clause("recognised_as", "has", "甲"), Facts(recognised_as=frozenset({"甲"})), YES),
        (Clause("recognised_as", "has", "甲"), Facts(not_recognised_as=frozenset({"甲"})), NO),
        (Clause("recognised_as", "has", "甲"), Facts(recognised_as=frozenset({"乙"})), UNKNOWN),
    ],
)
def test_a_clause_is_yes_no_or_not_known(clause: Clause, facts: Facts, truth: Truth) -> None:
    assert clause.holds(facts, NOW).value is truth


@pytest.mark.parametrize(
    ("clause", "facts", "missing"),
    [
        (HALF_YEAR, Facts(), ("registered_on",)),
        (HALF_YEAR, Facts(registered_on=LICENSED_IN_MAY), ("registered_on",)),
        (Clause("is_small_micro", "is", True), Facts(), ("entity_type",)),
        (Clause("is_small_micro", "is", True), Facts(entity_type=Entity.FARM), ()),
        (PEOPLE, Facts(unsure=frozenset({"headcount_incl_founder"})), ()),
        (HALF_YEAR, Facts(unsure=frozenset({"registered_on"})), ()),
        (RETURNEE, Facts(), ()),
    ],
)
def test_only_what_an_answer_can_settle_is_missing(
    clause: Clause, facts: Facts, missing: tuple[str, ...]
) -> None:
    assert clause.holds(facts, NOW).missing == missing


@pytest.mark.parametrize(
    ("clause", "facts", "short", "due"),
    [
        (PEOPLE, Facts(headcount_incl_founder=1), 1, None),
        (Clause("contracts_1y", "ge", 3), Facts(contracts_1y=0), 3, None),
        (HALF_YEAR, Facts(registered_on=on("2026-05-22")), 0, date(2026, 11, 22)),
        (HALF_YEAR, Facts(registered_on=Days.of_month(2026, 8)), 0, date(2027, 2, 14)),
    ],
)
def test_a_gap_says_by_how_much_and_when(
    clause: Clause, facts: Facts, short: int, due: date | None
) -> None:
    (gap,) = clause.holds(facts, NOW).gaps
    assert (gap.short, gap.due) == (short, due)


@pytest.mark.parametrize(
    "clause",
    [
        HALF_YEAR,
        Clause("entity_type", "in", ("个体户",)),
        Clause("is_small_micro", "is", True),
    ],
)
def test_without_a_licence_the_licence_is_the_gap(clause: Clause) -> None:
    verdict = clause.holds(Facts(entity_type=Entity.NONE), NOW)
    assert verdict.gaps[0].needs_licence


@pytest.mark.parametrize(
    "clause",
    [
        Clause("entity_type", "in", ("个体工商户",)),
        Clause("loan_kind", "is", "法人"),
        Clause("no_such_thing", "is", True),
    ],
)
def test_what_we_cannot_read_is_unclear_and_never_no(clause: Clause) -> None:
    facts = Facts(entity_type=Entity.SOLE, loan_kind=LoanKind.PERSON)
    assert clause.holds(facts, NOW) == Verdict(UNKNOWN, unclear=(clause,))


@pytest.mark.parametrize("defined", [True, False])
def test_a_title_is_held_or_not_whatever_it_takes_to_get_it(defined: bool) -> None:
    clause = Clause("recognised_as", "has", "甲", defined=defined)
    assert clause.holds(Facts(), NOW).missing == ("recognised_as",)


def test_a_final_no_ends_the_questions() -> None:
    verdict = AllOf((FIRST, PEOPLE)).holds(Facts(first_registration=False), NOW)
    assert (verdict.is_final_no, verdict.missing, verdict.because) == (True, (), (FIRST,))


def test_a_gap_leaves_the_other_questions_open() -> None:
    verdict = AllOf((FIRST, PEOPLE)).holds(Facts(headcount_incl_founder=1), NOW)
    assert (verdict.value, verdict.missing) == (NO, ("first_registration",))


def test_any_of_keeps_only_what_can_still_win() -> None:
    either = AnyOf((FIRST, PEOPLE)).holds(Facts(first_registration=False), NOW)
    assert (either.value, either.missing) == (UNKNOWN, ("headcount_incl_founder",))


facts_drawn = st.builds(
    Facts,
    first_registration=st.none() | st.booleans(),
    headcount_incl_founder=st.none() | st.integers(0, 3),
    contracts_1y=st.none() | st.integers(0, 2),
    entity_type=st.none() | st.sampled_from(Entity),
    registered_on=st.sampled_from([None, on("2026-05-21"), on("2026-09-01"), LICENSED_IN_MAY]),
)
clauses_drawn = st.sampled_from(
    [FIRST, PEOPLE, HALF_YEAR, RETURNEE, Clause("entity_type", "in", ("个体户", "公司"))]
)
conditions_drawn: st.SearchStrategy[Condition] = st.recursive(
    clauses_drawn,
    lambda part: st.builds(
        lambda kind, parts: kind(tuple(parts)),
        st.sampled_from([AllOf, AnyOf]),
        st.lists(part, min_size=1, max_size=3),
    ),
    max_leaves=6,
)
RANK = {NO: 0, UNKNOWN: 1, YES: 2}


@given(st.lists(conditions_drawn, min_size=1, max_size=3), facts_drawn)
def test_all_is_the_least_and_any_the_greatest_of_its_parts(
    parts: list[Condition], facts: Facts
) -> None:
    values = [RANK[part.holds(facts, NOW).value] for part in parts]
    assert RANK[AllOf(tuple(parts)).holds(facts, NOW).value] == min(values)
    assert RANK[AnyOf(tuple(parts)).holds(facts, NOW).value] == max(values)


@given(conditions_drawn, facts_drawn)
def test_a_yes_leaves_nothing_to_ask_and_an_open_end_names_its_reason(
    condition: Condition, facts: Facts
) -> None:
    verdict = condition.holds(facts, NOW)
    if verdict.value is YES:
        assert verdict == Verdict(YES)
    if verdict.value is UNKNOWN:
        assert verdict.missing or verdict.unclear


@given(conditions_drawn, facts_drawn, st.booleans())
def test_an_answer_never_turns_a_settled_verdict(
    condition: Condition, facts: Facts, answer: bool
) -> None:
    before = condition.holds(facts.but(first_registration=None), NOW)
    if before.value is not UNKNOWN:
        after = condition.holds(facts.but(first_registration=answer), NOW)
        assert after.value is before.value
