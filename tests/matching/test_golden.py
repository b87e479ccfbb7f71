"""Agreement with the graded set, and the dry run that every change of weights needs."""

from __future__ import annotations

import tomllib

import pytest

from matching.golden import (
    BASELINES,
    agreement,
    compare,
    ndcg,
    our_own,
    shown_something,
)
from matching.weights import our_rules, read_rules, shipped

GRADES = {"a": 3, "b": 2, "c": 1, "d": 0}
OURS = agreement(our_rules())


@pytest.mark.parametrize(
    ("shown", "expected"),
    [("abc", 1), ("ab", 0.947), ("bac", 0.843), ("d", 0), ("", 0), ("abcd", 1)],
)
def test_ndcg_is_one_for_the_best_order(shown: str, expected: float) -> None:
    assert ndcg(list(shown), GRADES) == pytest.approx(expected, abs=0.001)


def test_ndcg_of_nothing_to_win_is_one() -> None:
    assert ndcg([], {"a": 0}) == 1


def test_every_person_grades_every_project() -> None:
    ids, people = {project.id for project in our_own().stock.projects}, our_own().people
    assert all(set(person.grades) == ids for person in people)
    assert {grade for person in people for grade in person.grades.values()} <= set(range(4))


def test_the_rules_agree_well_enough() -> None:
    assert OURS >= 0.80


@pytest.mark.parametrize("name", BASELINES)
def test_the_rules_beat_every_baseline(name: str) -> None:
    assert agreement(our_rules(), BASELINES[name]) < OURS


def test_the_shipped_weights_had_their_dry_run() -> None:
    told = tomllib.loads(shipped("weights.toml"))
    assert told["dry_run"]["ndcg_at_3"] == round(OURS, 3)
    assert told["dry_run"]["shown_something"] == shown_something(our_rules())
    assert told["dry_run"]["date"] >= told["date"]


def test_a_dry_run_of_the_same_weights_changes_nothing() -> None:
    found = compare(our_rules(), our_rules())
    assert (found.before, found.shown, found.changes) == (found.after, (35, 35), ())


def test_a_dry_run_names_whose_first_three_change() -> None:
    swapped = shipped("weights.toml").replace("interest = 0.25", "interest = 0.05")
    other = read_rules(swapped.replace("place = 0.10", "place = 0.30"))
    found = compare(our_rules(), other)
    assert found.after != found.before
    assert any(line.startswith("person 1: hens") for line in found.changes)
