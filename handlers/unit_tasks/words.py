"""What staff write about tasks of units («做完 任务5 定政办〔2026〕3号»), read as values."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """The tasks of one's area, or one of them."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class HandTo:
    """Somebody else is to do it."""

    number: int
    staff: str


@dataclass(frozen=True, slots=True)
class Finish:
    """It is done; `evidence` "" where nothing is said to show it."""

    number: int
    evidence: str


Wish = Look | HandTo | Finish

_LOOK = re.compile(r"(?:看)?任务\s*(\d{1,6})?")
_HAND = re.compile(r"任务\s*(\d{1,6})\s*(?:交给|给)\s*(\S{1,40})")
_DONE = re.compile(r"做完\s*任务\s*(\d{1,6})(?:[\s:：,，]+(.+))?", re.DOTALL)


def wish_of(text: str) -> Wish | None:
    """What a line asks for or tells; None where it is about something else."""
    said = text.strip().strip("。.!！")
    if found := _LOOK.fullmatch(said):
        return Look(int(found[1] or 0))
    if found := _HAND.fullmatch(said):
        return HandTo(int(found[1]), found[2])
    found = _DONE.fullmatch(said)
    return Finish(int(found[1]), (found[2] or "").strip()) if found else None
