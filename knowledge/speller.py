"""Misspelled characters set right where only the sound was meant: 订陶 → 定陶, 代款 → 贷款."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise

from knowledge.sounds import sound

LONGEST = 80
_UNSEEN = -3.5  # worth of a pair of characters that the texts never hold
_CHANGED = -1.5  # price of exchanging a character
_WRITINGS = 8  # characters of one sound that are tried


class Speller:
    """Knows which pairs of characters occur in the texts it was made from."""

    def __init__(self, texts: Iterable[str]) -> None:
        characters: Counter[str] = Counter()
        self._pairs: Counter[str] = Counter()
        for text in texts:
            characters.update(text)
            self._pairs.update(map("".join, pairwise(text)))
        self._heard = {sound(pair) for pair, count in self._pairs.items() if count > 1}
        self._writings: dict[str, list[str]] = defaultdict(list)
        for character, count in characters.most_common():
            if count > 1:
                self._writings[sound(character)].append(character)

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
        pairs = [text[i : i + 2] for i in range(len(text) - 1)]
        known = {i for i, pair in enumerate(pairs) if self._pairs.get(pair, 0) > 1}
        heard = {
            i for i, pair in enumerate(pairs) if i not in known and sound(pair) in self._heard
        }
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
        count = self._pairs.get(first + second, 0)
        return min(math.log(1 + count), 3.0) if count else _UNSEEN
