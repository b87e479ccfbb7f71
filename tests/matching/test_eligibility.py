"""Eligibility: what can be said about a person and a policy, on the rules of the real entries."""

from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.library import load_library
from knowledge.shelf import Library
from matching.conditions import AllOf, Clause, from_rules
from matching.eligibility import Amount, Kind, Note, Policy, Result, Source, Standing, check
from matching.facts import Days, Entity, Facts, Insurance, LoanKind

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
YICHANG, DINGTAO = "yichang-startup-subsidy-amount", "dingtao-startup-subsidy-amount"
POSTS, SOLE_LOAN = "dingtao-post-subsidy-amount", "dingtao-loan-individual-cap"
FIRM_LOAN, PUYANG_LOAN = "dingtao-loan-firm-cap", "puyang-subsidised-loan-person"
TITLE = "yichang-yangui-amount"


@cache
def library() -> Library:
    return load_library()


@pytest.fixture(autouse=True, scope="module")
def _loaded() -> None:
    """Drawn examples have a deadline; the first of them must not pay for the loading."""
    library()


def on(day: str) -> Days:
    return Days.of(date.fromisoformat(day))


def of_entry(name: str, facts: Facts, now: datetime = NOW) -> Result:
    return check(
        Policy(id=name, matter="", condition=from_rules(library().entries[name].rules)), facts, now
    )


FOUNDER = Facts(first_registration=True, registered_on=on("2026-05-21"), headcount_incl_founder=2)
FIRM = Facts(
    first_registration=True,
    registered_on=on("2025-11-21"),
    entity_type=Entity.FIRM,
    contracts_signed=True,
    social_insurance=Insurance.PAID,
)


@pytest.mark.parametrize(
    ("name", "facts", "kind"),
    [
        # 宜昌: first registration, six months, two people; who is a returnee, the office decides.
        (YICHANG, FOUNDER, Kind.UNCLEAR),
        (YICHANG, FOUNDER.but(registered_on=on("2026-05-20")), Kind.UNCLEAR),
        (YICHANG, FOUNDER.but(registered_on=on("2026-05-22")), Kind.NOT_YET),
        (YICHANG, FOUNDER.but(registered_on=Days.of_month(2026, 5)), Kind.ASK),
        (YICHANG, FOUNDER.but(registered_on=Days.of_month(2026, 4)), Kind.UNCLEAR),
        (YICHANG, FOUNDER.but(registered_on=None), Kind.ASK),
        (YICHANG, FOUNDER.but(headcount_incl_founder=1), Kind.NOT_YET),
        (YICHANG, FOUNDER.but(headcount_incl_founder=3), Kind.UNCLEAR),
        (YICHANG, FOUNDER.but(first_registration=False), Kind.NO),
        (YICHANG, FOUNDER.but(first_registration=False, headcount_incl_founder=1), Kind.NO),
        (YICHANG, FOUNDER.but(entity_type=Entity.SOLE), Kind.UNCLEAR),
        (YICHANG, FOUNDER.but(entity_type=Entity.NONE), Kind.UNCLEAR),
        (YICHANG, FOUNDER.but(entity_type=Entity.NONE, registered_on=None), Kind.NOT_YET),
        (YICHANG, FOUNDER.but(is_returnee=True), Kind.UNCLEAR),
        (YICHANG, Facts(), Kind.ASK),
        # 定陶: a year, contracts, insurance; the paper names 小微企业.
        (DINGTAO, FIRM, Kind.UNCLEAR),
        (DINGTAO, FIRM.but(registered_on=on("2025-11-22")), Kind.NOT_YET),
        (DINGTAO, FIRM.but(registered_on=on("2024-11-21")), Kind.UNCLEAR),
        (DINGTAO, FIRM.but(entity_type=Entity.SOLE), Kind.UNCLEAR),
        (DINGTAO, FIRM.but(social_insurance=Insurance.NONE), Kind.NOT_YET),
        (DINGTAO, FIRM.but(social_insurance=Insurance.PARTLY), Kind.UNCLEAR),
        (DINGTAO, FIRM.but(contracts_signed=False), Kind.NOT_YET),
        (DINGTAO, FIRM.but(contracts_signed=None, contracts_1y=1), Kind.UNCLEAR),
        (DINGTAO, FIRM.but(contracts_signed=None), Kind.ASK),
        (DINGTAO, FIRM.but(first_registration=False), Kind.NO),
        (POSTS, Facts(contracts_1y=7), Kind.LOOKS_OK),
        (POSTS, Facts(contracts_1y=1), Kind.LOOKS_OK),
        (POSTS, Facts(contracts_1y=0), Kind.NOT_YET),
        (POSTS, Facts(), Kind.ASK),
        (SOLE_LOAN, Facts(entity_type=Entity.SOLE), Kind.UNCLEAR),
        (SOLE_LOAN, Facts(entity_type=Entity.FIRM), Kind.NO),
        (SOLE_LOAN, Facts(entity_type=Entity.NONE), Kind.NOT_YET),
        (FIRM_LOAN, Facts(entity_type=Entity.FIRM), Kind.UNCLEAR),
        (PUYANG_LOAN, Facts(loan_kind=LoanKind.PERSON), Kind.LOOKS_OK),
        (PUYANG_LOAN, Facts(loan_kind=LoanKind.PARTNERSHIP), Kind.NO),
        (PUYANG_LOAN, Facts(entity_type=Entity.SOLE), Kind.LOOKS_OK),
        (TITLE, Facts(recognised_as=frozenset({"雁归宜昌项目"})), Kind.LOOKS_OK),
        (TITLE, Facts(not_recognised_as=frozenset({"雁归宜昌项目"})), Kind.NOT_YET),
        (TITLE, Facts(), Kind.ASK),
    ],
)
def test_the_boundaries_of_the_papers_hold(name: str, facts: Facts, kind: Kind) -> None:
    assert of_entry(name, facts).kind is kind


