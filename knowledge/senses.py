"""A feeling for what a question is about, from all wordings of one matter or one slot together."""

from collections import Counter
from collections.abc import Iterable

from knowledge.search import Rarity, View, grams, weigh


class Sense:
    """Labels, each with all the texts that were filed under it."""

    def __init__(self, texts: Iterable[tuple[str, str]]) -> None:
        bags: dict[str, Counter[str]] = {}
        for label, text in texts:
            bags.setdefault(label, Counter()).update(grams(text))
        self._labels = tuple(bags)
        self._rarity = Rarity(bags.values())
        self._view = View(list(bags.values()), self._rarity)

    def of(self, text: str) -> dict[str, float]:
        """How much each label is like the text, the likest being 1."""
        cosine = self._view.scan(weigh(text, self._rarity)).cosine
        most = max(cosine, default=0.0) or 1.0
        return {label: value / most for label, value in zip(self._labels, cosine, strict=True)}
