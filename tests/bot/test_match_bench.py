"""The figures of matching: the whole list of the design (6.8), with its bars."""

from __future__ import annotations

from typing import Any

import pytest

from bot.benching import match, matching_world
from bot.benching.matching_month import a_month
from bot.benching.matching_oracle import breaks
from bot.benching.matching_quality import pairs, report
from matching.codes import Bar
from matching.nightly import decide


@pytest.fixture(scope="module")
def figures() -> dict[str, Any]:
    return report()


def test_no_constraint_is_broken_in_two_thousand_pairs(figures: dict[str, Any]) -> None:
    assert (figures["pairs"], figures["constraints_broken"]) == (2_000, 0)
    assert figures["bars_named_otherwise"] == 0
    assert figures["pairs_shown"] > 100


def test_every_reason_stands_on_its_field(figures: dict[str, Any]) -> None:
    assert figures["reasons"] > 500
    assert figures["reasons_that_fail"] == 0


def test_who_somebody_is_moves_no_ranking(figures: dict[str, Any]) -> None:
    assert figures["swaps_of_withheld_fields"] > 1_000
    assert figures["rankings_changed"] == 0


def test_showing_is_even_and_reaches_nearly_all(figures: dict[str, Any]) -> None:
    assert figures["gini_of_exposure"] <= 0.5
    assert figures["projects_ever_shown"] >= 0.9
    assert figures["lines_among_three"] >= 2
    assert figures["most_of_a_cap_used"] <= 1


def test_one_answer_less_leaves_one_of_three_at_least(figures: dict[str, Any]) -> None:
    assert figures["answers_taken_away"] > 200
    assert figures["of_three_still_there"] >= 1


def test_a_month_repeats_nothing_to_anybody() -> None:
    month = a_month(people=600, projects=60)
    assert month.repeated == 0
    assert month.told > 100


def test_a_night_of_many_breaks_no_constraint() -> None:
    people, offers = matching_world.seekers(3_000, 3), matching_world.projects(150, 3)
    view = matching_world.night(3)
    night = decide(people, offers, view)
    given = [(n, project) for n in range(len(people)) for project in night.of(n)]
    assert len(given) > 1_000
    assert not any(breaks(people[n], project, view) for n, project in given)
    counts = {one.id: 0 for one in offers}
    for _, project in given:
        counts[project.id] += 1
    assert all(counts[one.id] <= max(20, 3 * one.slots) for one in offers)


def test_the_pairs_meet_every_constraint() -> None:
    met = {code for pair in pairs(2_000) for code in breaks(*pair)}
    assert met == {bar.value for bar in Bar}


def test_a_small_night_is_measured_beside_its_peers() -> None:
    figures = match.a_night(people=1_200, offers=400)
    assert figures["decided_otherwise_by_either"] == 0
    assert figures["people_with_projects"] > 100
    assert figures["reasons_written"] > 100
