"""Random people and conditions: any facts that the store can hold, any rule that can be read."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from matching.conditions import AllOf, AnyOf, Clause, Condition
from matching.facts import ATTRIBUTES, Days, Entity, Facts, Insurance, LoanKind

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
TITLES = ["甲", "乙", "丙A", "丙a"]

# Dense around month ends and the borders of 6 and 12 months, so that an error of a day shows.
licence_days = st.one_of(
    st.dates(date(2024, 1, 1), date(2026, 11, 21)),
    st.sampled_from([date(2026, 5, d) for d in (20, 21, 22, 31)]),
    st.sampled_from([date(2025, 11, d) for d in (20, 21, 22, 30)]),
    st.sampled_from([date(2024, 2, 29), date(2025, 2, 28), date(2025, 8, 31)]),
)
licences = st.none() | st.builds(
    lambda first, more: Days(first, first + timedelta(more)),
    licence_days,
    st.sampled_from([0, 0, 1, 15, 29, 364]),
)
titles = st.frozensets(st.sampled_from(TITLES), max_size=3)
flags = st.none() | st.booleans()
counts = st.none() | st.integers(0, 21)


@st.composite
def facts_drawn(draw: st.DrawFn) -> Facts:
    held = draw(titles)
    return Facts(
        is_returnee=draw(flags),
        first_registration=draw(flags),
        entity_type=draw(st.none() | st.sampled_from(Entity)),
        registered_on=draw(licences),
        headcount_incl_founder=draw(counts),
        contracts_1y=draw(counts),
        contracts_signed=draw(flags),
        social_insurance=draw(st.none() | st.sampled_from(Insurance)),
        loan_kind=draw(st.none() | st.sampled_from(LoanKind)),
        recognised_as=held,
        not_recognised_as=draw(titles) - held,
        unsure=draw(st.frozensets(st.sampled_from(sorted(ATTRIBUTES)), max_size=2)),
    )


def _clause(attr: str, op: str, values: st.SearchStrategy[object]) -> st.SearchStrategy[Clause]:
    return st.builds(Clause, st.just(attr), st.just(op), values, defined=st.booleans())


def _words(attr: str, words: list[str]) -> st.SearchStrategy[Clause]:
    several = st.lists(st.sampled_from(words), max_size=3).map(tuple)
    return _clause(attr, "is", st.sampled_from(words)) | _clause(attr, "in", several)


unreadable = st.sampled_from(
    [
        Clause("no_such_thing", "is", True),
        Clause("entity_type", "is", "个体工商户"),
        Clause("headcount_incl_founder", "ge", "两"),
        Clause("months_operating", "is", 6),
        Clause("recognised_as", "has", "甲|乙"),
    ]
)
readable = st.one_of(
    *(
        _clause(attr, "is", st.booleans())
        for attr in ("is_returnee", "first_registration", "contracts_signed", "is_small_micro")
    ),
    *(
        _clause(attr, "ge", st.integers(0, 21))
        for attr in ("headcount_incl_founder", "contracts_1y")
    ),
    _clause("months_operating", "ge", st.sampled_from([0, 1, 3, 6, 9, 12, 18, 24, 600])),
    _words("entity_type", [entity.value for entity in Entity]),
    _words("social_insurance", [insurance.value for insurance in Insurance]),
    _words("loan_kind", [kind.value for kind in LoanKind]),
    _clause("recognised_as", "has", st.sampled_from(TITLES)),
    _clause("recognised_as", "has", st.lists(st.sampled_from(TITLES), max_size=2).map(tuple)),
)
clauses_drawn = st.one_of(readable, readable, readable, unreadable)
conditions_drawn: st.SearchStrategy[Condition] = st.recursive(
    clauses_drawn,
    lambda part: st.builds(
        lambda kind, parts: kind(tuple(parts)),
        st.sampled_from([AllOf, AnyOf]),
        st.lists(part, max_size=4),
    ),
    max_leaves=8,
)
