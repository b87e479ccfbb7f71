"""Finding entries: characters and sounds as two views of a text, fused by learned weights."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from knowledge.postings import Floats, Ints, Postings, postings, terms_of
from knowledge.sounds import sound

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
_NOTHING = np.zeros(0, np.int64)
KEPT = 45  # candidates handed on to the exact comparison


@dataclass(frozen=True, slots=True)
class Item:
    """What can be found: its texts (normal spelling, letters only), and its group."""

    id: str
    texts: tuple[str, ...]
    group: str = ""
    told: str = ""  # what it answers, which people also half know


@dataclass(frozen=True, slots=True)
class Hit:
    """A found item with the views' opinions, each about 0 to 1, in the order of VIEWS."""

    item: int
    views: tuple[float, ...]


class Rarity:
    """How rare a term is over all items (the idf of BM25)."""

    def __init__(self, held: Postings) -> None:
        self._held = held
        self.known = _idf(held.size, held.holding().astype(np.float64))
        self._unseen = float(_idf(held.size, np.zeros(1))[0])

    def __call__(self, terms: Ints) -> Floats:
        rows, is_known = self._held.rows(terms)
        if not len(self.known):
            return np.full(len(terms), self._unseen)
        return np.where(is_known, self.known[rows], self._unseen)


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
    """One way of looking at the items: for each term who holds it, and what it adds."""

    def __init__(self, held: Postings, groups: Ints) -> None:
        """`groups` numbers the group of each item: an item is long or short within its own."""
        self.rarity = Rarity(held)
        self._held = held
        rare = self.rarity.known[held.each()]
        counts = held.counts.astype(np.float64)
        lengths = np.bincount(held.holders, counts, held.size)
        means = _means(lengths, groups)
        damping = K1 * (1 - B + B * lengths / np.maximum(means, 1e-9))[held.holders]
        self._bm25 = (rare * counts * (K1 + 1) / (counts + damping)).astype(np.float32)
        weights = rare * (1 + np.log(counts))
        norms = np.sqrt(np.bincount(held.holders, weights**2, held.size))
        self._cosine = (weights / norms[held.holders]).astype(np.float32)

    def scores(self, weighed: Weighed) -> tuple[Floats, Floats]:
        """For every item: BM25 as a share of what could be reached, and the cosine of TF-IDF."""
        rows, is_known = self._held.rows(weighed.terms)
        places, lengths = self._held.places(rows[is_known])
        holders = self._held.holders[places]
        weights = np.repeat(weighed.weights[is_known], lengths)
        bm25 = np.bincount(holders, self._bm25[places], self._held.size)
        cosine = np.bincount(holders, self._cosine[places] * weights, self._held.size)
        return bm25 / weighed.asked, cosine / weighed.norm


class Index:
    """Items searchable by what is written and by what is heard, within groups."""

    def __init__(self, items: Sequence[Item]) -> None:
        self.items = tuple(items)
        names = {name: number for number, name in enumerate({i.group: 0 for i in items})}
        self._names = names
        self._group = np.fromiter((names[i.group] for i in items), np.int64, len(self.items))
        self._sounds = [tuple(map(sound, item.texts)) for item in self.items]
        self._written = View(postings([item.texts for item in self.items]), self._group)
        self._heard = View(postings(self._sounds), self._group)
        self._told = postings([(item.told,) for item in self.items])
        tellings = [sound(item.told) for item in self.items]
        self._said = postings([(*s, t) for s, t in zip(self._sounds, tellings, strict=True)])

    def search(
        self, text: str, groups: Iterable[str] | None = None, also: Iterable[int] = ()
    ) -> list[Hit]:
        """The likeliest of the groups with every view's opinion; `also` are always compared."""
        spoken = sound(text)
        written = weigh(text, self._written.rarity)
        scores = np.stack(
            [
                *self._written.scores(written),
                *self._heard.scores(weigh(spoken, self._heard.rarity)),
            ]
        )
        found = self._best(scores.sum(axis=0), groups, also)
        opinions = np.vstack(
            [
                scores[:, found],
                nearest(text, [self.items[n].texts for n in found]),
                nearest(spoken, [self._sounds[n] for n in found]),
                self._share(written, found),
            ]
        )
        return [
            Hit(number, tuple(views))
            for number, views in zip(found, opinions.T.tolist(), strict=True)
        ]

    def known(self, pieces: Sequence[str], found: Sequence[int]) -> list[float]:
        """How much of these pieces, by rarity of their sounds, each found item has words for."""
        terms = np.unique(np.concatenate([_NOTHING, *(terms_of(sound(p)) for p in pieces)]))
        rare = self._heard.rarity(terms)
        shares: list[float] = (held(self._said, terms, rare)[found] / (rare.sum() or 1.0)).tolist()
        return shares

    def _best(self, total: Floats, groups: Iterable[str] | None, also: Iterable[int]) -> list[int]:
        allowed = self._allowed(groups)
        found = best(total, allowed, KEPT)
        return [*found, *(n for n in dict.fromkeys(also) if allowed[n] and n not in found)]

    def _allowed(self, groups: Iterable[str] | None) -> NDArray[np.bool_]:
        if groups is None:
            return np.ones(len(self.items), np.bool_)
        numbers = [self._names[name] for name in groups if name in self._names]
        return np.isin(self._group, numbers)

    def _share(self, weighed: Weighed, found: Sequence[int]) -> Floats:
        """How much of what was asked occurs in what the found items answer."""
        return held(self._told, weighed.terms, weighed.rare)[found] / weighed.asked


def best(total: Floats, allowed: NDArray[np.bool_], kept: int) -> list[int]:
    """The items with the highest totals among those allowed, the highest first."""
    may = np.flatnonzero(allowed & (total > 0))
    if len(may) > kept:
        may = may[np.argpartition(-total[may], kept)[:kept]]
    found: list[int] = may[np.argsort(-total[may], kind="stable")].tolist()
    return found


def held(postings: Postings, terms: Ints, worth: Floats) -> Floats:
    """For every item the worth of those of the terms that it holds."""
    rows, is_known = postings.rows(terms)
    places, lengths = postings.places(rows[is_known])
    weights = np.repeat(worth[is_known], lengths)
    return np.bincount(postings.holders[places], weights, postings.size).astype(np.float64)


def nearest(text: str, bags: Sequence[Sequence[str]]) -> Floats:
    """How much the likest text of each bag is like this one, 0 to 1."""
    if not bags:
        return np.zeros(0)
    texts = [other for bag in bags for other in (bag or ("",))]
    likeness = process.cdist([text], texts, scorer=fuzz.ratio)[0]
    starts = np.cumsum([0, *(len(bag) or 1 for bag in bags[:-1])])
    return np.maximum.reduceat(likeness, starts).astype(np.float64) / 100


def _idf(size: int, holding: Floats) -> Floats:
    return np.log(1 + (size - holding + 0.5) / (holding + 0.5))


def _means(lengths: NDArray[Any], groups: Ints) -> Floats:
    """For each item the mean length within its group."""
    if not len(groups):
        return np.zeros(0)
    return (np.bincount(groups, lengths) / np.maximum(np.bincount(groups), 1))[groups]
