"""What others would search with, on the same corpus: BM25, TF-IDF and RapidFuzz's scorers."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from knowledge.corpus import SHOWN, Areas
from knowledge.evaluate import Figures, Found, ask, quality, read_entries, speed
from knowledge.text import letters, normalise

Scores = NDArray[np.float64]
Scorer = Callable[[str], Scores]  # a question → the score of every entry
Maker = partial["_Fuzzy"] | partial["_Bm25"] | partial["_Cosine"]  # from the entries' texts
Line = Mapping[str, Any]
Texts = Sequence[Sequence[str]]  # the wordings of each entry
Table = dict[str, Figures]
Cut = Callable[[str], Iterable[str]]
PATIENCE = 20_000_000
NEEDED = "BM25 and token_set over words need jieba, which is not installed: pip install jieba"
_K1, _B = 1.2, 0.75
_COLUMNS = {
    "recall_at_1": "R@1",
    "recall_at_5": "R@5",
    "mrr": "MRR",
    "abstention_auc": "AUC",
    "right_at_5_percent_wrong": "right@5%",
    "ms_p50": "ms p50",
    "ms_p99": "ms p99",
    "build_seconds": "build s",
    "queries": "queries",
}


def compared(lines: Sequence[Line], queries: Sequence[Line], *, patience: int = PATIENCE) -> Table:
    """The figures of each of them on a corpus; texts normalised as ours are, areas kept to.

    Of RapidFuzz's scorers each compares so many texts at most as `patience` says.
    """
    entries = read_entries(lines)
    areas = Areas([entry.area for entry in entries])
    texts = [tuple(letters(normalise(q)) for q in entry.questions) for entry in entries]
    affordable = patience // max(sum(map(len, texts)), 1)
    table: Table = {}
    for name, make in baselines().items():
        begun = time.perf_counter()
        scorer = make(texts)
        built = time.perf_counter() - begun
        asked = queries[:affordable] if make.func is _Fuzzy else queries
        results = ask(partial(_found, scorer, areas), entries, asked)
        build = {"build_seconds": round(built, 3), "queries": len(results)}
        table[name] = {**quality(results), **speed(results), **build}
    return table


def as_text(table: Mapping[str, Figures]) -> str:
    """One line for each, the figures that say something beside each other."""
    shown = [name for name in _COLUMNS if any(figures[name] for figures in table.values())]
    rows = [[*(_COLUMNS[name] for name in shown), ""]]
    rows += [[*(_cell(figures[name]) for name in shown), who] for who, figures in table.items()]
    return "\n".join("".join(f"{cell:>9}" for cell in row[:-1]) + f"  {row[-1]}" for row in rows)


def _cell(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:g}"


def has_words() -> bool:
    """Whether those over words can be taken."""
    return find_spec("jieba") is not None


def _found(scorer: Scorer, areas: Areas, question: str, area: str) -> Found:
    scores = np.where(areas.nearness(area) > 0, scorer(letters(normalise(question))), 0.0)
    best = np.argsort(-scores, kind="stable")[:SHOWN]
    return [(int(number), float(scores[number])) for number in best if scores[number] > 0]


def baselines() -> dict[str, Maker]:
    """All of them by name; those over words only where Jieba is installed."""
    makers: dict[str, Maker] = {
        "BM25 characters 1+2": partial(_Bm25, cut=_characters),
        "TF-IDF cosine characters 1+2": partial(_Cosine, cut=_characters),
        "RapidFuzz ratio": partial(_Fuzzy, scorer=fuzz.ratio),
        "RapidFuzz partial_ratio": partial(_Fuzzy, scorer=fuzz.partial_ratio),
        "RapidFuzz WRatio": partial(_Fuzzy, scorer=fuzz.WRatio),
    }
    if words := _words():
        makers["BM25 words"] = partial(_Bm25, cut=words)
        makers["TF-IDF cosine words"] = partial(_Cosine, cut=words)
        token_set = partial(_Fuzzy, scorer=fuzz.token_set_ratio, cut=words)
        makers["RapidFuzz token_set_ratio"] = token_set
    return makers


def _characters(text: str) -> list[str]:
    return [*text, *map("".join, pairwise(text))]


def _words() -> Cut | None:
    if not has_words():
        return None
    jieba = import_module("jieba")
    jieba.setLogLevel("ERROR")
    cut: Cut = jieba.lcut
    cut("")  # the dictionary is read at the first call
    return cut


class _Fuzzy:
    """One of RapidFuzz's scorers over all wordings; the likest of an entry counts."""

    def __init__(self, texts: Texts, *, scorer: Any, cut: Cut | None = None) -> None:
        self._scorer = scorer
        self._cut = cut
        self._texts = [self._spaced(text) for each in texts for text in each]
        self._starts = np.cumsum([0, *map(len, texts)])[:-1]

    def __call__(self, text: str) -> Scores:
        found = process.cdist([self._spaced(text)], self._texts, scorer=self._scorer)[0]
        scores: Scores = np.maximum.reduceat(found, self._starts).astype(np.float64)
        return scores

    def _spaced(self, text: str) -> str:
        return " ".join(self._cut(text)) if self._cut else text


