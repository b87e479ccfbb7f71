"""Sums and counts in a cell, however they are written: 3万, 2.5—5万元, 8000."""

from __future__ import annotations

import re
from decimal import Decimal

from knowledge.numerals import digits

_NUMBER = r"(\d{1,9}(?:\.\d{1,4})?)"
_UNIT = r"\s*(万|w|W|千|k)?\s*(?:元|块|圆)?\s*"
_SPAN = re.compile(
    rf"(?:约|大约|起步|至少|最少|不少于)?\s*{_NUMBER}{_UNIT}"
    rf"(?:(?:[-—~～－]|至|到)+\s*{_NUMBER}{_UNIT})?(?:左右|以上|起|以内)?"
)
_WORTH = {"万": 10_000, "w": 10_000, "W": 10_000, "千": 1_000, "k": 1_000}
_COUNT = re.compile(r"(\d{1,5})\s*(?:个|人|户|名|家|位|亩|月|个月|平米|平方米|㎡)?(?:左右)?")
MOST = 1_000_000_000


def span(text: str) -> tuple[int, int | None] | None:
    """The least and the most of a sum, in yuan; None for what is none."""
    said = text.strip()
    found = _SPAN.fullmatch(said) or _SPAN.fullmatch(digits(said))
    if found is None:
        return None
    first, unit, second, other = found.groups()
    is_shared = unit is None and second is not None and Decimal(first) <= Decimal(second)
    least = _yuan(first, other if is_shared else unit)
    most = _yuan(second, other or unit) if second else None
    if least > MOST or (most is not None and (most < least or most > MOST)):
        return None
    return least, most


def count(text: str) -> int | None:
    """A whole number with or without what it counts; None for what is none."""
    found = _COUNT.fullmatch(digits(text.strip()))
    return int(found[1]) if found else None


def _yuan(number: str, unit: str | None) -> int:
    return int(Decimal(number) * _WORTH.get(unit or "", 1))
