"""Numbers that no list may bring in: identity cards and bank cards; and an age read off one."""

from __future__ import annotations

import re
from datetime import date

YOUNGEST = 16  # domain P-07: nobody under 14 is registered, ages under 16 end the form
_IDENTITY = re.compile(r"(?<!\d)\d{6}(?:19|20)(\d{2})(\d{2})(\d{2})\d{3}[\dXx](?![\dXx])")
_OLD_IDENTITY = re.compile(r"(?<!\d)\d{6}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)")
_CARD = re.compile(r"(?<!\d)\d(?:[ -]?\d){14,18}(?!\d)")
_BORN = re.compile(r"\d{6}((?:19|20)\d{2})(\d{2})(\d{2})\d{3}[\dXx]")


def holds_secret(text: str) -> bool:
    """Whether a text holds an identity number or a number as long as a bank card's."""
    if len(text) < 15:
        return False
    return bool(_IDENTITY.search(text) or _CARD.search(text) or _OLD_IDENTITY.search(text))


def born(identity: str) -> date | None:
    """The day of birth in an identity number; the number itself goes no further."""
    found = _BORN.fullmatch(identity)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def age(birth: date, today: date) -> int:
    """Whole years."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))
