"""What is hidden from who sees only totals."""

from __future__ import annotations

import pytest

from outreach.reports.pictured.picture import Cell, Gone, Picture, Series, Shape, public
from outreach.reports.table import Unit

FEW, HIDDEN = Gone.FEW, Gone.HIDDEN


def hidden(
    *rows: tuple[Cell, ...], parts: bool = False, nested: bool = False, unit: Unit = Unit.PEOPLE
) -> list[tuple[Cell, ...]]:
    labels = [str(at) for at in range(len(rows[0]))]
    found = Picture(
        "one", Shape.BARS, "", unit, "", labels, [Series("", row) for row in rows],
        are_parts=parts, are_nested=nested,
    )  # fmt: skip
    return [tuple(one.values) for one in public(found).series]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ((0, 1, 4, 5), (0, FEW, FEW, 5)),
        ((Gone.UNKNOWN, 4), (Gone.UNKNOWN, FEW)),
        ((5, 6), (5, 6)),
    ],
)
def test_one_to_four_people_are_not_shown(
    values: tuple[Cell, ...], shown: tuple[Cell, ...]
) -> None:
    assert hidden(values) == [shown]


def test_one_hidden_alone_takes_the_next_smallest_with_it() -> None:
    assert hidden((3, 20, 10, 0), parts=True) == [(FEW, 20, HIDDEN, 0)]


def test_two_hidden_need_no_third() -> None:
    assert hidden((3, 20, 2), parts=True) == [(FEW, 20, FEW)]


@pytest.mark.parametrize("few", [(1, 1), (4, 4)])
def test_those_that_their_sum_gives_away_take_another_with_them(few: tuple[int, int]) -> None:
    assert hidden((*few, 20, 10), parts=True) == [(FEW, FEW, 20, HIDDEN)]


def test_no_row_and_no_column_has_one_hidden_alone() -> None:
    rows = hidden((3, 20, 30), (10, 20, 30), (10, 20, 30), parts=True)
    lines = [*rows, *zip(*rows, strict=True)]
    assert all(sum(cell in (FEW, HIDDEN) for cell in line) != 1 for line in lines)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ((100, 98, 97, 50), (100, HIDDEN, HIDDEN, 50)),
        ((100, 100, 3), (100, 100, FEW)),
        ((100, 50, 50), (100, 50, 50)),
        ((100, 97, 94, 50), (100, HIDDEN, 94, 50)),
    ],
)
def test_a_step_that_few_did_not_take_is_hidden(
    values: tuple[Cell, ...], shown: tuple[Cell, ...]
) -> None:
    assert hidden(values, nested=True) == [shown]


def test_what_is_no_people_is_shown() -> None:
    assert hidden((1, 2), unit=Unit.PIECES) == [(1, 2)]


def test_each_label_has_its_number() -> None:
    with pytest.raises(ValueError, match="not one number for each label"):
        Picture("one", Shape.BARS, "", Unit.NONE, "", ["a"], [Series("s", (1, 2))])