@pytest.mark.parametrize(
    ("day", "kind"),
    [(20, Kind.NOT_YET), (21, Kind.UNCLEAR), (22, Kind.UNCLEAR)],
)
def test_six_months_are_full_on_the_same_day_of_the_month(day: int, kind: Kind) -> None:
    result = of_entry(YICHANG, FOUNDER, datetime(2026, 11, day, tzinfo=UTC))
    assert result.kind is kind
    assert [gap.due for gap in result.gaps] == (
        [date(2026, 11, 21)] if kind is Kind.NOT_YET else []
    )


@pytest.mark.parametrize(
    ("name", "facts", "question"),
    [
        (YICHANG, Facts(), "first_registration"),
        (YICHANG, Facts(first_registration=True), "registered_on"),
        (YICHANG, FOUNDER.but(headcount_incl_founder=None), "headcount_incl_founder"),
        (YICHANG, FOUNDER, None),
        (YICHANG, Facts(first_registration=False), None),
        (YICHANG, Facts(headcount_incl_founder=1), "first_registration"),
        (DINGTAO, FIRM.but(social_insurance=None), "social_insurance"),
        (SOLE_LOAN, Facts(), "entity_type"),
        (PUYANG_LOAN, Facts(), "loan_kind"),
        (TITLE, Facts(), "recognised_as"),
    ],
)
def test_one_question_is_next_or_none(name: str, facts: Facts, question: str | None) -> None:
    assert of_entry(name, facts).question == question


@pytest.mark.parametrize(
    ("amount", "posts", "total"),
    [
        (Amount(Decimal(2000), "per_post"), 7, 14000),
        (Amount(Decimal(2000), "per_post"), 0, 0),
        (Amount(Decimal(12000), "min"), 7, None),
        (Amount(), 7, None),
    ],
)
def test_only_what_is_paid_by_the_post_is_multiplied(
    amount: Amount, posts: int, total: int | None
) -> None:
    assert amount.for_posts(posts) == total


