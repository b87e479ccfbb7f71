"""What people write about sharing («同意给看 3», «不给银行看了», «给谁看了»), read as values."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LONGEST = 30
_NUMBER = r"\s*(\d{1,9})?"
_YES = re.compile(rf"同意给看{_NUMBER}")
_NO = re.compile(rf"(?:不|别|不要|停止|不想|不同意)(?:再)?给([^\d]{{0,20}}?)看了?{_NUMBER}")
_WHO = re.compile(r"(?:我的信息)?都?给了?谁看(?:了|过)?|谁能看到?我的信息|我的信息谁能看")


@dataclass(frozen=True, slots=True)
class Yes:
    """To the question of this number, 0 for the only one."""

    number: int


@dataclass(frozen=True, slots=True)
class No:
    """To a question, or no more: of this number, else to whom it says, else to all."""

    number: int
    name: str


@dataclass(frozen=True, slots=True)
class Who:
    """They would like to know who sees what."""


Wish = Yes | No | Who


def wish_of(text: str) -> Wish | None:
    """What of it a message says."""
    said = text.strip().rstrip("。.！!？?")
    if len(said) > _LONGEST:
        return None
    if found := _YES.fullmatch(said):
        return Yes(int(found[1] or 0))
    if found := _NO.fullmatch(said):
        return No(int(found[2] or 0), found[1].strip('“”" '))
    return Who() if _WHO.fullmatch(said) else None
