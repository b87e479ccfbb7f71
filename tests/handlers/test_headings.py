"""The eight headings of guiding policies, from the menu to an entry."""

from __future__ import annotations

import pytest

from handlers import headings
from knowledge.answer import Answerer
from knowledge.exchange.labels import EIGHT
from knowledge.library import load_library
from tests.handlers.support.walk import Walk


@pytest.fixture(scope="module")
def answerer() -> Answerer:
    return Answerer(load_library())


def _walk(answerer: Answerer, area: str) -> Walk:
    return Walk(area=area, answerer=answerer, is_new=False)


def test_the_menu_has_exactly_the_eight() -> None:
    assert tuple(option.label for option in headings.menu().options) == EIGHT


def test_one_of_them_leads_to_its_entries_and_a_choice_to_the_answer(answerer: Answerer) -> None:
    walk = _walk(answerer, "371703")
    walk.all("问政策", "融资")
    assert "定陶的文件里，融资有这些" in walk.said()
    walk.say("1")
    assert "依据" in walk.said()


@pytest.mark.parametrize("topic", [one for one in EIGHT if one != "培训"])  # that is the menu's
def test_each_of_them_is_told_or_said_not_to_be_written(answerer: Answerer, topic: str) -> None:
    walk = _walk(answerer, "371703")
    walk.say(topic)
    assert f"文件里，{topic}有这些" in walk.said() or f"文件没写{topic}" in walk.said()
