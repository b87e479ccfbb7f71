"""What people write about a seat in a course or an invitation, in their own words."""

from __future__ import annotations

import pytest

from handlers.courses import words as courses
from handlers.courses.words import Move, Step
from handlers.events import words as events
from handlers.events.words import Say
from records.events import Answer


@pytest.mark.parametrize(
    ("said", "number"),
    [("不去了", 0), ("我不去上课了", 0), ("课1去不成了", 1), ("课3，我不去了", 3)],
)
def test_a_seat_is_given_back(said: str, number: int) -> None:
    assert courses.wish_of(said) == Move(Step.LEAVE, number)


@pytest.mark.parametrize(
    ("said", "wish"),
    [
        ("活动1我不去", Say(Answer.NO, 1)),
        ("活动 3 来", Say(Answer.YES, 3)),
        ("不来 活动3", Say(Answer.NO, 3)),
        ("活动", events.Mine()),
    ],
)
def test_an_invitation_is_answered(said: str, wish: object) -> None:
    assert events.wish_of(said) == wish
