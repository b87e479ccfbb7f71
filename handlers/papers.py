"""Numbers of identity papers and cards are taken out before anything is stored (P-05, P-06)."""

from __future__ import annotations

import re

from handlers.hearing import CARD_MASK, IDENTITY_MASK

_IDENTITY = r"\d{6}(?:18|19|20)\d{2}[01]\d[0-3]\d\d{3}[\dXx]"
_IDENTITY_NUMBER = re.compile(rf"(?<!\d){_IDENTITY}(?!\d)")
# Digits in groups: answers of a form beside a phone number («138… 1 1 2») are no card.
_GROUPS = re.compile(r"(?<!\d)\d{2,}(?:[ -]\d{2,})*(?!\d)")
_SPREAD = re.compile(r"(?<![\d -])\d(?:[ -]\d){14,18}(?![ -]?\d)")
_GROUP = re.compile(r"[ -]?\d+")
_PHONE = re.compile(r"[ -]?1[3-9]\d{9}")
_CARD = range(15, 20)  # digits
# Said aloud, a number comes in words or digits, with a pause here and there.
_DIGITS = str.maketrans("零〇一二三四五六七八九幺两叉", "001234567891" + "2X")
_SAID = re.compile(
    r"[\dXx零〇一二三四五六七八九幺两叉](?:[\s,，、。.\-]*[\dXx零〇一二三四五六七八九幺两叉]){14,}"
)
_PHONES_FIRST = re.compile(r"^(?:1[3-9]\d{9})+")
_SHORTEST_CARD = 15


def without_numbers(text: str) -> str:
    """What was typed, without numbers of papers and cards."""
    bare = _IDENTITY_NUMBER.sub(IDENTITY_MASK, text)
    return _SPREAD.sub(CARD_MASK, _GROUPS.sub(_without_cards, bare))


def without_spoken_numbers(text: str) -> str:
    """What was heard, without numbers of papers and cards, however they were written down."""
    return without_numbers(_SAID.sub(_mask, text))


def _without_cards(found: re.Match[str]) -> str:
    """Groups of digits without those that make a card's number together."""
    groups = _GROUP.findall(found[0])
    kept = []
    while groups:
        count = _phone_length(groups)
        if count:
            kept += groups[:count]
        elif count := _card_length(groups):
            kept.append(CARD_MASK)
        else:
            count = 1
            kept.append(groups[0])
        groups = groups[count:]
    return "".join(kept)


def _phone_length(groups: list[str]) -> int:
    """How many of these groups, from the first, are a mobile number: no card begins so."""
    if _PHONE.fullmatch(groups[0]):
        return 1
    joined = "".join(group.strip(" -") for group in groups[:3])
    is_spread = [len(group.strip(" -")) for group in groups[:3]] == [3, 4, 4]
    return 3 if is_spread and _PHONE.fullmatch(joined) else 0


def _card_length(groups: list[str]) -> int:
    """How many of these groups, from the first, are a card's number; 0 where none is."""
    lengths = [
        count
        for count in range(1, len(groups) + 1)
        if sum(len(group.strip(" -")) for group in groups[:count]) in _CARD
    ]
    if not lengths:
        return 0
    return min(lengths) if any(map(_PHONE.fullmatch, groups)) else max(lengths)


def _mask(found: re.Match[str]) -> str:
    number = re.sub(r"[^\dX]", "", found[0].upper().translate(_DIGITS))
    if re.search(_IDENTITY, number):
        return IDENTITY_MASK
    rest = _PHONES_FIRST.sub("", number)  # no card begins so; a year or another phone may follow
    return CARD_MASK if len(rest) >= _SHORTEST_CARD else found[0]
