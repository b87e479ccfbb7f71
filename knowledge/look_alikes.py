"""Whether a text is one of ours, word for word or with another link, number or sum put in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from knowledge.numerals import digits
from knowledge.text import simplified

_LIKE = 72.0  # of a hundred: so much of the wording must be the same
_LEAST = 15  # letters below which anything is like anything
_LINK = re.compile(r"(?:https?://)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?:[:/][\w./?=&%#:-]*)?")
_PHONE = re.compile(r"(?<!\d)(?:1[3-9]\d{9}|0\d{2,3}-?\d{7,8}|400-?\d{3}-?\d{4}|\d{5,6})(?!\d)")
_SUM = re.compile(r"(\d+(?:\.\d+)?)(万|千)?(?:元|块)")
_ACCOUNT = re.compile(r"(?:微信|qq|群)号?[:是]?\s*([a-z][\w-]{4,}|\d{6,})")
_FACT = re.compile("|".join(p.pattern for p in (_LINK, _ACCOUNT, _PHONE, _SUM)))
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """Which of some texts it is like, and what was put into it that does not stand there."""

    number: int
    foreign: tuple[str, ...]


def likeness(text: str, said: Sequence[str], least: int = _LEAST) -> Likeness | None:
    """The text that this one is like; None where it is like none.

    `least`: letters that both must have; few will do where little else can be meant.
    """
    mine = _plain(text)
    bare, others = _bare(mine), [_bare(_plain(one)) for one in said]
    if len(bare) < least:
        return None
    scored = [
        (_score(bare, one) if len(one) >= least else 0.0, -n) for n, one in enumerate(others)
    ]
    best, number = max(scored, default=(0.0, 0))
    if best < _LIKE:
        return None
    theirs = _facts(_plain(said[-number]))
    return Likeness(-number, tuple(sorted(_facts(mine) - theirs)))


def holds_facts(text: str) -> bool:
    """Whether a text holds a link, a number or a sum by which somebody may be cheated."""
    return bool(_facts(_plain(text)))


def _score(one: str, other: str) -> float:
    whole = fuzz.ratio(one, other)
    is_inside = len(one) >= len(other) // 2
    return max(whole, fuzz.partial_ratio(one, other) if is_inside else 0.0)


def _plain(text: str) -> str:
    return digits(simplified(text).lower())


def _bare(text: str) -> str:
    """The words alone."""
    return "".join(_WORD.findall(_FACT.sub(" ", text)))


def _facts(text: str) -> frozenset[str]:
    links = {
        found.removeprefix("https://").removeprefix("http://").rstrip("/.")
        for found in (one.group() for one in _LINK.finditer(text))
    }
    rest = _LINK.sub(" ", text)
    accounts = {found.group(1) for found in _ACCOUNT.finditer(rest)}
    sums = {_worth(*found.groups()) for found in _SUM.finditer(rest)}
    phones = {found.group().replace("-", "") for found in _PHONE.finditer(_SUM.sub(" ", rest))}
    return frozenset(links | accounts | sums | phones)


def _worth(number: str, unit: str | None) -> str:
    factor = {"万": 10_000, "千": 1_000}.get(unit or "", 1)
    return f"{float(number) * factor:g}元"
