"""A text as it sounds, so that homophones, accents and a mis-hearing microphone come out alike."""

from functools import cache, lru_cache

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
