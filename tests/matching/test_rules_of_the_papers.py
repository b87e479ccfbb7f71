"""What the entries state as conditions is what the rules taken from the papers state."""

from __future__ import annotations

from functools import cache

import pytest

from handlers.self_check.policies import policies_of, policy_of
from knowledge.entry import Entry
from knowledge.library import load_library
from knowledge.shelf import Library
from matching.eligibility import Kind, Policy, Standing, check
from matching.facts import NOTHING
from tests.matching.drawn import NOW

Stated = tuple[str, str, object, bool]  # attribute, operator, value, defined in the paper
IN_FORCE, PLANNED = Standing.IN_FORCE, Standing.PLANNED
RETURNEE: Stated = ("is_returnee", "is", True, False)
FIRST: Stated = ("first_registration", "is", True, True)
SMALL: Stated = ("is_small_micro", "is", True, True)


def title(name: str) -> list[Stated]:
    return [("recognised_as", "has", name, True)]


def loan(kind: str) -> Stated:
    return ("loan_kind", "is", kind, True)


RULES: dict[str, tuple[Standing, list[Stated]]] = {
    # YC-01 … YC-08, YC-06
    "yichang-startup-subsidy-amount": (
        IN_FORCE,
        [
            RETURNEE,
            FIRST,
            ("months_operating", "ge", 6, True),
            ("headcount_incl_founder", "ge", 2, True),
        ],
    ),
    "yichang-yangui-amount": (IN_FORCE, title("雁归宜昌项目")),
    "yichang-jingchu-project-amount": (IN_FORCE, title("荆楚归雁项目")),
    "yichang-provincial-park-amount": (IN_FORCE, title("荆楚返乡创业园")),
    "yichang-provincial-street-amount": (IN_FORCE, title("荆楚返乡创业特色街区")),
    "yichang-city-park-amount": (IN_FORCE, title("市级返乡创业园")),
    "yichang-brand-amount": (IN_FORCE, title("市级劳务品牌")),
    "yichang-brand-leader-amount": (IN_FORCE, title("劳务品牌领军企业")),
    # YC-07, YC-08: the variants; which groups are meant is not said
    "yichang-loan-personal-cap": (IN_FORCE, [loan("person"), RETURNEE]),
    "yichang-loan-firm-cap": (IN_FORCE, [loan("small_firm"), RETURNEE]),
    # PY-01 … PY-10, all under 下步打算
    "puyang-park-award-national": (PLANNED, title("国家级创业孵化园区")),
    "puyang-park-award-provincial": (PLANNED, title("省级创业孵化园区")),
    "puyang-park-award-city": (PLANNED, title("市级创业孵化园区")),
    "puyang-park-award-city-returnee": (PLANNED, title("市级农民工返乡创业示范园区")),
    "puyang-project-award-conditions": (PLANNED, title("市级示范项目")),
    "puyang-subsidised-loan-person": (PLANNED, [loan("person")]),
    "puyang-subsidised-loan-partners": (PLANNED, [loan("partnership")]),
    "puyang-subsidised-loan-firm": (PLANNED, [loan("small_firm")]),
    "puyang-plain-loan-person": (PLANNED, [loan("person")]),
    "puyang-plain-loan-partners": (PLANNED, [loan("partnership")]),
    "puyang-plain-loan-firm": (PLANNED, [loan("small_firm")]),
    # DT-01 … DT-04, DT-08
    "dingtao-loan-individual-cap": (
        IN_FORCE,
        [RETURNEE, ("entity_type", "in", ("个体户",), True)],
    ),
    "dingtao-loan-firm-cap": (IN_FORCE, [RETURNEE, SMALL]),
    "dingtao-startup-subsidy-amount": (
        IN_FORCE,
        [
            RETURNEE,
            FIRST,
            ("months_operating", "ge", 12, True),
            SMALL,
            ("contracts_signed", "is", True, True),
            ("social_insurance", "is", "paid", True),
        ],
    ),
    "dingtao-post-subsidy-amount": (IN_FORCE, [("contracts_1y", "ge", 1, True)]),
    "dingtao-park-award-amount": (IN_FORCE, title("区级返乡创业园区")),
}
AMOUNTS = {
    "yichang-yangui-amount": (50_000, "exact"),
    "puyang-park-award-national": (500_000, "exact"),
    "puyang-park-award-provincial": (300_000, "exact"),
    "puyang-park-award-city": (200_000, "exact"),
    "puyang-park-award-city-returnee": (200_000, "exact"),
    "puyang-subsidised-loan-person": (150_000, "planned"),
    "puyang-subsidised-loan-partners": (1_500_000, "planned"),
    "puyang-subsidised-loan-firm": (3_000_000, "planned"),
    "puyang-plain-loan-person": (500_000, "planned"),
    "puyang-plain-loan-partners": (2_000_000, "planned"),
    "puyang-plain-loan-firm": (5_000_000, "planned"),
    "dingtao-loan-individual-cap": (100_000, "max"),
    "dingtao-loan-firm-cap": (3_000_000, "max"),
    "dingtao-startup-subsidy-amount": (12_000, "min"),
    "dingtao-post-subsidy-amount": (2_000, "per_post"),
}
# What the papers only name, arrange for a whole area, or offer as help: no conditions to check.
UNCHECKED = [
    ("420500", "贷款贴息", Kind.UNCLEAR),  # YC-09 … YC-14: 按规定
    ("420500", "农机购置补贴", Kind.UNCLEAR),
    ("420500", "小额信贷", Kind.UNCLEAR),
    ("420500", "培训补贴", Kind.UNCLEAR),
    ("410900", "投资基金", Kind.UNCLEAR),  # PY-11
    ("371703", "专项扶持资金", Kind.NOT_A_BENEFIT),  # DT-05 … DT-07
    ("430300", "一次性创业补贴", Kind.UNCLEAR),  # XT-01, XT-02
    ("X", "返乡创业贷", Kind.UNCLEAR),  # S4-02
]


@cache
def library() -> Library:
    return load_library()


def policy(name: str) -> Policy:
    return policy_of(library().entries[name], library())


def _stated(entry: Entry) -> list[Stated]:
    return [
        (r.attr, r.op, tuple(r.value) if isinstance(r.value, list) else r.value, r.defined)
        for r in entry.rules
    ]


def test_exactly_these_entries_state_conditions() -> None:
    assert {entry.id for entry in library().entries.values() if entry.rules} == RULES.keys()


@pytest.mark.parametrize("name", RULES)
def test_an_entry_states_the_conditions_of_its_paper(name: str) -> None:
    standing, stated = RULES[name]
    assert sorted(_stated(library().entries[name])) == sorted(stated)
    assert policy(name).standing is standing


@pytest.mark.parametrize("name", RULES)
def test_an_entry_states_the_amount_of_its_paper_or_none(name: str) -> None:
    amount = policy(name).amount
    assert (amount.value, amount.bound) == AMOUNTS.get(name, (None, amount.bound))


@pytest.mark.parametrize(("area", "matter", "kind"), UNCHECKED)
def test_what_has_no_conditions_is_never_promised(area: str, matter: str, kind: Kind) -> None:
    found = policies_of(library(), area, [matter], NOW.date())
    assert {check(p, NOTHING, NOW).kind for p in found} == {kind}
