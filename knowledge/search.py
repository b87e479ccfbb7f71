"""Finding texts: characters and sounds as two views of them, each weighed by how rare it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from knowledge.postings import Floats, Ints, Postings, merged, rows_of, terms_of

K1, B = 1.2, 0.5
VIEWS = (  # what the numbers of a hit are
    "written bm25",
    "written cosine",
    "heard bm25",
    "heard cosine",
    "nearest wording",
    "nearest sound",
    "in what it answers",
)


@dataclass(frozen=True, slots=True)
class Hit:
    """A found item with the views' opinions, each about 0 to 1, in the order of VIEWS."""

    item: int
    views: tuple[float, ...]
    known: float  # how much of what the question is about it has words for


class Rarity:
    """How rare a term is over all items (the idf of BM25), however they are parted."""

    def __init__(self, parts: Sequence[Postings]) -> None:
        self._terms, holding = merged([(part.vocabulary, part.holding()) for part in parts])
        size = sum(part.size for part in parts)
        self._rare = _idf(size, holding.astype(np.float64))
        self._unseen = float(_idf(size, np.zeros(1))[0])

    def __call__(self, terms: Ints) -> Floats:
        rows, is_known = rows_of(self._terms, terms)
        if not len(self._terms):
            return np.full(len(terms), self._unseen)
        return np.where(is_known, self._rare[rows], self._unseen)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A question's terms with their weights, the sum of rarities asked for, and the length."""

    terms: Ints
    rare: Floats
    weights: Floats
    asked: float
    norm: float


def weigh(text: str, rarity: Rarity) -> Weighed:
    """The terms of a question; those that nobody holds still count as asked for."""
    terms, counts = np.unique(terms_of(text), return_counts=True)
    rare = rarity(terms)
    weights = rare * (1 + np.log(counts))
    norm = float(np.sqrt(weights @ weights))
    return Weighed(terms, rare, weights, float(rare.sum()) or 1.0, norm or 1.0)


class View:
    """One way of looking at items: who holds a term, and what it adds there."""

    def __init__(self, held: Postings, rarity: Rarity) -> None:
        """An item is long or short among those of its own part."""
        self._held = held
        self._rare = rarity(held.vocabulary).astype(np.float32)
        lengths = np.bincount(held.holders, held.counts, held.size)
        mean = lengths.sum() / max(held.size, 1)
        self._damping = (K1 * (1 - B + B * lengths / max(mean, 1e-9))).astype(np.float32)
        often = np.arange(int(held.counts.max(initial=0)) + 1, dtype=held.counts.dtype)
        self._often = 1 + np.log(np.maximum(often, 1))  # what each count is worth
        weights = self._rare[held.each()] * self._often[held.counts]
        norms = np.sqrt(np.bincount(held.holders, weights**2, held.size))
        self._norms = np.maximum(norms, 1e-9).astype(np.float32)

    def scores(self, weighed: Weighed) -> tuple[Floats, Floats]:
        """For every item: BM25 as a share of what could be reached, and the cosine of TF-IDF."""
        rows, is_known = self._held.rows(weighed.terms)
        rows = rows[is_known]
        places, lengths = self._held.places(rows)
        holders, counts = self._held.holders[places], self._held.counts[places]
        rare = self._rare[rows]
        weights = np.repeat(rare * weighed.weights[is_known], lengths)
        reached = np.repeat(rare, lengths) * counts * (K1 + 1) / (counts + self._damping[holders])
        bm25 = np.bincount(holders, reached, self._held.size)
        cosine = np.bincount(holders, weights * self._often[counts], self._held.size)
        return bm25 / weighed.asked, cosine / self._norms / weighed.norm


def held(postings: Postings, terms: Ints, worth: Floats) -> Floats:
    """For every item the worth of those of the terms that it holds."""
    rows, is_known = postings.rows(terms)
    places, lengths = postings.places(rows[is_known])
    weights = np.repeat(worth[is_known], lengths)
    return np.bincount(postings.holders[places], weights, postings.size).astype(np.float64)


def best(total: Floats, allowed: NDArray[np.bool_], kept: int) -> list[int]:
    """The items with the highest totals among those allowed, the highest first."""
    may = np.flatnonzero(allowed & (total > 0))
    if len(may) > kept:
        may = may[np.argpartition(-total[may], kept)[:kept]]
    found: list[int] = may[np.argsort(-total[may], kind="stable")].tolist()
    return found


def nearest(
    text: str,
    bags: Sequence[Sequence[str]],
    read: Callable[[list[str]], list[str]] = lambda texts: texts,
) -> Floats:
    """How much the likest text of each bag, as it is read, is like this one, 0 to 1."""
    if not bags:
        return np.zeros(0)
    texts = read([other for bag in bags for other in (bag or ("",))])
    likeness = process.cdist([text], texts, scorer=fuzz.ratio)[0]
    starts = np.cumsum([0, *(len(bag) or 1 for bag in bags[:-1])])
    return np.maximum.reduceat(likeness, starts).astype(np.float64) / 100


def _idf(size: int, holding: Floats) -> Floats:
    return np.log(1 + (size - holding + 0.5) / (holding + 0.5))
