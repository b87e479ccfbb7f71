"""Which projects come first: by score, with variety, near-ties taking turns from week to week."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from matching.projects import Seeker
from matching.stock import LINES, Flags, Points, Stock, spin
from matching.weights import HUNDREDTHS, WHOLE, Rules

TOP = 3
NONE = -1  # no project at this place
_OUT = np.int32(-(2**30))
_GONE = _OUT // 2
_LAST = np.uint32(2**32 - 1)


def turn(person: str, today: date) -> int:
    """Where a person stands in the rotation of this week; odd, so that all projects differ."""
    year, week, _ = today.isocalendar()
    return spin(f"{person} {year} {week}") | 1


def is_narrow(seeker: Seeker) -> bool:
    """Whether somebody chose one line: then variety would go against the choice."""
    return seeker.wants is not None and len(seeker.wants) == 1


def unseen(stock: Stock, seekers: Sequence[Seeker]) -> Flags:
    """Where a project was not pushed to a person lately."""
    new = np.ones((len(seekers), len(stock.projects)), np.bool_)
    for row, seeker in enumerate(seekers):
        if seeker.seen:
            new[row, [stock.numbers[one] for one in seeker.seen if one in stock.numbers]] = False
    return new


class Picker:
    """Maximal marginal relevance (MMR) over a stock, for many people at once."""

    def __init__(self, stock: Stock, rules: Rules) -> None:
        self._stock, self._variety = stock, rules.variety
        self._near = rules.variety * rules.near_tie
        step = (HUNDREDTHS - rules.variety) * WHOLE // HUNDREDTHS
        alike = np.array([[rules.likeness(a, b) * step for b in LINES] for a in LINES], np.int32)
        self._alike = alike[:, stock.lines]

    def pick(
        self,
        points: Points,
        allowed: Flags,
        *,
        turns: NDArray[np.uint32],
        narrow: Flags,
        count: int = TOP,
    ) -> NDArray[np.intp]:
        """The numbers of the projects of each person, best first; NONE where there are no more.

        `turns` and `narrow` are of the people. Of those within a near-tie of the best it is the
        one whose turn it is.
        """
        rows = np.arange(len(points))
        worth = np.where(allowed, points * np.int32(self._variety), _OUT)
        order = self._stock.turns[None, :] * turns[:, None]
        alike = np.zeros(points.shape, np.int32)
        picks = np.full((len(points), count), NONE, np.intp)
        for place in range(min(count, points.shape[1])):
            left = worth - alike
            if place == TOP - 1:
                self._of_another_line(left, picks, narrow)
            best = left.max(axis=1)
            is_tied = left >= (best - self._near)[:, None]
            first = np.where(is_tied, order, _LAST).argmin(axis=1)
            found = best > _GONE
            picks[found, place] = first[found]
            worth[rows, first] = _OUT
            np.maximum(alike, np.where(narrow[:, None], 0, self._alike[self._stock.lines[first]]),
                       out=alike)  # fmt: skip
        return picks

    def _of_another_line(self, left: Points, picks: NDArray[np.intp], narrow: Flags) -> None:
        """Leave only other lines for the third where the first two are of one and the same."""
        one, two = self._stock.lines[picks[:, 0]], self._stock.lines[picks[:, 1]]
        alone = (one == two) & ~narrow & (picks[:, 1] != NONE)
        others = self._stock.lines[None, :] != one[alone, None]
        kept = left[alone]
        has_other = (others & (kept > _GONE)).any(axis=1)
        kept[has_other[:, None] & ~others] = _OUT
        left[alone] = kept
