"""Small cells: whatever is hidden, a reader who adds and subtracts cannot work it out."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import pytest

from outreach.reports.hiding import LEAST, Cell, Sum, Within, hidden, is_small

TOTAL, MOST = 99, 120
Values = dict[Cell, int]


def _column(key: str, *counts: int) -> Values:
    return {(n, key): count for n, count in enumerate(counts)} | {(TOTAL, key): sum(counts)}


def _down(values: Values) -> list[Sum]:
    keys = sorted({key for _, key in values})
    return [
        Sum((TOTAL, key), tuple(one for one in values if one[1] == key and one[0] != TOTAL))
        for key in keys
    ]


def _across(values: Values, whole: str, *parts: str) -> list[Sum]:
    lines = sorted({line for line, _ in values})
    return [Sum((line, whole), tuple((line, part) for part in parts)) for line in lines]


@pytest.mark.parametrize(
    ("counts", "lines"),
    [
        ((8, 9, 20), set()),
        ((0, 0, 20), set()),
        ((0, 0, 0), set()),
        ((3, 9, 20), {0, 1}),
        ((3, 2, 20), {0, 1}),
        ((1, 1, 20), {0, 1, 2}),  # two that make 2 are both 1
        ((4, 4, 20), {0, 1, 2}),  # and two that make 8 both 4
        ((1, 5, 20), {0, 1, 2}),  # what is at least 5 beside 1 in 6 is 5
        ((3, 0, 0), {0, TOTAL}),  # nothing else could hide it
        ((3,), {0, TOTAL}),
    ],
)
def test_what_a_column_with_its_total_hides(counts: tuple[int, ...], lines: set[int]) -> None:
    values = _column("n", *counts)
    assert {line for line, _ in hidden(values, _down(values))} == lines


def test_a_part_that_is_shown_does_not_give_away_its_whole() -> None:
    values = {(0, "new"): 4, (1, "new"): 30, (2, "new"): 3, (0, "of"): 0, (1, "of"): 9}
    within = [Within((line, "of"), (line, "new")) for line in (0, 1)]
    assert hidden(values, [], within) == {(0, "new"), (2, "new")}


def _world(random: Random) -> tuple[Values, list[Sum], list[Within]]:
    """A table of a few lines: 小计 of two kinds, a total below, and a part of the first kind."""
    urban, rural = ([random.choice((0, 1, 2, 3, 4, 5, 6, 9, 20)) for _ in range(4)] for _ in "ab")
    some = [random.randint(0, count) for count in urban]
    both = [a + b for a, b in zip(urban, rural, strict=True)]
    values = _column("both", *both) | _column("rural", *rural) | _column("urban", *urban)
    values |= _column("some", *some)
    within = [Within((line, "some"), (line, "urban")) for line in (*range(4), TOTAL)]
    return values, [*_down(values), *_across(values, "both", "rural", "urban")], within


Ranges = dict[Cell, tuple[int, int]]


def _narrowed(ranges: Ranges, sums: Sequence[Sum], within: Sequence[Within]) -> Ranges | None:
    """What every cell can still be, by the sums and the bounds; None where nothing can."""
    found, before = dict(ranges), Ranges()
    while found != before:
        before = dict(found)
        for one in sums:
            _by_sum(found, one)
        for bound in within:
            (low, most), (least, high) = found[bound.part], found[bound.whole]
            found[bound.part] = (low, min(most, high))
            found[bound.whole] = (max(least, low), high)
        if any(low > high for low, high in found.values()):
            return None
    return found


def _by_sum(found: Ranges, one: Sum) -> None:
    low, high = (sum(found[part][end] for part in one.parts) for end in (0, 1))
    least, most = found[one.whole]
    found[one.whole] = least, most = max(least, low), min(most, high)
    for part in one.parts:
        here = found[part]
        others = (low - here[0], high - here[1])
        found[part] = (max(here[0], least - others[1]), min(here[1], most - others[0]))
        low, high = others[0] + found[part][0], others[1] + found[part][1]


def _another(
    cell: Cell, values: Values, secret: frozenset[Cell], rules: tuple[list[Sum], list[Within]]
) -> bool:
    """Whether some table that shows the same has another count there: by trying them all."""
    ranges = {one: (value, value) for one, value in values.items()}
    for one in secret:
        ranges[one] = (1, LEAST - 1) if is_small(values[one]) else (LEAST, MOST)

    def settle(told: Ranges) -> bool:
        found = _narrowed(told, *rules)
        if found is None:
            return False
        rest = [one for one in secret if found[one][0] < found[one][1]]
        if not rest:
            return True
        one = min(rest, key=lambda each: found[each][1] - found[each][0])
        low, high = found[one]
        counts = sorted(range(low, high + 1), key=lambda count: abs(count - values[one]))
        return any(settle({**found, one: (count, count)}) for count in counts)

    low, high = ranges[cell]
    others = [count for count in range(low, high + 1) if count != values[cell]]
    others.sort(key=lambda count: abs(count - values[cell]))
    return any(settle({**ranges, cell: (count, count)}) for count in others)


@pytest.mark.parametrize("seed", range(60))
def test_no_hidden_cell_can_be_worked_out(seed: int) -> None:
    values, sums, within = _world(Random(seed))
    secret = hidden(values, sums, within)
    assert {cell for cell, value in values.items() if is_small(value)} <= secret
    for cell in secret:
        assert _another(cell, values, secret, (sums, within)), (seed, cell)


def test_hiding_only_what_is_small_would_be_found_out() -> None:
    values = _column("n", 3, 9, 20)
    small = frozenset({(0, "n")})
    assert not _another((0, "n"), values, small, (_down(values), []))
