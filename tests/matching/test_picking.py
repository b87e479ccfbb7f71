"""What comes first: score, variety, and turns among near-ties."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.benching.matching_peers import picked
from matching.codes import Category
from matching.picking import NONE, Picker, turn
from matching.projects import Project, Seeker
from matching.stock import Stock
from matching.weights import WHOLE
from tests.matching.matched import NIGHT, TODAY, project, seeker

F, S, T, W = Category.FARMING, Category.ONLINE, Category.TRANSPORT, Category.WORKSHOP
_ANY = seeker(wants=None)
_scores = st.lists(
    st.tuples(st.sampled_from([F, F, F, S, T, W]), st.integers(0, 40)), min_size=1, max_size=9
)


def _of(*told: tuple[Category, float]) -> dict[Project, int]:
    """Projects of a line with a score."""
    return {
        project(id=f"p{n}", category=line): round(score * WHOLE)
        for n, (line, score) in enumerate(told)
    }


def _pick(one: Seeker, worth: dict[Project, int], count: int = 3) -> tuple[str, ...]:
    stock, points = Stock(list(worth)), np.array([list(worth.values())], np.int32)
    picks = Picker(stock, NIGHT.rules).pick(
        points,
        np.ones(points.shape, np.bool_),
        turns=np.array([turn(one.id, TODAY)], np.uint32),
        narrow=np.array([one.wants is not None and len(one.wants) == 1]),
        count=count,
    )
    return tuple(stock.projects[n].id for n in picks[0] if n != NONE)


@given(_scores, st.sampled_from([None, frozenset(), frozenset([F]), frozenset([F, S])]))
@settings(max_examples=300, deadline=None)
def test_any_scores_are_picked_from_as_by_hand(
    told: list[tuple[Category, int]], wants: frozenset[Category] | None
) -> None:
    worth = _of(*((line, step / 40) for line, step in told))
    one = seeker(wants=wants)
    for count in (1, 2, 3, 5):
        assert _pick(one, worth, count) == picked(one, worth, NIGHT, count)


def test_another_line_outweighs_a_third_of_a_score() -> None:
    assert _pick(_ANY, _of((F, 0.9), (F, 0.85), (S, 0.6))) == ("p0", "p2", "p1")


def test_a_neighbouring_line_is_half_as_much_of_the_same() -> None:
    farming_processing_transport = _of((F, 0.9), (Category.FOOD_PROCESSING, 0.8), (T, 0.7))
    assert _pick(_ANY, farming_processing_transport) == ("p0", "p2", "p1")


def test_three_of_a_line_are_not_shown_while_there_is_another() -> None:
    worth = _of((F, 1.0), (F, 0.95), (F, 0.9), (T, 0.46))
    assert "p3" in _pick(_ANY, worth)


def test_who_chose_one_line_gets_it_by_score() -> None:
    worth = _of((F, 1.0), (F, 0.95), (F, 0.9), (T, 0.85))
    assert _pick(seeker(wants=frozenset([F])), worth) == ("p0", "p1", "p2")


def test_a_line_alone_is_shown_rather_than_nothing() -> None:
    assert len(_pick(_ANY, _of((F, 0.9), (F, 0.8), (F, 0.7)))) == 3


def test_what_is_clearly_better_comes_first_whose_turn_it_may_be() -> None:
    worth = _of((F, 0.531), (S, 0.50))
    assert {_pick(seeker(id=f"s{n}", wants=None), worth)[0] for n in range(60)} == {"p0"}


def test_near_ties_take_turns_among_people_evenly() -> None:
    worth = _of((F, 0.53), (S, 0.50), (T, 0.51), (W, 0.52))
    firsts = Counter(_pick(seeker(id=f"s{n}", wants=None), worth)[0] for n in range(2_000))
    assert set(firsts) == {"p0", "p1", "p2", "p3"}
    assert min(firsts.values()) > 400


def test_turns_change_with_the_week_and_not_within_it() -> None:
    monday = date(2026, 11, 23)
    week = {turn("s1", monday + timedelta(n)) for n in range(7)}
    assert len(week) == 1
    weeks = [turn("s1", monday + timedelta(7 * n)) for n in range(60)]
    assert all(one != other for one, other in pairwise(weeks))
