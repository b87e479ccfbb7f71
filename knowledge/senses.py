"""A feeling for what a question is about, from all wordings of one matter or one slot together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.postings import Ints, Postings, begins_of, places, postings, rows_of, summed

_PRIOR = 10.0  # characters and pairs that every label is taken to hold beside its own
_CLEAR = 8.0  # a label that is less likely than the best by this (in logarithms) is out
_LABEL = 12  # bits of a label's number


@dataclass(frozen=True, slots=True)
class Filed:
    """How often which terms stand under which label."""

    labels: tuple[str, ...]
    keys: Ints  # term and label, ascending
    counts: NDArray[np.signedinteger]


def filed(texts: Iterable[tuple[str, str]]) -> Filed:
    """Texts under their labels."""
    bags: dict[str, list[str]] = {}
    for label, text in texts:
        bags.setdefault(label, []).append(text)
    return under(postings(list(bags.values())), list(bags))


def under(held: Postings, labels: Sequence[str]) -> Filed:
    """Counted items under the label of each."""
    names = tuple(dict.fromkeys(labels))
    number = {label: n for n, label in enumerate(names)}
    numbers = np.array([number[label] for label in labels], np.int64)
    keys = held.vocabulary[held.each()] << _LABEL | numbers[held.holders]
    return _summed(names, keys, held.counts.astype(np.int64))


def _summed(labels: tuple[str, ...], keys: Ints, counts: NDArray[np.signedinteger]) -> Filed:
    keys, counts = summed(keys, counts)
    return Filed(labels, keys, counts.astype(np.int32))


def together(parts: Sequence[Filed]) -> Filed:
    """What is filed in several places as one."""
    labels = tuple(dict.fromkeys(label for part in parts for label in part.labels))
    number = {label: n for n, label in enumerate(labels)}
    keys = np.concatenate([_renumbered(part, number) for part in parts] or [np.zeros(0, np.int64)])
    counts = np.concatenate([part.counts for part in parts] or [np.zeros(0, np.int32)])
    return _summed(labels, keys, counts)


def _renumbered(part: Filed, number: dict[str, int]) -> Ints:
    numbers = np.array([number[label] for label in part.labels], np.int64)
    labels = part.keys & ((1 << _LABEL) - 1)
    keys: Ints = part.keys >> _LABEL << _LABEL | numbers[labels]
    return keys


class Sense:
    """Labels, each with all that was filed under it; a naive Bayes of its terms."""

    def __init__(self, filed: Filed) -> None:
        self._labels = filed.labels
        counts = filed.counts.astype(np.float64)
        self._holders = (filed.keys & ((1 << _LABEL) - 1)).astype(np.uint16)
        terms = filed.keys >> _LABEL
        begins = begins_of(terms)
        self._terms = terms[begins]
        self._starts = np.append(begins, len(terms)).astype(np.int32)
        rows = np.repeat(np.arange(len(self._terms)), np.diff(self._starts))
        sizes = np.bincount(self._holders, counts, len(self._labels))
        expected = _PRIOR * np.bincount(rows, counts) / max(counts.sum(), 1)
        self._worth = np.log1p(counts / expected[rows]).astype(np.float32)
        self._missing = np.log(_PRIOR / (sizes + _PRIOR))

    def of(self, terms: Ints) -> dict[str, float]:
        """How likely each label is by the distinct terms of a text; the likeliest is 1."""
        rows, is_known = rows_of(self._terms, terms)
        found, _ = places(self._starts, rows[is_known])
        worth = np.bincount(self._holders[found], self._worth[found], len(self._labels))
        scores = is_known.sum() * self._missing + worth
        best = scores.max(initial=-np.inf)
        likely = np.maximum(0.0, 1 + (scores - best) / _CLEAR)
        return dict(zip(self._labels, likely.tolist(), strict=True))
