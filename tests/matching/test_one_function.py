"""One person and a whole night are the same function: of values, to the last decision."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.benching.matching_peers import by_plain_loop, first_of
from matching.aspects import ASPECTS, Aspect, View
from matching.judging import judge
from matching.nightly import decide, order
from matching.picking import TOP
from matching.projects import Project, Seeker, Surroundings
from matching.ranking import best, rank
from matching.stock import Stock, Tables
from tests.matching.drawn_matches import (
    TODAY,
    eager_people,
    good_stocks,
    people_drawn,
    projects_drawn,
    seekers_drawn,
    stocks_drawn,
    surroundings_drawn,
    views_drawn,
)

often = settings(max_examples=60, deadline=None)
NIGHT = View.on(TODAY, is_push=True)


@pytest.mark.parametrize("aspect", ASPECTS, ids=lambda aspect: aspect.find.__name__)
@given(st.data())
@often
def test_an_aspect_sees_only_the_fields_that_it_names(aspect: Aspect, data: st.DataObject) -> None:
    seeker, other = data.draw(seekers_drawn), data.draw(seekers_drawn)
    project, another = data.draw(projects_drawn), data.draw(projects_drawn)
    view = data.draw(views_drawn)
    same = replace(other, **{name: getattr(seeker, name) for name in aspect.seeker})
    alike = replace(another, **{name: getattr(project, name) for name in aspect.project})
    assert aspect.find(same, alike, view) == aspect.find(seeker, project, view)


@given(people_drawn, stocks_drawn, views_drawn)
@often
def test_all_at_once_scores_as_one_by_one(
    seekers: list[Seeker], projects: list[Project], view: View
) -> None:
    sums = Tables(Stock(projects), seekers, view).sums(np.arange(len(seekers)))
    shown = sums.may_be_shown(view)
    for (row, column), is_open in np.ndenumerate(sums.is_open):
        found = judge(seekers[row], projects[column], view)
        assert is_open == (not found.bars)
        assert sums.known[row, column] == found.known
        assert shown[row, column] == found.may_be_shown(view.rules)
        assert not is_open or sums.points[row, column] == found.points


@given(seekers_drawn, stocks_drawn, views_drawn, st.integers(1, 6))
@often
def test_anything_is_picked_as_by_hand(
    seeker: Seeker, projects: list[Project], view: View, count: int
) -> None:
    picked = best(seeker, Stock(projects), view, count=count)
    assert tuple(one.id for one in picked) == first_of(seeker, projects, view, count)


@given(eager_people, good_stocks, st.integers(1, 6))
@often
def test_among_many_good_ones_they_are_picked_as_by_hand(
    seekers: list[Seeker], projects: list[Project], count: int
) -> None:
    stock = Stock(projects)
    for seeker in seekers:
        picked = best(seeker, stock, NIGHT, count=count)
        assert tuple(one.id for one in picked) == first_of(seeker, projects, NIGHT, count)


def _one_after_the_other(
    seekers: list[Seeker], projects: list[Project], view: View, told: int = TOP
) -> list[tuple[str, ...]]:
    shown = Counter(view.around.shown)
    found: list[tuple[str, ...]] = [()] * len(seekers)
    for n in order(seekers, view):
        now = replace(view, around=replace(view.around, shown=shown))
        found[n] = tuple(m.project.id for m in rank(seekers[n], Stock(projects), now).matches)
        shown.update(found[n][:told])
    return found


def _in_one_night(
    seekers: list[Seeker], projects: list[Project], view: View, told: int = TOP
) -> list[tuple[str, ...]]:
    night = decide(seekers, projects, view, told=told)
    return [tuple(project.id for project in night.of(n)) for n in range(len(seekers))]


@given(people_drawn, stocks_drawn, surroundings_drawn)
@often
def test_a_night_is_everybody_asking_one_after_the_other(
    seekers: list[Seeker], projects: list[Project], around: Surroundings
) -> None:
    view = View.on(TODAY, around=around, is_push=True)
    alone = _one_after_the_other(seekers, projects, view)
    assert _in_one_night(seekers, projects, view) == alone


@given(eager_people, good_stocks, st.data())
@often
def test_a_night_is_the_same_where_caps_are_reached(
    seekers: list[Seeker], projects: list[Project], data: st.DataObject
) -> None:
    shown = {one.id: data.draw(st.integers(17, 20)) for one in projects}
    view = View.on(TODAY, around=Surroundings(shown=shown), is_push=True)
    alone = _one_after_the_other(seekers, projects, view)
    assert _in_one_night(seekers, projects, view) == alone
    assert by_plain_loop(seekers, projects, view) == alone


@given(eager_people, good_stocks, st.data())
@often
def test_only_what_is_told_counts_against_a_cap(
    seekers: list[Seeker], projects: list[Project], data: st.DataObject
) -> None:
    shown = {one.id: data.draw(st.integers(18, 20)) for one in projects}
    view = View.on(TODAY, around=Surroundings(shown=shown), is_push=True)
    alone = _one_after_the_other(seekers, projects, view, told=1)
    assert _in_one_night(seekers, projects, view, told=1) == alone


@given(eager_people, good_stocks)
@often
def test_what_is_wanted_counts_as_if_there_were_no_caps(
    seekers: list[Seeker], projects: list[Project]
) -> None:
    free = Counter(
        m.project.id for one in seekers for m in rank(one, Stock(projects), NIGHT).matches
    )
    shown = {one.id: 20 for one in projects}
    night = decide(
        seekers, projects, View.on(TODAY, around=Surroundings(shown=shown), is_push=True)
    )
    assert dict(zip([one.id for one in projects], night.wanted, strict=True)) == {
        one.id: free[one.id] for one in projects
    }
    assert all(night.of(n) == () for n in range(len(seekers)))
