"""Candidates in the order of how well they answer, by what was said and what it is about."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product

from knowledge.areas import COMMON
from knowledge.candidates import Candidate
from knowledge.search import Hit, Index, Item
from knowledge.senses import Sense
from knowledge.text import letters
from knowledge.understand import FORMS, Frame, is_for
from knowledge.weights import FACETS, OPEN, OPEN_FACETS, OPEN_VIEWS, VIEWS

_CELL = 12  # at most so many of one matter and slot
_IMPLIED = 0.7  # weight of the asker's own county where none is named
_WORD = 6  # a matter named by a word of this length is beyond doubt


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its score and what speaks for and against it."""

    candidate: Candidate
    score: float
    hit: Hit
    facets: tuple[float, ...]

    def is_served(self, today: date) -> bool:
        """Whether it holds on this day."""
        return self.candidate.entry is None or self.candidate.entry.is_served(today)


class Ranker:
    """The candidates of all areas, searched within those that are allowed."""

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        self.candidates = tuple(candidates)
        self._index = Index([Item(c.id, c.texts, c.area, c.told) for c in candidates])
        self._slots = Sense((c.slot, t) for c in candidates if c.slot for t in c.texts)
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

    def rank(self, text: str, frame: Frame, areas: frozenset[str]) -> list[Ranked]:
        """Best first; `text` is already plain."""
        said = letters(text)
        slots = self._slots.of(said)
        matters = {area: self._matters[area].of(said) for area in areas if area in self._matters}
        ranked = [
            Ranked(candidate, score(candidate, hit, facets), hit, facets)
            for hit in self._index.search(said, areas, self._cell(frame, areas))
            for candidate in [self.candidates[hit.item]]
            if not self._is_elsewhere(candidate, frame)
            for sense in [(matters[candidate.area][candidate.matter], slots.get(candidate.slot, 0.0))]
            for facets in [(*sense, *agreement(candidate, frame))]
        ]
        return sorted(ranked, key=lambda r: r.score, reverse=True)

    def _is_elsewhere(self, candidate: Candidate, frame: Frame) -> bool:
        """Whether it is one county's row of a table, and another or none is asked about."""
        if not candidate.places or candidate.places & (frame.places | frame.implied):
            return False
        return len(self._tables[candidate.area, candidate.matter, candidate.slot]) > 1

    def _cell(self, frame: Frame, areas: frozenset[str]) -> Iterator[int]:
        """What is kept under the matter and slot asked for, whatever its words."""
        for area, matter, slot in product(areas, frame.matters, frame.slots):
            yield from self._cells.get((area, matter, slot), ())[:_CELL]


def score(candidate: Candidate, hit: Hit, facets: Sequence[float]) -> float:
    """The learned weight of all evidence together."""
    if candidate.entry is None:
        return OPEN + _dot(OPEN_VIEWS, hit.views) + _dot(OPEN_FACETS, facets)
    return _dot(VIEWS, hit.views) + _dot(FACETS, facets)


def _dot(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(w * v for w, v in zip(weights, values, strict=True))


def agreement(candidate: Candidate, frame: Frame) -> tuple[float, ...]:
    """For each facet how far it agrees and how far it contradicts; the order is that of FACETS."""
    named = max((n for m, n in frame.matters.items() if m == candidate.matter), default=0)
    titled = max((n for m, n in frame.matters.items() if m in candidate.named), default=0)
    other = 0 if titled else max(frame.matters.values(), default=0)
    slot = any(s in candidate.slots for s in frame.slots)
    forms, places = candidate.who & FORMS, candidate.places
    level = bool(frame.levels & candidate.levels)
    place = 1.0 if frame.places & places else _IMPLIED * bool(frame.implied & places)
    return (
        min(named, _WORD) / _WORD,
        min(titled, _WORD) / _WORD,
        min(other, _WORD) / _WORD,
        float(slot),
        float(bool(frame.slots) and not slot),
        float(candidate.slot in frame.slots),
        float(is_for(frame.who, forms)),
        float(bool(frame.who and forms) and not is_for(frame.who, forms)),
        float(bool(forms) and not frame.who),
        float(level),
        float(bool(frame.levels and candidate.levels) and not level),
        place,
        float(bool(places) and not place),
        float(bool(frame.places) and not place),
        float(bool(frame.kinds & candidate.kinds)),
        float(bool(frame.kinds and candidate.kinds) and not frame.kinds & candidate.kinds),
        float(bool(frame.kinds) and not candidate.kinds),
        float(candidate.area == COMMON and not candidate.is_talk),
        float(candidate.is_talk),
        float(candidate.is_talk and bool(frame.kinds or frame.units)),
        float(bool(frame.periods & candidate.periods)),
        float(bool(frame.periods and candidate.periods) and not frame.periods & candidate.periods),
    )
