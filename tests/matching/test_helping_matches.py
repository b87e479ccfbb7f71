"""Mentors for a person, and people for a project's owner."""

from __future__ import annotations

from typing import Any

import pytest

from matching.codes import Category, Skill
from matching.helping import Countryside, Mentor, mentors_for, people_for
from matching.projects import Trade
from tests.matching.matched import CHAT, PROJECT, TODAY, seeker

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


class TestTheListForAnOwner:
    WILLING = seeker(agrees_to_owners=True)

    def test_names_only_who_agreed(self) -> None:
        people = [
            self.WILLING,
            seeker(id="silent"),
            seeker(agrees_to_owners=True, is_personal=False),
        ]
        assert [one.id for one, _ in people_for(PROJECT, people, CHAT)] == ["s1"]

    def test_leaves_out_who_may_not_be_shown_the_project(self) -> None:
        far = seeker(agrees_to_owners=True, county="420583")
        assert people_for(PROJECT, [far], CHAT) == ()

    def test_puts_who_fits_best_first_with_the_reasons(self) -> None:
        cook = seeker(id="s2", agrees_to_owners=True, skills=frozenset([Skill.COOK]))
        found = people_for(PROJECT, [cook, self.WILLING], CHAT)
        assert [one.id for one, _ in found] == ["s1", "s2"]
        assert found[0][1].reasons
