"""What somebody is shown: matches, a first look, one question, or a person to talk to."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from matching.aspects import View
from matching.codes import Band, Category, Evidence, Reach, Site, Skill
from matching.projects import Certificate, Project, Seeker
from matching.ranking import Basis, best, rank
from matching.stock import Stock
from tests.matching.drawn_matches import seekers_drawn, stocks_drawn, views_drawn
from tests.matching.matched import CHAT, NIGHT, SEEKER, TODAY, among, project, seeker

LINES = [line for line in Category if line is not Category.OTHER]
EASY = [project(id=f"easy{n}", category=line) for n, line in enumerate(LINES)]
COLD = Seeker(id="cold", county="420581")


def _shown(one: Seeker, projects: list[Project]) -> set[str]:
    return {match.project.id for match in rank(one, Stock(projects), CHAT).matches}


def test_nothing_is_shown_of_nothing() -> None:
    found = rank(SEEKER, Stock([]), CHAT)
    assert (found.matches, found.question, found.offer_person) == ((), None, True)


def test_what_fits_is_shown_with_its_score() -> None:
    (match,) = rank(SEEKER, Stock([project()]), CHAT).matches
    assert (match.project.id, round(match.score, 3), match.confidence) == ("p1", 0.775, 0.8)


@given(seekers_drawn, stocks_drawn, views_drawn)
@settings(max_examples=150, deadline=None)
def test_all_that_is_shown_from_data_is_good_enough_and_has_a_reason(
    one: Seeker, projects: list[Project], view: View
) -> None:
    found = rank(one, Stock(projects), view)
    for match in found.matches if found.basis is Basis.DATA else ():
        assert match.score >= 0.45
        assert match.confidence >= 0.35
        assert match.reasons
        assert match.caution


def test_a_push_is_made_of_matches_or_is_nothing() -> None:
    cold = replace(COLD, reach=Reach.AGREED)
    found = rank(cold, Stock(EASY), NIGHT)
    assert (found.matches, found.question, found.offer_person) == ((), None, False)


def test_what_was_pushed_lately_is_not_pushed_again_but_shown_when_asked_for() -> None:
    one = seeker(seen=frozenset(["p1"]))
    assert best(one, Stock([project()]), NIGHT) == ()
    assert best(one, Stock([project()]), CHAT) == (project(),)


def test_a_new_project_gets_its_turn_like_an_old_one() -> None:
    young = project(id="young", published_on=TODAY, verified_on=TODAY)
    stock = Stock([project(id="old"), young])
    firsts = [best(seeker(id=f"s{n}"), stock, NIGHT)[0].id for n in range(400)]
    assert 150 < firsts.count("young") < 250


class TestAFirstLook:
    def test_is_three_easy_projects_of_different_lines_and_one_question(self) -> None:
        found = rank(COLD, Stock(EASY), CHAT)
        assert found.basis is Basis.FIRST_LOOK
        assert len({match.project.category for match in found.matches}) == 3
        assert found.question

    def test_puts_what_needs_little_before_what_needs_much(self) -> None:
        hard = [
            project(id="dear", min_capital_yuan=60_000, category=Category.SHOP),
            project(id="site", site_need=Site.WORKSHOP, category=Category.ONLINE),
            project(
                id="paper",
                certificates_required=frozenset([Certificate("电工")]),
                training_available=True,
                category=Category.SERVICES,
            ),
        ]
        assert _shown(COLD, [*hard, *EASY[:3]]) == {"easy0", "easy1", "easy2"}

    def test_takes_turns_among_people(self) -> None:
        people = [replace(COLD, id=f"cold{n}") for n in range(40)]
        assert set().union(*(_shown(one, EASY) for one in people)) == {one.id for one in EASY}

    def test_never_breaks_a_constraint(self) -> None:
        barred = [project(slots=0), project(id="x", county="420583")]
        assert rank(COLD, Stock(barred), CHAT).matches == ()


class TestTheSameForAll:
    OPEN = seeker(is_personal=False)

    def test_is_the_newest_verified_of_the_county(self) -> None:
        ages = {"old": 90, "new": 2, "middle": 30}
        listed = [project(id=i, verified_on=TODAY - timedelta(n)) for i, n in ages.items()]
        found = rank(self.OPEN, Stock(listed), CHAT)
        assert [match.project.id for match in found.matches] == ["new", "middle", "old"]
        assert found.basis is Basis.SAME_FOR_ALL

    @pytest.mark.parametrize(
        "changes",
        [
            {"county": "420583"},
            {"slots": 0},
            {"evidence": Evidence.UNVERIFIED},
            {"expires_on": TODAY - timedelta(1)},
        ],
    )
    def test_leaves_out_what_may_not_be_shown(self, changes: dict[str, Any]) -> None:
        assert rank(self.OPEN, Stock([project(**changes)]), CHAT).matches == ()

    def test_leaves_out_what_is_banned_wherever_it_could_be_done(self) -> None:
        bans = frozenset([("420581001", Category.FARMING)])
        assert rank(self.OPEN, Stock([project()]), among_asked(bans)).matches == ()

    @given(seekers_drawn, seekers_drawn, stocks_drawn, views_drawn)
    @settings(max_examples=150, deadline=None)
    def test_is_one_list_for_any_two_of_a_county(
        self, one: Seeker, other: Seeker, projects: list[Project], view: View
    ) -> None:
        one = replace(one, is_personal=False)
        other = replace(other, is_personal=False, county=one.county)
        assert rank(one, Stock(projects), view) == rank(other, Stock(projects), view)

    def test_is_never_pushed(self) -> None:
        assert rank(self.OPEN, Stock([project()]), NIGHT).matches == ()


def among_asked(bans: frozenset[tuple[str, Category]]) -> View:
    return replace(among(bans=bans), is_push=False)


class TestTheOneQuestion:
    def test_is_for_the_county_where_it_is_not_known(self) -> None:
        assert rank(Seeker(id="s"), Stock(EASY), CHAT).question == "home_place"
        assert rank(Seeker(id="s"), Stock([]), CHAT).question == "home_place"

    def test_is_for_what_moves_the_first_three_most(self) -> None:
        cook, sew = frozenset([Skill.COOK]), frozenset([Skill.SEWING])
        offers = [
            project(id=f"{n}{useful}", site_need=Site.NONE, skills_any=useful)
            for useful in (cook, sew)
            for n in range(4)
        ]
        asked = replace(COLD, wants=frozenset(), trades=frozenset(), lacks=frozenset())
        assert rank(asked, Stock(offers), CHAT).question == "skills"

    def test_is_for_money_where_only_money_tells_projects_apart(self) -> None:
        dear = [project(id=f"d{n}", min_capital_yuan=100_000) for n in range(4)]
        cheap = [project(id=f"c{n}", min_capital_yuan=500) for n in range(4)]
        told = seeker(band=None, wants=frozenset(), skills=frozenset(), lacks=frozenset(),
                      trades=frozenset())  # fmt: skip
        assert rank(told, Stock(dear + cheap), CHAT).question == "capital_band"

    def test_is_not_put_again_where_somebody_would_rather_not_say(self) -> None:
        first = rank(COLD, Stock(EASY), CHAT).question
        assert first
        silent = replace(COLD, unsaid=frozenset([first]))
        assert rank(silent, Stock(EASY), CHAT).question != first

    def test_gives_way_to_a_person_where_no_answer_would_help(self) -> None:
        told = Seeker(
            id="s", county="420581", town="420581009", wants=frozenset([Category.TRANSPORT]),
            skills=frozenset(), lacks=frozenset(), band=Band.TO_10K, trades=frozenset(),
            sites=frozenset([Site.HOME]), certificates=frozenset(),
        )  # fmt: skip
        found = rank(told, Stock([project()]), CHAT)
        assert (found.matches, found.question, found.offer_person) == ((), None, True)
