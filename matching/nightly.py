"""The projects of everybody in one night: as `rank` for one after the other, within all caps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matching.aspects import View, room_left
from matching.picking import NONE, TOP, Picker, is_narrow, turn, unseen
from matching.projects import Project, Seeker
from matching.stock import Flags, Points, Stock, Tables

_CELLS = 131_072  # person × project at a time: what a core keeps at hand
_Numbers = NDArray[np.intp]
_Turns = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Night:
    """Numbers of projects, best first, for each person (NONE: no more), and what was wanted.

    `wanted` counts for each project the people who would have got it if there were no caps.
    """

    projects: tuple[Project, ...]
    picks: _Numbers
    wanted: _Numbers

    def of(self, person: int) -> tuple[Project, ...]:
        """The projects of the person with this number."""
        return tuple(self.projects[n] for n in self.picks[person] if n != NONE)


def order(seekers: Sequence[Seeker], view: View) -> list[int]:
    """In whose turn projects are given out: who stays in the county first, then by the week."""
    return _order(seekers, _turns(seekers, view))


def decide(
    seekers: Sequence[Seeker], projects: Sequence[Project], view: View, *, told: int = TOP
) -> Night:
    """Who gets which projects tonight.

    The same as asking `rank` for one person after the other in `order`, each showing counted:
    that of the first `told` projects of a person, the others are only there to be asked for.
    """
    stock, turns = Stock(projects), _turns(seekers, view)
    night = _Night(stock, seekers, turns, view, told)
    for county, people in _scopes(seekers, _order(seekers, turns)).items():
        night.give_out(county, np.array(people, np.intp))
    return Night(stock.projects, night.picks, night.wanted)


def _turns(seekers: Sequence[Seeker], view: View) -> _Turns:
    return np.array([turn(seeker.id, view.today) for seeker in seekers], np.uint32)


def _order(seekers: Sequence[Seeker], turns: _Turns) -> list[int]:
    return sorted(
        range(len(seekers)),
        key=lambda n: (_scope(seekers[n]) == "", turns[n], seekers[n].id),
    )


def _scope(seeker: Seeker) -> str:
    return "" if seeker.accepts_other_county else seeker.county


def _scopes(seekers: Sequence[Seeker], ordered: Sequence[int]) -> dict[str, list[int]]:
    """The people by the county whose projects they may have; "", for all counties, comes last."""
    scopes: dict[str, list[int]] = {}
    for n in ordered:
        if seekers[n].county and seekers[n].is_personal:
            scopes.setdefault(_scope(seekers[n]), []).append(n)
    return scopes


class _Night:
    """One night's giving out."""

    def __init__(
        self, stock: Stock, seekers: Sequence[Seeker], turns: _Turns, view: View, told: int
    ) -> None:
        self._stock, self._seekers, self._turns, self._told = stock, seekers, turns, told
        self._left = np.array([room_left(project, view) for project in stock.projects], np.intp)
        # Caps are kept here, so that what is wanted beyond them can be told.
        self._view = replace(view, around=replace(view.around, shown={}))
        self.picks = np.full((len(seekers), TOP), NONE, np.intp)
        self.wanted = np.zeros(len(stock.projects), np.intp)

    def give_out(self, county: str, people: _Numbers) -> None:
        """Give a county's projects (all projects for "") to people in their order."""
        stock, numbers = self._stock.within(county) if county else self._stock.whole
        if not stock.projects:
            return
        seekers = [self._seekers[n] for n in people]
        queue = _Queue(stock, seekers, self._view, self._left[numbers], self._turns[people])
        picks, wanted = queue.served(self._told)
        self._left[numbers] = queue.left
        self.wanted[numbers] += wanted
        self.picks[people] = np.where(picks == NONE, NONE, numbers[picks])


class _Queue:
    """People who wait for the same projects, served in blocks."""

    def __init__(
        self, stock: Stock, seekers: Sequence[Seeker], view: View, left: _Numbers, turns: _Turns
    ) -> None:
        self._stock, self._view, self._picker = stock, view, Picker(stock, view.rules)
        self._seekers, self.left, self._turns = seekers, left, turns
        self._tables = Tables(stock, seekers, view)
        self._narrow = np.array([is_narrow(one) for one in seekers])

    def served(self, told: int) -> tuple[_Numbers, _Numbers]:
        """Everybody's picks, and how often each project was wanted among the first `told`."""
        height = max(1, _CELLS // len(self._stock.projects))
        picks = np.full((len(self._seekers), TOP), NONE, np.intp)
        wanted = np.zeros(len(self._stock.projects), np.intp)
        for start in range(0, len(self._seekers), height):
            people = np.arange(start, min(start + height, len(self._seekers)))
            sums = self._tables.sums(people)
            block = self._seekers[start : start + height]
            allowed = sums.may_be_shown(self._view) & unseen(self._stock, block)
            some = np.flatnonzero(allowed.any(axis=1))  # many have told too little
            points, allowed, people = sums.points[some], allowed[some], people[some]
            wish = self._picked(points, allowed, people)
            first = wish[:, :told]
            wanted += np.bincount(first[first != NONE], minlength=len(wanted))
            picks[people] = self._settled(points, allowed, people, wish, told)
        return picks, wanted

    def _picked(self, points: Points, allowed: Flags, people: _Numbers) -> _Numbers:
        turns, narrow = self._turns[people], self._narrow[people]
        return self._picker.pick(points, allowed, turns=turns, narrow=narrow)

    def _settled(
        self, points: Points, allowed: Flags, people: _Numbers, wish: _Numbers, told: int
    ) -> _Numbers:
        """The wishes as far as there is room: where a project fills up, those behind pick anew."""
        picks, start, is_left = wish, 0, self.left > 0
        if not is_left.any():
            return np.full_like(wish, NONE)
        if not is_left.all():
            picks = self._picked(points, allowed & is_left, people)
        while True:
            start = self._take(picks[:, :told], start)
            if start == len(people):
                return picks
            rest = slice(start, None)
            room = allowed[rest] & (self.left > 0)
            picks[rest] = self._picked(points[rest], room, people[rest])

    def _take(self, picks: _Numbers, start: int) -> int:
        """Count showings from a row on; the row behind the one that filled a project up."""
        for row in range(start, len(picks)):
            taken = picks[row][picks[row] != NONE]
            self.left[taken] -= 1
            if (self.left[taken] < 1).any():
                return row + 1
        return len(picks)