@pytest.mark.parametrize(
    ("standing", "kind"),
    [
        (Standing.POOL, Kind.NOT_A_BENEFIT),
        (Standing.SERVICE, Kind.HUMAN_CONTACT),
        (Standing.WITHOUT_TERMS, Kind.UNCLEAR),
        (Standing.PLANNED, Kind.LOOKS_OK),
    ],
)
def test_what_is_no_claim_is_not_checked(standing: Standing, kind: Kind) -> None:
    policy = Policy(id="x", matter="x", standing=standing)
    assert check(policy, Facts(), NOW).kind is kind


@pytest.mark.parametrize(
    ("issued", "is_old"),
    [
        ("2017-12-21", True),
        ("2024-11-20", True),
        ("2024-11-21", False),
        ("2024", False),
        ("2023", True),
        ("", False),
    ],
)
def test_a_paper_is_old_after_two_years(issued: str, is_old: bool) -> None:
    assert Source("x", issued=issued).is_old(NOW.date()) is is_old


def test_the_notes_say_what_must_be_said_along() -> None:
    policy = Policy(
        id="x", matter="x", standing=Standing.PLANNED, source=Source("x", issued="2017")
    )
    assert check(policy, Facts(), NOW).notes == (Note.PLANNED, Note.OLD, Note.NO_AMOUNT)


facts_drawn = st.builds(
    Facts,
    first_registration=st.none() | st.booleans(),
    headcount_incl_founder=st.none() | st.integers(0, 3),
    contracts_1y=st.none() | st.integers(0, 2),
    contracts_signed=st.none() | st.booleans(),
    social_insurance=st.none() | st.sampled_from(Insurance),
    entity_type=st.none() | st.sampled_from(Entity),
    loan_kind=st.none() | st.sampled_from(LoanKind),
    registered_on=st.sampled_from(
        [None, on("2026-05-21"), on("2025-09-01"), Days.of_month(2026, 5)]
    ),
)
# For each attribute answers on either side of every boundary of the papers.
ANSWERS: dict[str, list[object]] = {
    "first_registration": [True, False],
    "headcount_incl_founder": [1, 2],
    "contracts_1y": [0, 1],
    "contracts_signed": [True, False],
    "social_insurance": list(Insurance),
    "entity_type": list(Entity),
    "loan_kind": list(LoanKind),
    "registered_on": [on("2020-01-01"), on("2026-11-20")],
    "recognised_as": [],
}
ruled = st.sampled_from([YICHANG, DINGTAO, POSTS, SOLE_LOAN, FIRM_LOAN, PUYANG_LOAN])


def told(result: Result) -> tuple[object, ...]:
    return result.kind, result.gaps, result.because, result.unclear


@given(ruled, facts_drawn)
def test_a_question_is_asked_only_if_its_answer_changes_something(name: str, facts: Facts) -> None:
    attr = of_entry(name, facts).question
    if attr:
        outcomes = {told(of_entry(name, facts.but(**{attr: a}))) for a in ANSWERS[attr]}
        assert len(outcomes) > 1


@given(ruled, facts_drawn)
def test_without_a_question_no_answer_still_changes_the_kind(name: str, facts: Facts) -> None:
    before = of_entry(name, facts)
    unknown = [a for a in ANSWERS if facts.value(a) is None] if before.question is None else []
    for attr in unknown:
        kinds = {of_entry(name, facts.but(**{attr: a})).kind for a in ANSWERS[attr]}
        assert kinds <= {before.kind}


def test_every_rule_of_the_packs_uses_words_that_we_know() -> None:
    rules = [(e.id, from_rules(e.rules)) for e in library().entries.values() if e.rules]
    unread = [(name, c) for name, rule in rules for c in rule.clauses if not c.is_readable]
    assert unread == []


def test_a_fixed_no_gives_its_reason_alone() -> None:
    first, people = (
        Clause("first_registration", "is", True),
        Clause("headcount_incl_founder", "ge", 2),
    )
    policy = Policy(id="x", matter="x", condition=AllOf((first, people)))
    result = check(policy, Facts(first_registration=False, headcount_incl_founder=1), NOW)
    assert (result.because, result.gaps) == ((first,), ())
