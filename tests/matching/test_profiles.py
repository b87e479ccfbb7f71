"""A profile of the register becomes what a ranking may see, and nothing else of it does."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.benching.matching_quality import WITHHELD
from matching.codes import Band, Category, Lack, Reach, Site, Skill
from matching.profiles import refused_lines, seeker_of
from matching.projects import Certificate, Seeker, Trade
from matching.ranking import best
from matching.stock import Stock
from matching.weights import our_rules
from tests.matching.drawn_matches import good_stocks
from tests.matching.matched import CHAT, TODAY

lists = st.lists(st.sampled_from(Skill), max_size=3)
wanted = st.lists(st.sampled_from(list(Category)[:-1]), max_size=2)
withheld = st.fixed_dictionaries({name: st.sampled_from(v) for name, v in WITHHELD.items()})
profiles = st.fixed_dictionaries(
    {"want_kind": wanted, "skills": lists},
    optional={"capital_band": st.sampled_from([one.value for one in Band])},
)


def of(**codes: Any) -> Seeker:
    return seeker_of(codes, id="s", county="A")


def test_no_field_of_a_seeker_is_of_who_somebody_is() -> None:
    names = {field.name for field in fields(Seeker)}
    assert names & {"gender", "sex", "age", "age_band", "ethnicity", "disability", "name"} == set()


@given(profiles, withheld, withheld, good_stocks)
@settings(max_examples=200, deadline=None)
def test_swapping_who_somebody_is_leaves_the_ranking(
    codes: dict[str, Any], one: dict[str, Any], other: dict[str, Any], projects: Any
) -> None:
    ranked = [
        best(seeker_of(codes | who, id="s", county="A"), Stock(projects), CHAT)
        for who in (one, other, {})
    ]
    assert ranked[0] == ranked[1] == ranked[2]


@pytest.mark.parametrize(
    ("codes", "field", "expected"),
    [
        ({}, "wants", None),
        ({"want_kind": ["undecided"]}, "wants", frozenset()),
        ({"want_kind": ["farming", "shop"]}, "wants", {Category.FARMING, Category.SHOP}),
        ({"want_kind": ["a line of later"]}, "wants", None),
        ({"want_kind": []}, "wants", None),
        ({"skills": ["sewing", "other"]}, "skills", {Skill.SEWING, Skill.OTHER}),
        ({"skills": []}, "skills", frozenset()),
        ({"lacks": ["capital"]}, "lacks", {Lack.CAPITAL}),
        ({"capital_band": "to_50k"}, "band", Band.TO_50K),
        ({"capital_band": "unsaid"}, "band", None),
        ({"capital_band": "unsaid"}, "unsaid", {"capital_band"}),
        ({"work_years_industry": [["farming", 4]]}, "trades", {Trade(Category.FARMING, 4)}),
        ({"biz_kind": "shop", "biz_months": 30}, "trades", {Trade(Category.SHOP, 2)}),
        ({"biz_kind": "shop"}, "trades", None),
        ({"work_years_industry": []}, "trades", frozenset()),
        ({"land_site": "rented"}, "sites", {Site.SHOP, Site.WORKSHOP}),
        ({"land_site": ["none"]}, "sites", frozenset()),
        ({"land_site": ["home", "land"]}, "sites", {Site.HOME, Site.LAND}),
        ({"certificates": [["电工", 3, "2027-01-31"]]}, "certificates",
         {Certificate("电工", 3, date(2027, 1, 31))}),
        ({"certificates": []}, "certificates", frozenset()),
        ({"accepts_loan": "yes"}, "accepts_loan", True),
        ({"accepts_loan": "no"}, "accepts_loan", False),
        ({"other_county": "yes"}, "accepts_other_county", True),
    ],
)  # fmt: skip
def test_answers_are_read_by_their_codes(
    codes: dict[str, Any], field: str, expected: object
) -> None:
    assert getattr(of(**codes), field) == expected


def test_nobody_is_written_to_who_was_not_said_to_agree() -> None:
    assert of().reach is Reach.NO_CONSENT


@pytest.mark.parametrize(
    ("days", "is_refused"), [([1, 1], True), ([1], False), ([1, 180], True), ([1, 181], False)]
)
def test_a_line_is_refused_by_two_noes_in_half_a_year(days: list[int], is_refused: bool) -> None:
    said = [(Category.SHOP, TODAY - timedelta(n)) for n in days] + [(Category.ONLINE, TODAY)]
    expected = {Category.SHOP} if is_refused else set()
    assert refused_lines(said, TODAY, our_rules()) == expected
