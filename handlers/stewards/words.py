"""How stewards ask for their groups («我的群», «我的群 2»)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers import hearing

_MINE = re.compile(
    r"(?:看看|看|查|查看)?我(?:的|管的|维护的|管|有)(?:哪些|哪几个|几个|所有|微信)?的?群(?:列表|单)?(?:有哪些|有几个)?"
    r"\s*(?:第?\s*(\d{1,2})\s*页?)?"
)


def page_of(text: str) -> int:
    """The page of one's groups that is asked for; 0 where a message is about something else."""
    found = _MINE.fullmatch(hearing.core(text).rstrip("?？"))
    return max(1, int(found[1] or 1)) if found else 0


_WAITING = re.compile(
    r"(?:看看?)?(?:等安排|待安排|没安排|要安排|还没安排|新来|新)的?群(?:有哪些)?"
)
_PLACE = re.compile(r"(?:安排)?群\s*第?(\d{1,9})\s*号?[\s:：,，]+(.{1,60})")
_BETWEEN = re.compile(r"[\s,，、;；]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Staff say of a group whose people, which kind, which city, who keeps it, or 不用."""

    number: int
    words: tuple[str, ...]


def asks_waiting(text: str) -> bool:
    """Whether somebody asks for the groups that wait to be placed."""
    return bool(_WAITING.fullmatch(hearing.core(text).rstrip("?？")))


def place_of(text: str) -> Place | None:
    """What a line of staff says of a group; None where it is about something else."""
    found = _PLACE.fullmatch(text.strip().rstrip("。.!！"))
    if not found:
        return None
    return Place(int(found[1]), tuple(word for word in _BETWEEN.split(found[2]) if word))
