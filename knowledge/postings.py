"""Which texts hold which characters and pairs of characters, counted for many texts at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
_PAIR = 21  # bits of a code point: a pair of characters is one number, the first of them high


@dataclass(frozen=True, slots=True)
class Postings:
    """For each term, in order: the items that hold it, and how often."""

    vocabulary: Ints  # the terms, ascending
    starts: Ints  # where each term's items begin; one more than there are terms
    holders: NDArray[np.int32]
    counts: NDArray[np.int32]
    size: int  # items, those without any term included

    def rows(self, terms: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """The row of each term, and whether it is known at all."""
        if not len(self.vocabulary):
            return np.zeros(len(terms), np.int64), np.zeros(len(terms), np.bool_)
        rows = np.searchsorted(self.vocabulary, terms).clip(max=len(self.vocabulary) - 1)
        return rows, self.vocabulary[rows] == terms

    def places(self, rows: Ints) -> tuple[Ints, Ints]:
        """Where the items of these rows stand in `holders`, and how many each row has."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        ends = np.cumsum(lengths)
        total = int(ends[-1]) if len(ends) else 0
        return np.arange(total) + np.repeat(self.starts[rows] - ends + lengths, lengths), lengths

    def holding(self) -> Ints:
        """How many items hold each term."""
        return np.diff(self.starts)

    def each(self) -> Ints:
        """The row that each place of `holders` belongs to."""
        return np.repeat(np.arange(len(self.vocabulary)), self.holding())


def terms_of(text: str) -> Ints:
    """The characters and pairs of a text as numbers."""
    codes = _codes(text)
    return np.concatenate([codes, codes[:-1] << _PAIR | codes[1:]])


def postings(bags: Sequence[Iterable[str]]) -> Postings:
    """Count the terms of each item's texts."""
    texts = [(number, text) for number, bag in enumerate(bags) for text in bag]
    # A zero between two texts keeps the last character of one from pairing with the next.
    codes = _codes("\0".join(text for _, text in texts) + "\0")
    owners = np.repeat(
        np.fromiter((number for number, _ in texts), np.int64, len(texts)),
        np.fromiter((len(text) + 1 for _, text in texts), np.int64, len(texts)),
    )[: len(codes)]
    is_pair = (codes[:-1] > 0) & (codes[1:] > 0)
    terms = np.concatenate([codes[codes > 0], (codes[:-1] << _PAIR | codes[1:])[is_pair]])
    items = np.concatenate([owners[codes > 0], owners[:-1][is_pair]])
    return _counted(terms, items, len(bags))


def _counted(terms: Ints, items: Ints, size: int) -> Postings:
    vocabulary, rows = np.unique(terms, return_inverse=True)
    keys, counts = np.unique(rows * max(size, 1) + items, return_counts=True)
    held_by, holders = np.divmod(keys, max(size, 1))
    starts = np.searchsorted(held_by, np.arange(len(vocabulary) + 1))
    return Postings(vocabulary, starts, holders.astype(np.int32), counts.astype(np.int32), size)


def _codes(text: str) -> Ints:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
