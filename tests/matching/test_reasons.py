"""Reasons are true: each is there because of a field, goes with it, and takes score along."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings

from matching.aspects import View
from matching.codes import Bar, Category, Lack, Site, Skill, Support, Term
from matching.judging import judge
from matching.projects import Certificate, Project, Reason, Seeker, Trade
from matching.reasons import bars_told, explain
from tests.matching.drawn_matches import projects_drawn, seekers_drawn, views_drawn
from tests.matching.matched import NIGHT, PROJECT, SEEKER, among, project, seeker

# Of what is not None where it is not told.
NOT_TOLD: dict[str, Any] = {"town": "", "theme_tags": frozenset()}


def _without(reason: Reason, one: Seeker, offer: Project) -> tuple[Seeker, Project]:
    """The two with the cited field taken out of the record."""
    side, name = reason.field.split(".")
    if side == "project":
        return one, replace(offer, **{name: NOT_TOLD[name]})
    taken: dict[str, Any] = {name: NOT_TOLD.get(name)}
    return replace(one, **taken), offer


@given(seekers_drawn, projects_drawn, views_drawn)
@settings(max_examples=400, deadline=None)
def test_without_its_field_a_reason_goes_and_the_score_falls(
    one: Seeker, offer: Project, view: View
) -> None:
    match = explain(one, offer, view)
    for reason in match.reasons:
        after = explain(*_without(reason, one, offer), view)
        assert reason.term not in [other.term for other in after.reasons]
        assert after.score < match.score


@given(seekers_drawn, projects_drawn, views_drawn)
@settings(max_examples=400, deadline=None)
def test_the_values_of_a_reason_stand_in_the_records(
    one: Seeker, offer: Project, view: View
) -> None:
    for reason in explain(one, offer, view).reasons:
        side, name = reason.field.split(".")
        told = getattr(offer if side == "project" else one, name)
        if name == "trades":
            assert Trade(Category(reason.values[0]), int(reason.values[1])) in told
        elif isinstance(told, frozenset):
            assert reason.values
            assert set(reason.values) <= set(map(str, told))
        else:
            assert reason.values == (str(told),)


@given(seekers_drawn, projects_drawn, views_drawn)
@settings(max_examples=300, deadline=None)
def test_reasons_are_the_two_strongest_terms_above_half(
    one: Seeker, offer: Project, view: View
) -> None:
    match = explain(one, offer, view)
    assume(match.penalty == 0)
    above = [p for p in match.parts if p.share is not None and p.share > 0.5]
    above.sort(key=lambda part: -part.points)
    assert [reason.term for reason in match.reasons] == [part.term for part in above[:2]]


@pytest.mark.parametrize(
    ("changes", "offered", "term", "text"),
    [
        ({}, {}, Term.INTEREST, "您想干种养"),
        ({"wants": frozenset([Category.TOURISM])}, {"skills_any": frozenset()},
         Term.INTEREST, "跟您想干的乡村旅游民宿相近"),
        ({}, {}, Term.SKILL, "您会的用得上：养殖"),
        ({"wants": None, "skills": None}, {}, Term.CAPITAL, "起步本钱不超过您说的1万到5万元"),
        ({"wants": None, "skills": None}, {}, Term.PLACE, "就在您老家镇上"),
        ({"wants": None, "skills": None}, {"towns": ()}, Term.PLACE, "全县都能干，您镇上也行"),
        ({"skills": None, "trades": frozenset([Trade(Category.FARMING, 6)]), "band": None}, {},
         Term.EXPERIENCE, "您干这行有6年了"),
        ({"skills": None, "band": None, "lacks": frozenset([Lack.SALES, Lack.CAPITAL])},
         {"offers": frozenset([Support.BUYER, Support.LOAN])},
         Term.LACK, "您缺本钱、销路，这里有贷款扶持、有人收货"),
        ({"wants": None, "skills": None, "band": None, "town": ""},
         {"theme_tags": frozenset(["leading_industry"])}, Term.THEME, "是县里要发展的方向"),
    ],
)  # fmt: skip
def test_reasons_are_said_in_plain_words(
    changes: dict[str, Any], offered: dict[str, Any], term: Term, text: str
) -> None:
    told = explain(seeker(**changes), project(**offered), NIGHT).reasons
    assert {reason.term: reason.text for reason in told}[term] == text


def test_a_town_that_is_full_is_no_reason() -> None:
    spot = ("420581001", Category.FARMING)
    one = seeker(wants=None, skills=None, band=None)
    crowded = among(entities={spot: 9}, limits={spot: 10})
    assert explain(one, PROJECT, NIGHT).reasons[0].term is Term.PLACE
    assert explain(one, PROJECT, crowded).reasons == ()


@pytest.mark.parametrize(
    ("changes", "offered", "caution"),
    [
        ({}, {}, "鸡病一来可能亏本。"),
        ({"band": None}, {}, "本钱要另算"),
        ({"band": None, "sites": None}, {}, "本钱要另算，要先找场地"),
        ({}, {"certificates_required": frozenset([Certificate("健康证")]),
              "training_available": True}, "要先培训拿证"),
        ({"accepts_loan": True}, {"min_capital_yuan": 60_000}, "自己的本钱不够，要借一部分"),
        ({}, {"skills_required": frozenset([Skill.LEAD])}, "还要学会带班管理"),
        ({"skills": frozenset([Skill.COOK])}, {}, "手艺要从头学"),
        ({"county": "420583", "accepts_other_county": True}, {}, "不在您老家那个县"),
    ],
)  # fmt: skip
def test_what_is_open_or_weak_is_said_before_the_risk(
    changes: dict[str, Any], offered: dict[str, Any], caution: str
) -> None:
    assert explain(seeker(**changes), project(**offered), NIGHT).caution == caution


@pytest.mark.parametrize(
    ("changes", "offered", "told"),
    [
        ({}, {"min_capital_yuan": 80_000}, "最少要8万元本钱，比您说的多"),
        ({"county": "", "town": ""}, {}, "还不知道您老家在哪个县"),
        ({}, {"certificates_required": frozenset([Certificate("电工", 3)])},
         "要有证：电工高级，眼下又没有培训"),
        ({"sites": frozenset()}, {"site_need": Site.LAND}, "要有地，您说没有，县里也没有空的"),
        ({}, {"slots": 0}, "名额满了"),
        ({}, {}, "没有哪一条拦着，只是别的更合适"),
    ],
)  # fmt: skip
def test_why_not_is_said_for_each_bar(
    changes: dict[str, Any], offered: dict[str, Any], told: str
) -> None:
    one, offer = seeker(**changes), project(**offered)
    assert bars_told(one, offer, judge(one, offer, NIGHT).bars) == told


def test_every_bar_can_be_told() -> None:
    assert all(bars_told(SEEKER, PROJECT, (bar,)) for bar in Bar)
