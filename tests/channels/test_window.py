"""A burst of sends begins with few and grows while they succeed."""

from __future__ import annotations

from channels.window import Overlap, Window

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


def _after(seconds: float, rate: float = 30, most: int = 64) -> Overlap:
    overlap = Overlap(rate, most)
    for _ in range(60):
        overlap.took(seconds)
    return overlap


def test_where_a_send_is_quick_one_at_a_time_keeps_the_pace() -> None:
    assert _after(0.02).room(0) == 1
    assert _after(0.02).room(1) == 0


def test_where_it_is_slow_more_are_under_way() -> None:
    assert _after(1.0).room(10) == 38 - 10


def test_no_more_than_the_channel_carries() -> None:
    assert _after(1.0, rate=1_000).room(0) == 64


def test_before_anything_was_sent_it_begins_with_one() -> None:
    assert Overlap(30, 64).room(0) == 1
