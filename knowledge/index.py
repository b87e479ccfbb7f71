"""The candidates of all areas, searched in those only that somebody may see."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from heapq import nlargest
from itertools import accumulate, chain

import numpy as np

from knowledge.parts import Part
from knowledge.postings import Floats, terms_of, vocabularies
from knowledge.search import Hit, Rarity, View, best, held, nearest, weigh
from knowledge.shelf import EVERYWHERE
from knowledge.sounds import aloud, sound

MANY = 8  # areas that are searched at once, where none is known
KEPT = 45  # candidates handed on to the exact comparison
_NOTHING = np.zeros(0, np.int64)


class Index:
    """Parts side by side, their candidates numbered through; rarity is over all of them."""

    def __init__(self, parts: Sequence[Part]) -> None:
        self.parts = tuple(parts)
        self.candidates = tuple(chain.from_iterable(part.candidates for part in parts))
        sizes = (len(part.candidates) for part in parts)
        self.starts = list(accumulate(sizes, initial=0))
        self._written_rarity = Rarity([part.written for part in parts])
        self._heard_rarity = Rarity([part.heard for part in parts])
        self._written = [View(part.written, self._written_rarity) for part in parts]
        self._heard = [View(part.heard, self._heard_rarity) for part in parts]
        self._vocabularies = vocabularies([part.written for part in parts])
        self._codes = {part.pack.code: number for number, part in enumerate(parts)}

    def among(self, areas: Iterable[str]) -> list[int]:
        """The parts of these areas, in their order."""
        return sorted(self._codes[area] for area in areas if area in self._codes)

    def likely(self, text: str, parts: Sequence[int]) -> list[int]:
        """Of many areas the few that have most of the words, and what holds everywhere."""
        if len(parts) <= MANY:
            return list(parts)
        asked = weigh(text, self._written_rarity)
        had = held(self._vocabularies, asked.terms, asked.rare)
        always = [n for n in parts if self.parts[n].pack.code in EVERYWHERE]
        others = [n for n in parts if n not in always]
        return sorted([*always, *nlargest(MANY - len(always), others, key=had.__getitem__)])

    def part_of(self, item: int) -> Part:
        """The part that a candidate belongs to."""
        return self.parts[bisect_right(self.starts, item) - 1]

    def search(
        self, text: str, content: Sequence[str], parts: Sequence[int], also: Iterable[int] = ()
    ) -> list[Hit]:
        """The likeliest in these parts with every view's opinion; `also` are always compared.

        `content` are the pieces of the text that say what it is about.
        """
        if not parts:
            return []
        spoken = sound(text)
        views = self._views(text, spoken, content, parts)
        items = np.concatenate([np.arange(self.starts[n], self.starts[n + 1]) for n in parts])
        found = best(views[:4].sum(axis=0), np.ones(len(items), np.bool_), KEPT)
        others = np.searchsorted(items, list(dict.fromkeys(also))).tolist()
        columns = list(dict.fromkeys([*found, *others]))
        numbers = items[columns].tolist()
        texts = [self.candidates[number].texts for number in numbers]
        written = nearest(text, texts)
        heard = nearest(spoken, texts, aloud)
        opinions = np.vstack([views[:4, columns], written, heard, views[4:, columns]]).T.tolist()
        return [
            Hit(number, tuple(views), known)
            for number, (*views, known) in zip(numbers, opinions, strict=True)
        ]

    def _views(
        self, text: str, spoken: str, content: Sequence[str], parts: Sequence[int]
    ) -> Floats:
        """A line for each of the four scores, what is told, and what is known of the content."""
        written = weigh(text, self._written_rarity)
        heard = weigh(spoken, self._heard_rarity)
        terms = np.unique(np.concatenate([_NOTHING, *(terms_of(sound(p)) for p in content)]))
        rare = self._heard_rarity(terms)
        return np.hstack(
            [
                np.vstack(
                    [
                        *self._written[n].scores(written),
                        *self._heard[n].scores(heard),
                        held(self.parts[n].told, written.terms, written.rare) / written.asked,
                        held(self.parts[n].said, terms, rare) / (rare.sum() or 1.0),
                    ]
                )
                for n in parts
            ]
        )
