"""Misspelled characters set right where only the sound was meant: 订陶 → 定陶, 代款 → 贷款."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from knowledge.postings import PAIR, Ints, Postings, merged
from knowledge.sounds import sound

LONGEST = 300
_UNSEEN = -3.5  # worth of a pair of characters that the texts never hold
_CHANGED = -1.5  # price of exchanging a character
_WRITINGS = 8  # characters of one sound that are tried
_LOW = (1 << PAIR) - 1


@dataclass(frozen=True, slots=True)
class Counted:
    """How often each character and each pair of characters occurs in some texts."""

    characters: tuple[Ints, Ints]
    pairs: tuple[Ints, Ints]


def counted(held: Postings) -> Counted:
    """The characters and the pairs of counted texts."""
    terms, counts = held.totals()
    is_pair = terms > _LOW
    return Counted((terms[~is_pair], counts[~is_pair]), (terms[is_pair], counts[is_pair]))


class Speller:
    """Knows which pairs of characters occur in the texts that were counted."""

    def __init__(self, parts: Sequence[Counted]) -> None:
        pairs, counts = merged([part.pairs for part in parts])
        self._pairs = dict(zip(pairs.tolist(), counts.tolist(), strict=True))
        often = pairs[counts > 1]
        self._heard = set(_sounding(often).tolist())
        characters, counts = merged([part.characters for part in parts])
        self._writings: dict[str, list[str]] = {}
        order = np.argsort(-counts, kind="stable")
        for code in characters[order[counts[order] > 1]].tolist():
            self._writings.setdefault(sound(chr(code)), []).append(chr(code))

    def repaired(self, text: str, keep: frozenset[int] = frozenset()) -> str:
        """The likeliest spelling that sounds the same; positions in `keep` are left alone."""
        doubtful = self._doubtful(text[:LONGEST]) - keep
        if not doubtful:
            return text
        options = [
            [c, *self._others(c)] if i in doubtful else [c] for i, c in enumerate(text[:LONGEST])
        ]
        return self._best_path(options) + text[LONGEST:]

    def _doubtful(self, text: str) -> set[int]:
        """Characters in no known pair, of which one sounds like a known pair."""
        pairs = [_pair(first, second) for first, second in pairwise(text)]
        sounds = [_pair(first, second) for first, second in pairwise(sound(text))]
        known = {i for i, pair in enumerate(pairs) if self._pairs.get(pair, 0) > 1}
        heard = {i for i, pair in enumerate(sounds) if i not in known and pair in self._heard}
        sure = known | {i + 1 for i in known}
        return {spot for i in heard for spot in (i, i + 1)} - sure

    def _others(self, character: str) -> list[str]:
        writings = self._writings.get(sound(character), [])
        return [w for w in writings[:_WRITINGS] if w != character and not w.isdecimal()]

    def _best_path(self, options: list[list[str]]) -> str:
        """Viterbi over the writings of each position; the first one is what was typed."""
        paths = {c: (0.0 if c == options[0][0] else _CHANGED, c) for c in options[0]}
        for choices in options[1:]:
            paths = {
                c: max(
                    (
                        worth + self._worth(last, c) + (0.0 if c == choices[0] else _CHANGED),
                        path + c,
                    )
                    for last, (worth, path) in paths.items()
                )
                for c in choices
            }
        return max(paths.values())[1]

    def _worth(self, first: str, second: str) -> float:
        count = self._pairs.get(_pair(first, second), 0)
        return min(math.log(1 + count), 3.0) if count else _UNSEEN


def _pair(first: str, second: str) -> int:
    return ord(first) << PAIR | ord(second)


def _sounding(pairs: Ints) -> Ints:
    """Pairs of characters as pairs of sounds."""
    codes, places = np.unique(np.concatenate([pairs >> PAIR, pairs & _LOW]), return_inverse=True)
    sounds = np.array([ord(sound(chr(code))) for code in codes.tolist()], np.int64)[places]
    return sounds[: len(pairs)] << PAIR | sounds[len(pairs) :]