class _Bags:
    """Entries as bags of terms; `_weights` says what a term adds in an entry."""

    def __init__(self, texts: Texts, *, cut: Cut) -> None:
        self._cut = cut
        self._size = len(texts)
        bags = [Counter(term for text in each for term in cut(text)) for each in texts]
        holding = Counter(term for bag in bags for term in bag)
        self._rare = {term: self._rarity(count) for term, count in holding.items()}
        held: dict[str, list[tuple[int, float]]] = {}
        for number, weights in enumerate(self._weights(bags)):
            for term, weight in weights.items():
                held.setdefault(term, []).append((number, weight))
        self._held = {term: np.array(pairs).T for term, pairs in held.items()}

    def __call__(self, text: str) -> Scores:
        total = np.zeros(self._size)
        for term, weight in self._asked(Counter(self._cut(text))).items():
            if term in self._held:
                numbers, weights = self._held[term]
                total[numbers.astype(np.int64)] += weight * weights
        return total

    def _rarity(self, holding: int) -> float:
        return math.log(1 + (self._size - holding + 0.5) / (holding + 0.5))

    def _weights(self, bags: Sequence[Counter[str]]) -> Iterator[dict[str, float]]:
        raise NotImplementedError

    def _asked(self, bag: Counter[str]) -> dict[str, float]:
        raise NotImplementedError


class _Bm25(_Bags):
    """Scores as a share of what the question could reach, so that questions can be compared."""

    def _weights(self, bags: Sequence[Counter[str]]) -> Iterator[dict[str, float]]:
        mean = sum(bag.total() for bag in bags) / max(len(bags), 1) or 1.0
        for bag in bags:
            damping = _K1 * (1 - _B + _B * bag.total() / mean)
            yield {t: n * (_K1 + 1) / (n + damping) * self._rare[t] for t, n in bag.items()}

    def _asked(self, bag: Counter[str]) -> dict[str, float]:
        whole = sum(self._rare.get(term, self._rarity(0)) for term in bag) or 1.0
        return dict.fromkeys(bag, 1 / whole)


class _Cosine(_Bags):
    """TF-IDF vectors and the angle between them."""

    def _weights(self, bags: Sequence[Counter[str]]) -> Iterator[dict[str, float]]:
        return (self._asked(bag) for bag in bags)

    def _asked(self, bag: Counter[str]) -> dict[str, float]:
        weights = {
            t: (1 + math.log(n)) * self._rare.get(t, self._rarity(0)) for t, n in bag.items()
        }
        length = math.hypot(*weights.values()) or 1.0
        return {term: weight / length for term, weight in weights.items()}
