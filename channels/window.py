"""How many sends may be under way at once: what is when the process dies is in doubt."""

from __future__ import annotations

import math

_MARGIN = 1.25  # sends do not take equally long
_SLOWLY = 1 / 8  # so much of each new time goes into the mean, as in TCP


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


class Overlap:
    """As many at once as keep a pace, by how long one send takes (Little's law)."""

    def __init__(self, rate: float, most: int) -> None:
        self._rate, self._most = rate, most
        self._seconds = 0.0

    def room(self, under_way: int) -> int:
        """How many more may be sent now."""
        needed = math.ceil(self._rate * self._seconds * _MARGIN)
        return min(self._most, max(1, needed)) - under_way

    def took(self, seconds: float) -> None:
        """A send is settled that was wanted so long ago."""
        self._seconds += (seconds - self._seconds) * _SLOWLY
