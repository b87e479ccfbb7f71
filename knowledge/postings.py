"""Which texts hold which characters and pairs of characters, counted for many texts at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
PAIR = 21  # bits of a code point: a pair of characters is one number, the first of them high
_ITEM = 21  # bits of an item's number, below the 42 of its term


@dataclass(frozen=True, slots=True)
class Postings:
    """For each term, in order: the items that hold it, and how often."""

    vocabulary: Ints  # the terms, ascending
    starts: NDArray[np.int32]  # where each term's items begin; one more than there are terms
    holders: NDArray[np.unsignedinteger]
    counts: NDArray[np.unsignedinteger]
    size: int  # items, those without any term included

    def rows(self, terms: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """The row of each term, and whether it is known at all."""
        return rows_of(self.vocabulary, terms)

    def places(self, rows: Ints) -> tuple[Ints, Ints]:
        """Where the items of these rows stand in `holders`, and how many each row has."""
        return places(self.starts, rows)

    def holding(self) -> Ints:
        """How many items hold each term."""
        return np.diff(self.starts).astype(np.int64)

    def totals(self) -> tuple[Ints, Ints]:
        """Each term with how often it occurs in all items together."""
        if not len(self.vocabulary):
            return self.vocabulary, self.vocabulary
        return self.vocabulary, np.add.reduceat(self.counts.astype(np.int64), self.starts[:-1])

    def each(self) -> Ints:
        """The row that each place of `holders` belongs to."""
        return np.repeat(np.arange(len(self.vocabulary)), self.holding())


def rows_of(vocabulary: Ints, terms: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """Where each term stands in an ascending vocabulary, and whether it is there at all."""
    if not len(vocabulary):
        return np.zeros(len(terms), np.int64), np.zeros(len(terms), np.bool_)
    rows = np.minimum(vocabulary.searchsorted(terms), len(vocabulary) - 1)
    return rows, vocabulary[rows] == terms


def places(starts: NDArray[np.signedinteger], rows: Ints) -> tuple[Ints, Ints]:
    """All places of these rows, one row after the other, and how many each has."""
    lengths = (starts[rows + 1] - starts[rows]).astype(np.int64)
    ends = lengths.cumsum()
    total = int(ends[-1]) if len(ends) else 0
    return np.arange(total) + np.repeat(starts[rows] - ends + lengths, lengths), lengths


def terms_of(text: str) -> Ints:
    """The characters and pairs of a text as numbers."""
    codes = codes_of(text)
    return np.concatenate([codes, codes[:-1] << PAIR | codes[1:]])


@dataclass(frozen=True, slots=True)
class Line:
    """All texts of many items in one line, a zero after each text."""

    codes: Ints  # of the characters
    owners: Ints  # the item of each character
    size: int  # items

    def postings(self) -> Postings:
        """Count the terms of each item."""
        # Over a zero a text's last character does not pair with the next one's first.
        is_said = self.codes > 0
        is_pair = is_said[:-1] & is_said[1:]
        pairs = (self.codes[:-1] << PAIR | self.codes[1:]) << _ITEM | self.owners[:-1]
        keys = self.codes << _ITEM | self.owners
        return _counted(np.concatenate([keys[is_said], pairs[is_pair]]), self.size)


def line_of(bags: Sequence[Iterable[str]]) -> Line:
    """The texts of each item as one line."""
    each = ["\0".join([*bag, ""]) for bag in bags]
    lengths = np.fromiter(map(len, each), np.int64, len(each))
    return Line(codes_of("".join(each)), np.repeat(np.arange(len(each)), lengths), len(each))


def postings(bags: Sequence[Iterable[str]]) -> Postings:
    """Count the terms of each item's texts."""
    return line_of(bags).postings()


def united(first: Postings, second: Postings) -> Postings:
    """Which of the same items hold a term in the one or the other."""
    keys = [held.vocabulary[held.each()] << _ITEM | held.holders for held in (first, second)]
    return _counted(np.concatenate(keys), first.size)


def vocabularies(parts: Sequence[Postings]) -> Postings:
    """Which parts have which terms at all: a part is one item."""
    keys = [part.vocabulary << _ITEM | number for number, part in enumerate(parts)]
    return _counted(np.concatenate(keys or [np.zeros(0, np.int64)]), len(parts))


def merged(counted: Sequence[tuple[Ints, Ints]]) -> tuple[Ints, Ints]:
    """Several ascending terms with their counts as one."""
    if not counted:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    return summed(
        np.concatenate([terms for terms, _ in counted]),
        np.concatenate([counts for _, counts in counted]),
    )


def summed(keys: Ints, counts: NDArray[np.signedinteger]) -> tuple[Ints, Ints]:
    """Each key once, ascending, with its counts together; quick where they ascend by stretches."""
    if not len(keys):
        return keys, np.zeros(0, np.int64)
    order = keys.argsort(kind="stable")
    keys = keys[order]
    begins = begins_of(keys)
    return keys[begins], np.add.reduceat(counts[order].astype(np.int64), begins)


def begins_of(values: Ints) -> Ints:
    """Where in an ascending row each value stands for the first time."""
    return np.flatnonzero(np.append(True, values[1:] != values[:-1])[: len(values)])


def _counted(keys: Ints, size: int) -> Postings:
    """From a key for every time that an item holds a term."""
    keys.sort()
    first = begins_of(keys)
    counts = np.diff(first, append=len(keys))
    keys = keys[first]
    terms = keys >> _ITEM
    begins = begins_of(terms)
    holders = keys & ((1 << _ITEM) - 1)
    return Postings(
        terms[begins],
        np.append(begins, len(keys)).astype(np.int32),
        holders.astype(np.min_scalar_type(size)),
        counts.astype(np.min_scalar_type(int(counts.max(initial=0)))),
        size,
    )


def codes_of(text: str) -> Ints:
    """The code point of each character."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.int64)
