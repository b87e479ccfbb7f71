"""Projects as columns, and what every aspect finds of people held against all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from matching.aspects import ASPECTS, Aspect, Sum, View
from matching.codes import Category
from matching.projects import Project, Seeker

Points = NDArray[np.int32]
Flags = NDArray[np.bool_]
LINES = tuple(Category)
_BARRED = -100_000_000  # thirteen of them still fit in 32 bits
_NEVER = _BARRED // 2


class _Side(NamedTuple):
    """The different projects as one aspect sees them, and which of them each project is."""

    different: list[Project]
    number: NDArray[np.intp]


class Stock:
    """Projects, made ready for many rankings."""

    def __init__(self, projects: Sequence[Project]) -> None:
        self.projects = tuple(projects)
        self._sides = [_side(self.projects, a.of_project) for a in ASPECTS if not a.kinds]
        self.lines = np.array([LINES.index(p.category) for p in projects], np.intp)
        self.numbers = {project.id: n for n, project in enumerate(self.projects)}
        self.turns = np.array([spin(project.id) for project in projects], np.uint32)

    def sides(self, view: View) -> Iterator[_Side]:
        """The projects as each aspect sees them."""
        lasting = iter(self._sides)
        for aspect in ASPECTS:
            yield _side(self.projects, aspect.kinds(view)) if aspect.kinds else next(lasting)

    @property
    def whole(self) -> tuple[Stock, NDArray[np.intp]]:
        """All of it, as `within` would give it."""
        return self, np.arange(len(self.projects))

    def within(self, county: str) -> tuple[Stock, NDArray[np.intp]]:
        """The projects of a county, and their numbers here."""
        numbers = [n for n, project in enumerate(self.projects) if project.county == county]
        return Stock([self.projects[n] for n in numbers]), np.array(numbers, np.intp)


def spin(text: str) -> int:
    """A number of 32 bits that looks like chance and is always the same."""
    return int.from_bytes(blake2b(text.encode(), digest_size=4).digest(), "big")


def _side(projects: Sequence[Project], seen: Callable[[Project], Any]) -> _Side:
    first: dict[Any, int] = {}
    different: list[Project] = []
    numbers: list[int] = []
    for project in projects:
        number = first.setdefault(seen(project), len(first))
        if number == len(different):
            different.append(project)
        numbers.append(number)
    return _Side(different, np.array(numbers, np.intp))


@dataclass(frozen=True, slots=True)
class Sums:
    """Scores of people (down) and projects (across), in WHOLE, and what else a rank needs."""

    points: Points
    known: NDArray[np.int8]
    has_reason: Flags

    @property
    def is_open(self) -> Flags:
        """Where no constraint fails."""
        return self.points > _NEVER

    def leave_out(self, projects: Sequence[int]) -> None:
        """Bar the projects with these numbers to everybody."""
        self.points[:, projects] += _BARRED

    def may_be_shown(self, view: View) -> Flags:
        """What `Judgement.may_be_shown` says, of all at once."""
        rules = view.rules
        is_enough = (self.points >= rules.show_score) & (self.known >= rules.show_confidence)
        return is_enough & self.has_reason & self.is_open


class _Table(NamedTuple):
    """What an aspect adds, by the different people that it sees; `person` says which is who."""

    person: NDArray[np.intp]
    points: Points
    known: NDArray[np.int8] | None
    is_reason: Flags | None


class Tables:
    """Everything that is found of some people and a stock, each question asked once."""

    def __init__(self, stock: Stock, seekers: Sequence[Seeker], view: View) -> None:
        self._width = len(stock.projects)
        pairs = zip(ASPECTS, stock.sides(view), strict=True)
        self._tables = [_table(aspect, side, seekers, view) for aspect, side in pairs]

    def sums(self, people: NDArray[np.intp]) -> Sums:
        """The scores of the people with these numbers."""
        shape = (len(people), self._width)
        points, buffer = np.zeros(shape, np.int32), np.empty(shape, np.int32)
        known, has_reason = np.zeros(shape, np.int8), np.zeros(shape, np.bool_)
        for table in self._tables:
            rows = table.person[people]
            points += np.take(table.points, rows, axis=0, out=buffer, mode="clip")
            if table.known is not None and table.is_reason is not None:
                known += table.known[rows]
                has_reason |= table.is_reason[rows]
        return Sums(points, known, has_reason)


def _table(aspect: Aspect, side: _Side, seekers: Sequence[Seeker], view: View) -> _Table:
    people, different = _different(aspect, seekers)
    found = [
        [_added(aspect, seeker, project, view) for project in side.different]
        for seeker in different
    ]
    points = np.array([[a.points for a in row] for row in found], np.int32)
    wide = points.reshape(len(different), -1)[:, side.number]
    if aspect.term is None:
        return _Table(people, wide, None, None)
    known = np.array([[a.known for a in row] for row in found], np.int8)
    is_reason = np.array([[a.is_reason for a in row] for row in found], np.bool_)
    return _Table(people, wide, known[:, side.number], is_reason[:, side.number])


def _different(aspect: Aspect, seekers: Sequence[Seeker]) -> tuple[NDArray[np.intp], list[Seeker]]:
    if not aspect.seeker:
        return np.zeros(len(seekers), np.intp), list(seekers[:1])
    found: dict[Any, int] = {}
    different: list[Seeker] = []
    numbers = np.empty(len(seekers), np.intp)
    seen = aspect.of_seeker
    for n, seeker in enumerate(seekers):
        number = found.setdefault(seen(seeker), len(found))
        if number == len(different):
            different.append(seeker)
        numbers[n] = number
    return numbers, different


def _added(aspect: Aspect, seeker: Seeker, project: Project, view: View) -> Sum:
    finding = aspect.find(seeker, project, view)
    added = aspect.add(finding, view.rules)
    return added._replace(points=added.points + _BARRED) if finding.bars else added
