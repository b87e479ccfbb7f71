"""A burst of sends begins with few and grows while they succeed."""

from __future__ import annotations

from channels.window import Window

FIRST = 8


def test_after_a_rest_few_are_sent() -> None:
    assert Window(64, FIRST).room(0) == FIRST


def test_each_success_makes_room_for_one_more() -> None:
    window = Window(64, FIRST)
    for _ in range(10):
        window.grow()
    assert window.room(under_way=5) == FIRST + 10 - 5


def test_it_never_grows_beyond_what_the_channel_carries() -> None:
    window = Window(3, FIRST)
    for _ in range(10):
        window.grow()
    assert (window.room(under_way=1), window.room(under_way=0)) == (2, 3)


def test_a_rest_makes_it_small_again() -> None:
    window = Window(64, FIRST)
    for _ in range(10):
        window.grow()
    assert window.room(under_way=0) == FIRST
