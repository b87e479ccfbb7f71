"""How ledgers write things: masked phones, codes in words, days, shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from math import ceil
from typing import Any

from outreach.calendars import CHINA
from registry.differences import said

_SHOWN = (3, 4)  # digits of a phone at its two ends
_HUNDRED = 100


def phone(number: str) -> str:
    """138****1234; "" where there is none."""
    first, last = _SHOWN
    return f"{number[:first]}****{number[-last:]}" if number else ""


def told(field: str, answers: Any) -> str:
    """An answer in words, "" where there is none."""
    value = answers.get(field)
    return said(field, value) if value else ""


def day(at: datetime | None) -> date | None:
    """The day on China's clocks."""
    return at.astimezone(CHINA).date() if at else None


def percent(part: int, whole: int) -> float | None:
    """To a tenth; None of nothing."""
    return round(_HUNDRED * part / whole, 1) if whole else None


def rank(values: Sequence[int], share: int) -> int | None:
    """The smallest value that `share` percent of all do not exceed; None of none."""
    ordered = sorted(values)
    return ordered[max(ceil(len(ordered) * share / _HUNDRED) - 1, 0)] if ordered else None
