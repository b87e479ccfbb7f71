"""Which invitation an answer is for, what a mere number means, and who is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.agenda import Agenda
from handlers.dialogue import State, Turn
from handlers.events.effects import AnswerInvitation
from handlers.events.flow import Invitations
from handlers.events.seen import Events, _fate
from outreach.events import telling
from outreach.events.account import Fate
from records.events import Answer, Event, EventKind, Guest, NewEvent
from records.messages import Option
from records.seen import Offer
from tests.handlers.support.walk import Walk
from tests.support.builders import a_message

NOW = datetime(2026, 11, 22, 2, tzinfo=UTC)


def _events(*answers: Answer, fresh: bool = False, numbered: Offer | None = None) -> Events:
    """An event to come for each answer, numbered from 1; all invitations have arrived."""
    mine = tuple(Guest(n, "one", said, None) for n, said in enumerate(answers, 1))
    day = NOW + timedelta(days=9)
    known = {
        one.event: Event(
            one.event, NewEvent(EventKind.TALK, f"恳谈会{one.event}", "371703", day, "小刘")
        )
        for one in mine
    }
    numbers = frozenset(known)
    return Events(
        mine, known, reached=numbers, fresh=numbers if fresh else frozenset(), numbered=numbered
    )


def _turn(text: str, known: Events, state: State | None = None) -> Turn | None:
    walk, state = Walk(), state or State()
    message = a_message(NOW, text)
    scene = replace(walk._scene(message, 1), agenda=Agenda(events=known))
    flow = Invitations()
    return flow.advance(message, state, scene) if flow.takes(message, state, scene) else None


def _done(turn: Turn | None) -> list[tuple[int, Answer]]:
    effects = turn.effects if turn else ()
    return [(e.event, e.answer) for e in effects if isinstance(e, AnswerInvitation)]


YES, NO, NONE = Answer.YES, Answer.NO, Answer.NONE


@pytest.mark.parametrize(
    ("before", "text", "after"),
    [
        ((NONE,), "来", (1, YES)),
        ((YES, NONE), "好的，一定到", (2, YES)),
        ((YES, NONE), "不来了", (1, NO)),
        ((NO, NONE), "又能来了", (1, YES)),
        ((NO,), "我来", (1, YES)),
        ((YES,), "去不了", (1, NO)),
        ((NO, YES), "没空", (2, NO)),
    ],
)
def test_the_invitation_that_an_answer_changes(
    before: tuple[Answer, ...], text: str, after: tuple[int, Answer]
) -> None:
    assert _done(_turn(text, _events(*before))) == [after]


@pytest.mark.parametrize(("before", "text"), [((NONE, NONE), "来"), ((YES, NONE), "去不了")])
def test_where_several_may_be_meant_it_is_asked(before: tuple[Answer, ...], text: str) -> None:
    turn = _turn(text, _events(*before))
    assert turn is not None
    assert [option.label[0] for option in turn.replies[0].options] == ["1", "2"]
    assert turn.effects == ()


@pytest.mark.parametrize(("text", "said"), [("1", YES), ("2", NO), ("第二个", NO)])
def test_a_number_answers_the_last_numbers_that_were_shown(text: str, said: Answer) -> None:
    offer = Offer(telling.ways(1), NOW - timedelta(hours=3))
    assert _done(_turn(text, _events(NONE, numbered=offer))) == [(1, said)]


@pytest.mark.parametrize(
    "offer",
    [
        Offer((Option("1 要", "要"),), NOW - timedelta(hours=1)),
        Offer(telling.ways(1), NOW + timedelta(minutes=1)),
    ],
    ids=["other numbers since", "came only after they wrote"],
)
def test_else_it_is_asked_what_the_number_is_for(offer: Offer) -> None:
    turn = _turn("1", _events(NONE, numbered=offer))
    assert turn is not None
    assert (turn.effects, "恳谈会1" in turn.replies[0].text) == ((), True)


@pytest.mark.parametrize("text", ["1", "在哪", "好的", "再说"])
def test_what_waits_elsewhere_is_not_ours(text: str) -> None:
    assert _turn(text, _events(NONE), State("welcome", "menu")) is None


@pytest.mark.parametrize("text", ["在哪", "好的", "再说", "几点开始"])
def test_right_after_the_invitation_it_is_about_that(text: str) -> None:
    turn = _turn(text, _events(NONE, fresh=True), State("welcome", "menu"))
    assert turn is not None
    assert (turn.effects, "恳谈会1" in turn.replies[0].text) == ((), True)


@pytest.mark.parametrize("text", ["来", "去不了", "好的", "1", "几点开始"])
def test_who_has_no_invitation_speaks_of_something_else(text: str) -> None:
    assert _turn(text, Events()) is None


@pytest.mark.parametrize("said", list(Answer))
def test_who_refuses_before_it_arrives_has_not_got_it(said: Answer) -> None:
    assert _fate(Guest(1, "one", said, None), {"one": Fate.WAITING}) is Fate.WAITING
