"""A text as it sounds, so that homophones, accents and a mis-hearing microphone come out alike."""

from collections.abc import Sequence
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from knowledge.numerals import DIGITS
from knowledge.text import readings

# Pairs that many speakers and keyboards do not keep apart: zh/z, ch/c, sh/s, n/l, hu/f, -ng/-n.
_FIRST = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_LAST = (("ang", "an"), ("eng", "en"), ("ing", "in"))
_LIKE_F = {"hu": "fu", "hua": "fa", "hui": "fei", "hun": "fen", "huang": "fan", "huan": "fan"}
_LIKE_F |= {"huo": "fo", "hong": "fen"}
_FIRST_SIGN = 0xE000


def alike(syllable: str) -> str:
    """The one spelling of all syllables that are easily taken for each other."""
    syllable = _LIKE_F.get(syllable, syllable)
    for written, heard in _FIRST:
        if syllable.startswith(written):
            syllable = heard + syllable[len(written) :]
            break
    for written, heard in _LAST:
        if syllable.endswith(written):
            return syllable[: -len(written)] + heard
    return syllable


@lru_cache(maxsize=20_000)
def sound(text: str) -> str:
    """One sign per character: equal signs sound alike; what has no reading stays as it is."""
    return text.translate(_signs())


def aloud(texts: Sequence[str]) -> list[str]:
    """The sounds of many texts at once; none may hold a zero."""
    codes = np.frombuffer("\0".join(texts).encode("utf-32-le", "surrogatepass"), np.uint32)
    signs = heard(codes).astype(np.uint32).tobytes()
    return signs.decode("utf-32-le", "surrogatepass").split("\0")


def heard(codes: NDArray[np.integer]) -> NDArray[np.int64]:
    """Characters by their code points, each as the sign of its sound."""
    table = _table()
    return np.where(codes < len(table), table.take(codes, mode="clip"), codes)


@cache
def _table() -> NDArray[np.int64]:
    signs = _signs()
    table = np.arange(max(signs) + 1)
    table[list(signs)] = [ord(sign) for sign in signs.values()]
    return table


@cache
def _signs() -> dict[int, str]:
    syllables = readings()
    numbers = {
        str(value): syllables[word]
        for word, value in DIGITS.items()
        if word in "零一二三四五六七八九"
    }
    order = {
        s: chr(_FIRST_SIGN + i)
        for i, s in enumerate(sorted({alike(s) for s in syllables.values()}))
    }
    return {ord(c): order[alike(s)] for c, s in (syllables | numbers).items()}
