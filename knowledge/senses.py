"""A feeling for what a question is about, from all wordings of one matter or one slot together."""

from collections.abc import Iterable

import numpy as np

from knowledge.postings import postings
from knowledge.search import View, weigh


class Sense:
    """Labels, each with all the texts that were filed under it."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        bags: dict[str, list[str]] = {}
        for label, text in texts:
            bags.setdefault(label, []).append(text)
        self._labels = tuple(bags)
        self._view = View(postings(list(bags.values())), np.zeros(len(bags), np.int64))

    def of(self, text: str) -> dict[str, float]:
        """How much each label is like the text, the likest being 1."""
        _, cosine = self._view.scores(weigh(text, self._view.rarity))
        most = float(cosine.max(initial=0.0)) or 1.0
        return dict(zip(self._labels, (cosine / most).tolist(), strict=True))
