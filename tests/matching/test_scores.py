"""Each term of the score, by the table of the rules."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from matching.codes import Band, Category, Lack, Skill, Support, Term
from matching.judging import judge
from matching.projects import Project, Seeker, Trade
from matching.weights import WHOLE
from tests.matching.matched import CHAT, among, project, seeker

FARM, NEAR = Category.FARMING, Category.TOURISM
LIVESTOCK, COOK, LEAD = Skill.LIVESTOCK, Skill.COOK, Skill.LEAD
BOTH = frozenset([LIVESTOCK, LEAD])


def share(term: Term, one: Seeker, offer: Project, view: Any = CHAT) -> float | None:
    """What a term is given."""
    return next(part.share for part in judge(one, offer, view).parts if part.term is term)


@pytest.mark.parametrize(
    ("wants", "expected"),
    [
        ({FARM}, 1),
        ({NEAR}, 0.6),
        ({Category.TRANSPORT}, 0),
        ({Category.TRANSPORT, FARM}, 1),
        (set(), 0.5),
        (None, None),
    ],
)
def test_interest(wants: Any, expected: float | None) -> None:
    one = seeker(wants=None if wants is None else frozenset(wants))
    assert share(Term.INTEREST, one, project()) == expected


@pytest.mark.parametrize(
    ("skills", "useful", "required", "expected"),
    [
        ([], [LIVESTOCK], [], 0.2),
        ([COOK], [LIVESTOCK], [], 0.2),
        ([LIVESTOCK], [LIVESTOCK, LEAD], [], 0.7),
        ([LIVESTOCK, LEAD], [LIVESTOCK, LEAD], [], 1),
        ([LIVESTOCK, LEAD], [LIVESTOCK, LEAD, COOK], [], 1),
        ([LIVESTOCK], [LIVESTOCK], [LIVESTOCK], 0.8),
        ([LIVESTOCK], [LIVESTOCK], [LEAD], 0.7),
        ([LIVESTOCK], [LIVESTOCK], [LIVESTOCK, LEAD], 0.7),
        ([LIVESTOCK, LEAD], [LIVESTOCK, LEAD], [LEAD], 1),
        ([LEAD], [LIVESTOCK], [LEAD], 0.3),
        ([LEAD], [], [LEAD], 0.8),
        ([LEAD], [], [], None),
        ([Skill.OTHER], [Skill.OTHER], [], 0.2),
        (None, [LIVESTOCK], [], None),
    ],
)
def test_skill(skills: Any, useful: Any, required: Any, expected: float | None) -> None:
    one = seeker(skills=None if skills is None else frozenset(skills))
    offer = project(skills_any=frozenset(useful), skills_required=frozenset(required))
    assert share(Term.SKILL, one, offer) == expected


@pytest.mark.parametrize(
    ("band", "needed", "loan", "expected"),
    [
        (Band.TO_10K, 0, False, 1),
        (Band.TO_10K, 1, False, 0.7),
        (Band.TO_50K, 10_000, False, 1),
        (Band.TO_50K, 10_001, False, 0.7),
        (Band.TO_50K, 50_000, True, 0.7),
        (Band.TO_50K, 50_001, True, 0.3),
        (Band.OVER_200K, 200_000, False, 1),
        (Band.OVER_200K, 900_000, False, 0.7),
        (None, 1, False, None),
    ],
)
def test_capital(band: Any, needed: int, loan: bool, expected: float | None) -> None:
    one = seeker(band=band, accepts_loan=loan)
    offer = project(min_capital_yuan=needed, max_capital_yuan=None)
    assert share(Term.CAPITAL, one, offer) == expected


@pytest.mark.parametrize(
    ("trades", "expected"),
    [
        ([(FARM, 0)], 0),
        ([(FARM, 3)], 0.6),
        ([(FARM, 5)], 1),
        ([(FARM, 30)], 1),
        ([(NEAR, 30)], 0),
        ([(FARM, 1), (FARM, 4)], 0.8),
        ([], 0),
        (None, None),
    ],
)
def test_experience(trades: Any, expected: float | None) -> None:
    told = None if trades is None else frozenset(Trade(*one) for one in trades)
    assert share(Term.EXPERIENCE, seeker(trades=told), project()) == expected


@pytest.mark.parametrize(
    ("lacks", "offers", "training", "expected"),
    [
        ([Lack.CAPITAL], [Support.LOAN], False, 1),
        ([Lack.CAPITAL], [Support.SUBSIDY], False, 1),
        ([Lack.CAPITAL], [Support.BUYER], False, 0),
        ([Lack.CAPITAL, Lack.SALES], [Support.BUYER], False, 0.5),
        ([Lack.SKILL], [], True, 1),
        ([Lack.SITE], [Support.SITE], False, 1),
        ([Lack.PROJECT], [Support.LOAN], False, None),
        ([Lack.UNSURE], [Support.LOAN], False, None),
        ([Lack.PROJECT, Lack.SALES], [Support.BUYER], False, 1),
        ([], [Support.LOAN], False, None),
        (None, [Support.LOAN], False, None),
    ],
)
def test_lack(lacks: Any, offers: Any, training: bool, expected: float | None) -> None:
    one = seeker(lacks=None if lacks is None else frozenset(lacks))
    offer = project(offers=frozenset(offers), training_available=training)
    assert share(Term.LACK, one, offer) == expected


@pytest.mark.parametrize(
    ("home", "towns", "expected"),
    [
        (("420581", "t1"), ("t1",), 1),
        (("420581", "t1"), ("t2",), 0.7),
        (("420581", "t1"), ("t3",), 0.5),
        (("420581", "t2"), ("t1", "t9"), 0.7),  # the table is read both ways
        (("420581", "t1"), ("t3", "t1"), 1),
        (("420581", "t1"), (), 1),
        (("420581", ""), ("t1",), None),
        (("420583", "t1"), ("t2",), 0.7),  # over the border
        (("420583", "t1"), ("t3",), 0),
        (("420583", ""), ("t1",), 0),
        (("420583", "t9"), (), 0),
    ],
)
def test_place(home: tuple[str, str], towns: tuple[str, ...], expected: float | None) -> None:
    view = among(neighbours={"t1": frozenset(["t2"])})
    one = seeker(county=home[0], town=home[1], accepts_other_county=True)
    assert share(Term.PLACE, one, project(towns=towns), view) == expected


def test_a_banned_town_is_not_near() -> None:
    view = among(bans=frozenset([("t1", FARM)]))
    one = seeker(town="t1")
    assert share(Term.PLACE, one, project(towns=("t1", "t3")), view) == 0.5


@pytest.mark.parametrize(
    ("county", "tags", "expected"),
    [
        ("420581", {"leading_industry"}, 1),
        ("420581", {"rural_revival"}, 0),
        ("420581", set(), 0),
        ("371703", {"leading_industry"}, None),
    ],
)
def test_theme(county: str, tags: set[str], expected: float | None) -> None:
    offer = project(county=county, theme_tags=frozenset(tags))
    assert share(Term.THEME, seeker(county=county), offer) == expected


@pytest.mark.parametrize(
    ("running", "limit", "expected"),
    [(0, 10, 0), (5, 10, 0.05), (10, 10, 0.1), (25, 10, 0.1), (25, 0, 0), (1, 3, 0.03333)],
)
def test_a_full_town_takes_up_to_a_tenth_off(running: int, limit: int, expected: float) -> None:
    spot = ("420581001", FARM)
    full, empty = among(entities={spot: running}, limits={spot: limit}), among()
    lost = judge(seeker(), project(), empty).score - judge(seeker(), project(), full).score
    assert lost == pytest.approx(expected)


@pytest.mark.parametrize(
    ("home", "towns", "lost"),
    [
        ("t1", ("t1", "t2"), 0.1),  # in the own town
        ("t9", ("t1", "t2"), 0.02),  # in the emptiest
        ("", ("t1",), 0.1),
        ("t1", (), 0.1),
        ("t9", (), 0),
    ],
)
def test_the_own_town_counts_if_it_may_be_there(
    home: str, towns: tuple[str, ...], lost: float
) -> None:
    running = {("t1", FARM): 10, ("t2", FARM): 2}
    view = among(entities=running, limits=dict.fromkeys(running, 10))
    found = judge(seeker(town=home), project(towns=towns), view)
    assert found.penalty == lost * WHOLE


def test_the_score_is_the_weighted_sum_and_what_is_not_known_counts_half() -> None:
    found = judge(seeker(), project(), CHAT)
    # interest 1, skill 0.7, capital 1 (8,000 within 10,000), experience and lack not known
    expected = 0.25 + 0.25 * 0.7 + 0.15 + 0.05 + 0.05 + 0.10 + 0.05 * 0
    assert found.score == pytest.approx(expected)
    assert found.confidence == pytest.approx(0.80)


def test_nothing_told_is_nothing_known() -> None:
    nobody = replace(Seeker(id="s"), county="371703")
    found = judge(nobody, project(county="371703"), CHAT)
    assert (found.score, found.confidence) == (0.5, 0)
