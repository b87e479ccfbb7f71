"""Mentors for a person, and people for a project's owner."""

from __future__ import annotations

from typing import Any

import pytest

from matching.codes import Category, Skill
from matching.helping import Countryside, Mentor, fitting_first, mentors_for
from matching.projects import Trade
from tests.matching.matched import CHAT, PROJECT, SEEKER, TODAY, seeker

NEAR = Countryside({"420581": frozenset(["420583"])})


def mentor(id: str = "m", **changes: Any) -> Mentor:
    told: dict[str, Any] = {"lines": frozenset([Category.FARMING]), "county": "420581"}
    return Mentor(id=id, **told | changes)


def names(mentors: list[Mentor], **changes: Any) -> list[str]:
    return [one.id for one in mentors_for(seeker(**changes), mentors, TODAY, counties=NEAR)]


@pytest.mark.parametrize(
    ("changes", "is_named"),
    [
        ({}, True),
        ({"county": "420583"}, True),
        ({"county": "420582"}, False),
        ({"cases": 9}, True),
        ({"cases": 10}, False),
        ({"cases": 10, "most": 11}, True),
        ({"lines": frozenset()}, True),
        ({"lines": frozenset([Category.TOURISM])}, True),
        ({"lines": frozenset([Category.TRANSPORT])}, False),
        ({"languages": frozenset(["土家语"])}, False),
    ],
)
def test_a_mentor_is_of_the_line_near_and_has_room(
    changes: dict[str, Any], is_named: bool
) -> None:
    assert names([mentor(**changes)]) == (["m"] if is_named else [])


def test_two_are_named_the_nearest_and_least_busy_first() -> None:
    pool = [
        mentor("beside", lines=frozenset([Category.TOURISM])),
        mentor("busy", cases=5),
        mentor("free", cases=1),
        mentor("abroad", county="420583"),
    ]
    assert names(pool) == ["free", "busy"]


def test_a_trade_counts_like_a_wish() -> None:
    worked = frozenset([Trade(Category.TRANSPORT, 9)])
    driver = mentor(lines=frozenset([Category.TRANSPORT]))
    assert names([driver], wants=None, trades=worked) == ["m"]


def test_who_knows_no_line_yet_is_given_anybody_near() -> None:
    assert names([mentor()], wants=frozenset()) == ["m"]


def test_equal_mentors_take_turns() -> None:
    pool = [mentor(f"m{n}") for n in range(6)]
    firsts = {names(pool, id=f"s{n}")[0] for n in range(60)}
    assert firsts == {one.id for one in pool}


def test_an_owner_sees_first_whom_the_project_fits_best() -> None:
    cook = seeker(id="cook", skills=frozenset([Skill.COOK]))
    far = seeker(id="far", county="420583")
    found = fitting_first(PROJECT, [far, cook, SEEKER], CHAT)
    assert [one.id for one in found] == ["s1", "cook", "far"]


def test_who_wants_no_use_of_their_data_is_sorted_without_it() -> None:
    """Two such people stand in their turn, whatever they told."""
    told = [seeker(id=f"s{n}", is_personal=False, skills=None, wants=None) for n in range(5)]
    more = [seeker(id=f"s{n}", is_personal=False) for n in range(5)]
    found = [[one.id for one in fitting_first(PROJECT, many, CHAT)] for many in (told, more)]
    assert found[0] == found[1]
