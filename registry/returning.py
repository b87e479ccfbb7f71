"""The day of somebody's return as a list tells of it, in words and as a code."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from records.own_days import RETURN_ON

WORDS = "return_period_text"
_WRITTEN = re.compile(r"(\d{4})年(\d{1,2})月(?:(\d{1,2})日)?")


def written(day: date, *, is_exact: bool) -> str:
    """As it is kept in words: to the day where the list names it."""
    month = f"{day.year}年{day.month}月"
    return f"{month}{day.day}日" if is_exact else month


def settled(
    codes: Mapping[str, Any], texts: Mapping[str, Any], *, is_away: bool
) -> dict[str, Any]:
    """Codes with the day that the words of a list name; that of other words stays as it was read.

    Who is not away, or has told of no day, has none.
    """
    said = str(texts.get(WORDS) or "") if is_away else ""
    found = _WRITTEN.fullmatch(said)
    new = {name: value for name, value in codes.items() if name != RETURN_ON}
    if found and found[3]:
        day = _day(int(found[1]), int(found[2]), int(found[3]))
        return {**new, RETURN_ON: day.isoformat()} if day else new
    return new if found or not said else dict(codes)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
