"""Lots are the same on both databases and in memory, and fall evenly."""

from __future__ import annotations

import pytest
from sqlalchemy import literal, select

from records.database import Database, Session
from records.drawing import draw, drawn, lot


def _drawn(session: Session, text: str) -> tuple[int, list[int]]:
    number = drawn(literal(text))
    row = session.execute(select(number, *(lot(number, place) for place in range(3)))).one()
    return row[0], list(row[1:])


@pytest.mark.parametrize("text", ["1/p001", "", "1/归雁", "x" * 60])
async def test_a_text_draws_the_same_everywhere(database: Database, text: str) -> None:
    number, lots = await database.read(_drawn, text)
    assert number == draw(text)
    assert lots == [number % 100, number // 100 % 100, number // 10_000]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_every_lot_is_drawn_about_as_often(place: int) -> None:
    lots = [draw(f"1/{n}") // 100**place % 100 for n in range(20_000)]
    assert set(lots) == set(range(100))
    assert max(map(lots.count, range(100))) < 280


def test_one_lot_says_nothing_of_another() -> None:
    numbers = [draw(f"1/{n}") for n in range(20_000)]
    both = sum(n % 100 < 50 and n // 100 % 100 < 50 for n in numbers)
    assert 4_700 < both < 5_300
