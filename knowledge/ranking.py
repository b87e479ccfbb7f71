"""Candidates in the order of how well they answer, by what was said and what it is about."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import chain, product

import numpy as np

from knowledge.candidates import Candidate
from knowledge.evidence import NAMES, evidence
from knowledge.index import Index
from knowledge.opposites import conflict
from knowledge.parts import Part
from knowledge.postings import Floats, terms_of
from knowledge.senses import Sense, together
from knowledge.text import letters
from knowledge.understand import Frame
from knowledge.weights import EVIDENCE, OPEN, POINTING
from knowledge.wording import Wording

_NEAREST = NAMES.index("nearest wording")
_SOUND = NAMES.index("nearest sound")
_LIKELY = 3  # matters and slots whose candidates are looked at in any case
_REMEMBERED = 512  # questions whose candidates are kept
_SHOWN = 16  # candidates that a judgement looks at
_CELL = 12  # at most so many of one matter and slot
_WEIGHTS = np.array([EVIDENCE[name] for name in NAMES]).T  # for an entry; for what is left open


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

    @property
    def likest(self) -> float:
        """The same, in script or in sound."""
        return max(self.nearest, self.numbers[_SOUND])

    def is_served(self, today: date) -> bool:
        """Whether it holds on this day."""
        return self.candidate.entry is None or self.candidate.entry.is_served(today)


class Ranker:
    """The candidates of all areas, searched within those that are allowed.

    `rank(text, frame, areas)`: the best of the candidates, best first; `text` is already plain.
    """

    def __init__(self, parts: Sequence[Part], wording: Wording) -> None:
        self._wording = wording
        self._index = Index(parts)
        self.candidates = self._index.candidates
        self._slots = Sense(together([part.slots for part in parts]))
        # The same words are asked by many, and again on every topic that was talked of before.
        self.rank = lru_cache(_REMEMBERED)(self._rank)

    def _rank(self, text: str, frame: Frame, areas: frozenset[str]) -> tuple[Ranked, ...]:
        said = letters(text)
        parts = self._index.likely(said, self._index.among(areas))
        terms = np.unique(terms_of(said))
        slots = self._slots.of(np.unique(terms_of(self._wording.matters.without(said))))
        matters = {n: self._index.parts[n].matters.of(terms) for n in parts}
        by_area = {self._index.parts[n].pack.code: likely for n, likely in matters.items()}
        pointed = self._pointed(frame, parts)
        kept = chain(pointed, self._cell(frame, parts), self._sensed(matters, slots))
        fitting: list[Candidate] = []
        evidences: list[tuple[float, ...]] = []
        bonus: list[float] = []
        for hit in self._index.search(said, self._wording.content(text), parts, kept):
            candidate = self.candidates[hit.item]
            elsewhere = hit.item not in pointed and self._is_elsewhere(hit.item, frame)
            if elsewhere or (frame.terms and conflict(frame.terms, candidate.terms)):
                continue
            likely = by_area[candidate.area][candidate.matter]
            senses = (likely, slots.get(candidate.slot, 0.0), hit.known)
            fitting.append(candidate)
            evidences.append(evidence(candidate, hit, frame, senses))
            bonus.append(POINTING * (hit.item in pointed))
        scores = weighed(fitting, evidences) + bonus
        order = np.argsort(-scores, kind="stable")[:_SHOWN].tolist()
        return tuple(Ranked(fitting[n], float(scores[n]), evidences[n]) for n in order)

    def _is_elsewhere(self, item: int, frame: Frame) -> bool:
        """Whether it is one county's row of a table, and another or none is asked about."""
        candidate = self.candidates[item]
        if not candidate.places or candidate.places & (frame.places | frame.implied):
            return False
        tables = self._index.part_of(item).tables
        return len(tables.get((candidate.matter, candidate.slot), ())) > 1

    def _pointed(self, frame: Frame, parts: Sequence[int]) -> frozenset[int]:
        """What tells a figure that was said instead of any matter: 71.15亿是啥."""
        found: set[int] = set()
        for number, figure in product(parts, () if frame.matters else frame.numbers):
            held = self._numbered(number, self._index.parts[number].telling.get(figure, ()))
            if len({self.candidates[n].matter for n in held}) == 1:
                found.update(held)
        return frozenset(found)

    def _cell(self, frame: Frame, parts: Sequence[int]) -> Iterator[int]:
        """What is kept under the matter and slot asked for, whatever its words."""
        for number, matter, slot in product(parts, frame.matters, frame.slots):
            cell = self._index.parts[number].cells.get((matter, slot), ())
            yield from self._numbered(number, cell[:_CELL])

    def _sensed(
        self, matters: Mapping[int, Mapping[str, float]], slots: Mapping[str, float]
    ) -> Iterator[int]:
        """What is kept under the likeliest matters and slots."""
        sides = _likeliest(slots)
        for number, likely in matters.items():
            cells = self._index.parts[number].cells
            for side in product(_likeliest(likely), sides):
                yield from self._numbered(number, cells.get(side, ())[:_CELL])

    def _numbered(self, part: int, own: Sequence[int]) -> list[int]:
        """The candidates that a part knows by its own numbers."""
        return [self._index.starts[part] + number for number in own]


def _likeliest(likely: Mapping[str, float]) -> list[str]:
    return sorted(likely, key=likely.__getitem__, reverse=True)[:_LIKELY]


def weighed(candidates: Sequence[Candidate], evidences: Sequence[Sequence[float]]) -> Floats:
    """The learned weight of all evidence together, for each candidate."""
    if not candidates:
        return np.zeros(0)
    both = np.array(evidences) @ _WEIGHTS.T + (0.0, OPEN)
    is_open = np.array([candidate.entry is None for candidate in candidates])
    scores: Floats = np.where(is_open, both[:, 1], both[:, 0])
    return scores
