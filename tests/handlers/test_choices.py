"""Choosing from a list by number, word and sound."""

from __future__ import annotations

import pytest

from handlers.choices import Choice, Picked, by_number, by_word, pages, within

TWO = (Choice("rural", "农村", ("农业户口",)), Choice("urban", "城镇", ("城里",)))
TEN = tuple(Choice(f"c{n}", f"手艺{n}") for n in range(1, 11))


@pytest.mark.parametrize(
    ("said", "code"), [("1", "rural"), ("第二个", "urban"), ("3", None), ("12", None)]
)
def test_a_number_must_be_on_the_list(said: str, code: str | None) -> None:
    assert by_number(said, TWO).codes == ((code,) if code else ())


@pytest.mark.parametrize(
    ("said", "codes"), [("1 2", ("c1", "c2")), ("25", ("c2", "c5")), ("2 2", ("c2",)), ("11", ())]
)
def test_several_numbers_choose_several(said: str, codes: tuple[str, ...]) -> None:
    assert by_number(said, TEN[:9], most=3).codes == codes


def test_nine_turns_the_page_of_a_long_list() -> None:
    assert pages(TEN) == 2
    assert by_number("1 9", TEN, most=3) == Picked(("c1",), more=True)
    assert by_number("2", TEN, page=1, most=3) == Picked(("c10",))


@pytest.mark.parametrize(
    ("said", "code"),
    [("农村", "rural"), ("城里", "urban"), ("农存", "rural"), ("成镇", "urban"), ("县城", None)],
)
def test_the_word_or_its_sound_is_enough(said: str, code: str | None) -> None:
    assert by_word(said, TWO) == ((code,) if code else ())


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("我是农村户口的", ("rural",)),
        ("不是农村的", ()),
        ("不是农村的是城镇的", ("urban",)),
        ("农村城镇都有", ("rural", "urban")),
        ("随便", ()),
    ],
)
def test_a_sentence_may_hold_the_word(said: str, codes: tuple[str, ...]) -> None:
    assert within(said, TWO) == codes
