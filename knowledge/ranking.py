"""Candidates in the order of how well they answer, by what was said and what it is about."""

import math
import operator
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from heapq import nlargest
from itertools import chain, product

from knowledge.candidates import Candidate
from knowledge.evidence import NAMES, evidence
from knowledge.opposites import conflict
from knowledge.search import Index, Item
from knowledge.senses import Sense
from knowledge.text import letters
from knowledge.understand import Frame
from knowledge.weights import EVIDENCE, OPEN, POINTING
from knowledge.wording import Wording

_NEAREST = NAMES.index("nearest wording")
_LIKELY = 3  # matters and slots whose candidates are looked at in any case
_REMEMBERED = 512  # questions whose candidates are kept
_SHOWN = 16  # candidates that a judgement looks at
_CELL = 12  # at most so many of one matter and slot
_WEIGHTS, _OPEN_WEIGHTS = zip(*(EVIDENCE[name] for name in NAMES), strict=True)


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score and what speaks for and against it."""

    candidate: Candidate
    score: float
    numbers: tuple[float, ...]

    @property
    def nearest(self) -> float:
        """How much the question is like the nearest known wording."""
        return self.numbers[_NEAREST]

    def is_served(self, today: date) -> bool:
        """Whether it holds on this day."""
        return self.candidate.entry is None or self.candidate.entry.is_served(today)


class Ranker:
    """The candidates of all areas, searched within those that are allowed.

    `rank(text, frame, areas)`: the best of the candidates, best first; `text` is already plain.
    """

    def __init__(self, candidates: Sequence[Candidate], wording: Wording) -> None:
        self._wording = wording
        self.candidates = tuple(candidates)
        self._index = Index([Item(c.id, c.texts, c.area, c.told) for c in candidates])
        self._slots = Sense(
            (c.slot, wording.matters.without(t)) for c in candidates if c.slot for t in c.texts
        )
        self._matters = {
            area: Sense((c.matter, t) for c in candidates if c.area == area for t in c.texts)
            for area in {c.area for c in candidates}
        }
        self._tables: dict[tuple[str, str, str], set[frozenset[str]]] = {}
        for c in candidates:
            self._tables.setdefault((c.area, c.matter, c.slot), set()).add(c.places)
        self._cells: dict[tuple[str, str, str], list[int]] = {}
        for number, c in enumerate(candidates):
            for slot in c.slots:
                self._cells.setdefault((c.area, c.matter, slot), []).append(number)
        self._telling: dict[tuple[str, str], list[int]] = {}
        for number, c in enumerate(candidates):
            for figure in c.numbers:
                self._telling.setdefault((c.area, figure), []).append(number)
        # The same words are asked by many, and again on every topic that was talked of before.
        self.rank = lru_cache(_REMEMBERED)(self._rank)

    def _rank(self, text: str, frame: Frame, areas: frozenset[str]) -> tuple[Ranked, ...]:
        said = letters(text)
        slots = self._slots.of(self._wording.matters.without(said))
        matters = {area: self._matters[area].of(said) for area in areas if area in self._matters}
        ranked: list[Ranked] = []
        pointed = self._pointed(frame, areas)
        kept = chain(pointed, self._cell(frame, areas), self._sensed(matters, slots))
        hits = self._index.search(said, areas, kept)
        content = self._wording.content(text)
        shares = self._index.known(content, [hit.item for hit in hits])
        for hit, share in zip(hits, shares, strict=True):
            candidate = self.candidates[hit.item]
            elsewhere = hit.item not in pointed and self._is_elsewhere(candidate, frame)
            if elsewhere or conflict(frame.terms, candidate.terms):
                continue
            senses = (
                matters[candidate.area][candidate.matter],
                slots.get(candidate.slot, 0.0),
                share,
            )
            numbers = evidence(candidate, hit, frame, senses)
            worth = score(candidate, numbers) + POINTING * (hit.item in pointed)
            ranked.append(Ranked(candidate, worth, numbers))
        return tuple(nlargest(_SHOWN, ranked, key=lambda r: r.score))

    def _is_elsewhere(self, candidate: Candidate, frame: Frame) -> bool:
        """Whether it is one county's row of a table, and another or none is asked about."""
        if not candidate.places or candidate.places & (frame.places | frame.implied):
            return False
        return len(self._tables[candidate.area, candidate.matter, candidate.slot]) > 1

    def _pointed(self, frame: Frame, areas: frozenset[str]) -> frozenset[int]:
        """What tells a figure that was said instead of any matter: 71.15亿是啥."""
        keys = product(areas, () if frame.matters else frame.numbers)
        told = [self._telling[key] for key in keys if key in self._telling]
        one = [held for held in told if len({self.candidates[n].matter for n in held}) == 1]
        return frozenset(chain.from_iterable(one))

    def _cell(self, frame: Frame, areas: frozenset[str]) -> Iterator[int]:
        """What is kept under the matter and slot asked for, whatever its words."""
        for area, matter, slot in product(areas, frame.matters, frame.slots):
            yield from self._cells.get((area, matter, slot), ())[:_CELL]

    def _sensed(
        self, matters: Mapping[str, Mapping[str, float]], slots: Mapping[str, float]
    ) -> Iterator[int]:
        """What is kept under the likeliest matters and slots."""
        sides = nlargest(_LIKELY, slots, key=slots.__getitem__)
        for area, likely in matters.items():
            for matter, slot in product(nlargest(_LIKELY, likely, key=likely.__getitem__), sides):
                yield from self._cells.get((area, matter, slot), ())[:_CELL]


def score(candidate: Candidate, numbers: Sequence[float]) -> float:
    """The learned weight of all evidence together."""
    if candidate.entry is None:
        return OPEN + _weighed(_OPEN_WEIGHTS, numbers)
    return _weighed(_WEIGHTS, numbers)


def _weighed(weights: Sequence[float], numbers: Sequence[float]) -> float:
    return math.fsum(map(operator.mul, weights, numbers))
