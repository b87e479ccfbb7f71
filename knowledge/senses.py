"""A feeling for what a question is about, from all wordings of one matter or one slot together."""

from collections.abc import Iterable

import numpy as np

from knowledge.postings import postings, terms_of

_PRIOR = 10.0  # characters and pairs that every label is taken to hold beside its own
_CLEAR = 8.0  # a label that is less likely than the best by this (in logarithms) is out


class Sense:
    """Labels, each with all the texts that were filed under it; a naive Bayes of their grams."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        bags: dict[str, list[str]] = {}
        for label, text in texts:
            bags.setdefault(label, []).append(text)
        self._labels = tuple(bags)
        self._held = held = postings(list(bags.values()))
        counts = held.counts.astype(np.float64)
        sizes = np.bincount(held.holders, counts, held.size)
        rows = held.each()
        expected = _PRIOR * np.bincount(rows, counts) / max(counts.sum(), 1)
        self._worth = np.log1p(counts / expected[rows])
        self._missing = np.log(_PRIOR / (sizes + _PRIOR))

    def of(self, text: str) -> dict[str, float]:
        """How likely each label is, the likeliest being 1 and a hopeless one 0."""
        rows, is_known = self._held.rows(np.unique(terms_of(text)))
        places, _ = self._held.places(rows[is_known])
        holders, worth = self._held.holders[places], self._worth[places]
        scores = is_known.sum() * self._missing + np.bincount(holders, worth, self._held.size)
        best = scores.max(initial=-np.inf)
        likely = np.maximum(0.0, 1 + (scores - best) / _CLEAR)
        return dict(zip(self._labels, likely.tolist(), strict=True))
