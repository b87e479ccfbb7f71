"""Which cells of a public table are hidden so that no small count can be worked out (G-04).

A count of 1 to 4 is hidden. Whatever else gives it away by a sum is hidden with it: a hidden cell
is safe once another table, that shows the same and holds the same sums, has another count there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

Cell = tuple[int, str]  # the number of a row, the key of a column
LEAST = 5
_STEPS = (1, -1)
_DEEP = 14  # cells that change together at most


@dataclass(frozen=True, slots=True)
class Sum:
    """A cell that is the sum of others, as every reader knows."""

    whole: Cell
    parts: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Within:
    """A count that is a part of another one: never more."""

    part: Cell
    whole: Cell


def is_small(value: int) -> bool:
    """Whether a count may not be told."""
    return 0 < value < LEAST


def hidden(
    values: Mapping[Cell, int], sums: Sequence[Sum], within: Sequence[Within] = ()
) -> frozenset[Cell]:
    """The cells to hide; `sums` must hold for `values`. Zeros are shown."""
    table = _Table(values, sums, within)
    found = {cell for cell, value in values.items() if is_small(value)}
    while unsafe := next((cell for cell in sorted(found) if not table.is_safe(cell, found)), None):
        more = table.beside(unsafe, found)
        if more is None:
            break  # everything that could tell of it is hidden
        found.add(more)
    return frozenset(found)


class _Table:
    """The counts with the sums that bind them."""

    def __init__(
        self, values: Mapping[Cell, int], sums: Sequence[Sum], within: Sequence[Within]
    ) -> None:
        self._values = values
        self._within = within
        self._signs: list[dict[Cell, int]] = []
        self._of: dict[Cell, list[int]] = {}
        for one in sums:
            signs = {part: 1 for part in one.parts if part in values}
            if one.whole in values and signs:
                signs[one.whole] = -1
                for cell in signs:
                    self._of.setdefault(cell, []).append(len(self._signs))
                self._signs.append(signs)
        self._bounds: dict[Cell, list[Within]] = {}
        for bound in within:
            if bound.part in values and bound.whole in values:
                self._bounds.setdefault(bound.part, []).append(bound)
                self._bounds.setdefault(bound.whole, []).append(bound)

    def is_safe(self, cell: Cell, found: set[Cell]) -> bool:
        """Whether another table that shows the same has another count in this cell."""
        return any(self._moved({cell: step}, found) for step in _STEPS if self._may(cell, step))

    def beside(self, cell: Cell, found: set[Cell]) -> Cell | None:
        """What to hide with it: the smallest count that a sum or a bound ties to it."""
        reached, near = {cell}, list(self._near(cell))
        while near:
            shown = [one for one in near if one not in found and self._values[one]]
            if shown:
                return min(shown, key=lambda one: (self._values[one], one))
            new = [one for one in near if one not in reached]
            reached.update(new)
            near = [one for each in new for one in self._near(each) if one not in reached]
        return None

    def _near(self, cell: Cell) -> Iterator[Cell]:
        for number in self._of.get(cell, ()):
            yield from (one for one in self._signs[number] if one != cell)
        for bound in self._bounds.get(cell, ()):
            yield bound.whole if bound.part == cell else bound.part

    def _may(self, cell: Cell, change: int) -> bool:
        """Whether a reader would believe this count there: small ones are marked as such."""
        old, new = self._values[cell], self._values[cell] + change
        return is_small(new) if is_small(old) else new >= LEAST

    def _moved(self, moves: dict[Cell, int], found: set[Cell]) -> bool:
        """Whether these changes, with others of hidden cells, keep every sum and every bound."""
        broken = self._broken(moves)
        if broken is None:
            return self._holds(moves, found)
        if len(moves) >= _DEEP:
            return False
        signs, off = broken
        for cell in signs:
            change = -1 if off * signs[cell] > 0 else 1
            is_free = cell in found and cell not in moves and self._may(cell, change)
            if is_free and self._moved({**moves, cell: change}, found):
                return True
        return False

    def _broken(self, moves: Mapping[Cell, int]) -> tuple[dict[Cell, int], int] | None:
        """A sum that these changes break, and by how much."""
        numbers = dict.fromkeys(number for cell in moves for number in self._of.get(cell, ()))
        for number in numbers:
            signs = self._signs[number]
            off = sum(sign * moves.get(cell, 0) for cell, sign in signs.items())
            if off:
                return signs, off
        return None

    def _holds(self, moves: Mapping[Cell, int], found: Iterable[Cell]) -> bool:
        bounds = (bound for cell in moves for bound in self._bounds.get(cell, ()))
        return all(self._at(one.part, moves) <= self._at(one.whole, moves) for one in bounds)

    def _at(self, cell: Cell, moves: Mapping[Cell, int]) -> int:
        return self._values[cell] + moves.get(cell, 0)
