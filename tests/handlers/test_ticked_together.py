"""Several options of a question that a channel lets tick and send together."""

from __future__ import annotations

from records.messages import InboundKind
from tests.handlers.support.talks import REGISTERED
from tests.handlers.support.walk import Walk


def _at_skills() -> Walk:
    walk = Walk()
    walk.all(*REGISTERED[:9])
    return walk


def test_a_question_says_how_many_may_be_chosen() -> None:
    assert _at_skills().last.replies[-1].most > 1


def test_all_that_was_ticked_is_the_answer() -> None:
    walk = _at_skills()
    tag = walk.last.replies[-1].options[0].value.partition(":")[0]
    walk.say(f"{tag}:1 3", InboundKind.OPTION)
    typed = _at_skills()
    typed.say("1 3")
    assert walk.state.data["given"] == typed.state.data["given"]
    assert walk.state.step == typed.state.step != tag


def test_ticks_on_an_old_card_are_no_answer_to_the_next_question() -> None:
    walk = _at_skills()
    tag = walk.last.replies[-1].options[0].value.partition(":")[0]
    walk.say("1 3")
    step = walk.state.step
    walk.say(f"{tag}:1 2", InboundKind.OPTION)
    assert walk.state.step == step
