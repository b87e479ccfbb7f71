"""How many sends may be under way at once: few after a rest, more while they succeed."""

from __future__ import annotations


class Window:
    """Grows by one with each success, as TCP's slow start does.

    What is under way when a process dies is sent again by the next: a burst begins with few.
    """

    def __init__(self, most: int, first: int) -> None:
        self._most, self._first = most, min(first, most)
        self._size = self._first

    def room(self, under_way: int) -> int:
        """How many more may be sent now."""
        if under_way == 0:
            self._size = self._first
        return self._size - under_way

    def grow(self) -> None:
        """A send succeeded."""
        self._size = min(self._size + 1, self._most)
