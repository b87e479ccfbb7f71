"""Numbers of identity papers and cards are taken out before anything is stored (P-05, P-06)."""

from __future__ import annotations

import re

from handlers.hearing import CARD_MASK, IDENTITY_MASK

_IDENTITY = r"\d{6}(?:18|19|20)\d{2}[01]\d[0-3]\d\d{3}[\dXx]"
_IDENTITY_NUMBER = re.compile(rf"(?<!\d){_IDENTITY}(?!\d)")
_CARD_NUMBER = re.compile(r"(?<!\d)\d(?:[ -]?\d){14,18}(?!\d)")
# Said aloud, a number comes in words or digits, with a pause here and there.
_DIGITS = str.maketrans("零〇一二三四五六七八九幺两叉", "001234567891" + "2X")
_SAID = re.compile(
    r"[\dXx零〇一二三四五六七八九幺两叉](?:[\s,，、。.\-]*[\dXx零〇一二三四五六七八九幺两叉]){14,}"
)
_PHONES_FIRST = re.compile(r"^(?:1[3-9]\d{9})+")
_SHORTEST_CARD = 15


def without_numbers(text: str) -> str:
    """What was typed, without numbers of papers and cards."""
    return _CARD_NUMBER.sub(CARD_MASK, _IDENTITY_NUMBER.sub(IDENTITY_MASK, text))


def without_spoken_numbers(text: str) -> str:
    """What was heard, without numbers of papers and cards, however they were written down."""
    return without_numbers(_SAID.sub(_mask, text))


def _mask(found: re.Match[str]) -> str:
    number = re.sub(r"[^\dX]", "", found[0].upper().translate(_DIGITS))
    if re.search(_IDENTITY, number):
        return IDENTITY_MASK
    rest = _PHONES_FIRST.sub("", number)  # no card begins so; a year or another phone may follow
    return CARD_MASK if len(rest) >= _SHORTEST_CARD else found[0]
