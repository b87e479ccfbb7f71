"""What staff write about kinds of people («多少人 老家在定陶», «标签 3号 直播学员»), as values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers import hearing


@dataclass(frozen=True, slots=True)
class Count:
    """How many people are meant; `is_question` where it may be about something else."""

    typed: str
    is_question: bool = False


@dataclass(frozen=True, slots=True)
class Tag:
    """Somebody gets a tag, or loses it: those of one's own by number, or one by name."""

    tag: str
    numbers: tuple[int, ...] = ()
    name: str = ""
    last: str = ""  # digits of the phone
    takes: bool = False


_COUNT = re.compile(r"(?:有)?多少人[\s:,，：]+(.+)", re.DOTALL)
_HOW_MANY = re.compile(r"(.{2,}?)(?:一共|总共)?(?:有|是)?多少(?:个)?人[?？]?", re.DOTALL)
_TAG = re.compile(
    r"(?P<verb>加标签|打标签|贴标签|标签|去标签|删标签|取消标签|去掉标签)\s+"
    r"(?:(?P<numbers>\d{1,4}\s*号(?:\s*[、,，和]\s*\d{1,4}\s*号)*)|(?P<name>\S{2,10}?)(?:\s+(?P<last>\d{4}))?)"
    r"\s+(?P<tag>\S.*)"
)
_PUTS = ("加标签", "打标签", "贴标签", "标签")


def wish_of(text: str) -> Count | Tag | None:
    """What of this it is; None where it is about something else."""
    said = hearing.clean(text).strip("。.!！ ")
    if found := _TAG.fullmatch(said):
        numbers = tuple(map(int, re.findall(r"\d+", found["numbers"] or "")))
        takes = found["verb"] not in _PUTS
        return Tag(found["tag"], numbers, found["name"] or "", found["last"] or "", takes)
    if found := _COUNT.fullmatch(said):
        return Count(found[1])
    found = _HOW_MANY.fullmatch(said)
    return Count(found[1], is_question=True) if found else None
