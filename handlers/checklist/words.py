"""What people write about the checklist («办事清单», «办好1», «下一步办啥»), read as values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from handlers import hearing


class Kind(StrEnum):
    """What is wanted of the list."""

    LOOK = "look"
    NEXT = "next"
    DONE = "done"
    UNDONE = "undone"
    QUIET = "quiet"
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Wish:
    """`numbers` are steps, `place` the words of a place said with it."""

    kind: Kind
    numbers: tuple[int, ...] = ()
    place: str = ""


_WHAT = r"(?:返乡创业|创业|开店|办厂|回家创业|手续)?"
_LIST = re.compile(
    rf"{_WHAT}一件事(?:怎么办|咋办)?|我?的?(?:办事|创业|一件事)清单|清单|"
    rf"{_WHAT}(?:要|该|得|应该)?(?:怎么|咋|如何)(?:一步一步|一步步)的?地?(?:办|来|弄|走|做|干)|"
    rf"{_WHAT}(?:要|该|得)?先(?:办|干|做)(?:什么|啥)(?:[,，、]?(?:再|后|然后)(?:办|干|做)(?:什么|啥))?|"
    r"(?:返乡创业|创业|开店)的?(?:步骤|流程)"
)
_PLACED = re.compile(r"(\S{2,8}?)的?\s*(?:返乡创业一件事|一件事|办事清单|创业清单)")
_NEXT = re.compile(r"(?:我)?(?:下一步|接下来|然后)(?:该|要|得)?(?:办|干|做)(?:什么|啥|哪样)")
_NUMBERS = r"第?((?:\d|[一二三四五六七八九十两、,，和跟\s])+)[步项条号]?"
_DONE = re.compile(rf"(?:我)?(?:已经)?办好了?\s*{_NUMBERS}|{_NUMBERS}(?:都|已经)?办好了?")
_UNDONE = re.compile(rf"(?:我)?(?:还)?没办好\s*{_NUMBERS}|{_NUMBERS}(?:还)?没办好")
_QUIET = re.compile(
    r"(?:办事)?清单(?:不用|不要|别|不)再?提醒我?了?|(?:不用|不要|别)再?提醒我?(?:办事)?清单了?"
)
_HELP = re.compile(r"(?:办事)?清单(?:转|找|交给)(?:专员|人工|人)(?:帮我?办)?")


def wish_of(text: str) -> Wish | None:
    """What somebody wants of the list; None where it is about something else."""
    said = hearing.core(hearing.clean(text))
    if _LIST.fullmatch(said):
        return Wish(Kind.LOOK)
    if _NEXT.fullmatch(said):
        return Wish(Kind.NEXT)
    if _QUIET.fullmatch(said):
        return Wish(Kind.QUIET)
    if _HELP.fullmatch(said):
        return Wish(Kind.HELP)
    for kind, pattern in ((Kind.UNDONE, _UNDONE), (Kind.DONE, _DONE)):
        found = pattern.fullmatch(said)
        numbers = hearing.numbers((found[1] or found[2]).strip()) if found else ()
        if numbers:
            return Wish(kind, numbers)
    found = _PLACED.fullmatch(said)
    return Wish(Kind.LOOK, place=found[1]) if found else None
