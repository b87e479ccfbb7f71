"""What staff write about campaigns («看推送 3», «停止推送 3»), read as values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from outreach.campaigns.states import Act


@dataclass(frozen=True, slots=True)
class Look:
    """The campaigns of one's area, or one of them with its texts and counts."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """How one stands with everybody."""

    number: int


@dataclass(frozen=True, slots=True)
class Do:
    """Something is to be done with one; `why` in their words."""

    act: Act
    number: int  # 0 where an event is named, or nothing
    why: str = ""
    event: int = 0


@dataclass(frozen=True, slots=True)
class Came:
    """What came of one."""

    number: int


@dataclass(frozen=True, slots=True)
class Try:
    """One is to be sent to themselves."""

    number: int


Wish = Look | Standing | Came | Try | Do

_WHAT = r"(?:推送|群发任务|活动推送|推送任务)"
_LOOK = re.compile(rf"(?:看|查看)?\s*{_WHAT}\s*(?:第|号)?\s*(\d{{1,6}})\s*号?")
_LIST = re.compile(r"(?:看|查看)?\s*(?:活动推送|群发任务|推送任务|推送列表)")
_STANDING = re.compile(rf"{_WHAT}(?:的)?情况\s*(\d{{1,6}})|{_WHAT}\s*(\d{{1,6}})\s*的?情况")
_CAME = re.compile(rf"{_WHAT}(?:的)?效果\s*(\d{{1,6}})|{_WHAT}\s*(\d{{1,6}})\s*的?效果")
_TRY = re.compile(rf"(?:试发|试一下|试试)\s*{_WHAT}\s*(\d{{1,6}})")
_AGREE = re.compile(rf"同意\s*{_WHAT}?\s*(\d{{1,6}})")
_AGREE_EVENT = re.compile(r"同意\s*活动\s*(\d{1,6})")
_DO = re.compile(
    rf"(?P<act>退回|不同意|暂停|继续|恢复|停止|取消)\s*{_WHAT}\s*(?P<number>\d{{1,6}})"
    r"(?:[\s:：,，]+(?P<why>.+))?",
    re.DOTALL,
)
_WHICH = re.compile(rf"(?P<act>暂停|继续|停止)\s*{_WHAT}")  # «恢复推送» is one's own wish
_ACTS = {
    "退回": Act.REFUSE,
    "不同意": Act.REFUSE,
    "暂停": Act.PAUSE,
    "继续": Act.RESUME,
    "恢复": Act.RESUME,
    "停止": Act.STOP,
    "取消": Act.STOP,
}


def asks_which(wish: Wish | None) -> bool:
    """Whether something is to be done, and it is not said with which."""
    return isinstance(wish, Do) and not wish.number and not wish.event


def wish_of(text: str) -> Wish | None:
    """What a line asks for; None where it is about something else."""
    said = text.strip().strip("。.!！").strip()
    if _LIST.fullmatch(said):
        return Look()
    if found := _LOOK.fullmatch(said):
        return Look(int(found[1]))
    if found := _STANDING.fullmatch(said):
        return Standing(int(found[1] or found[2]))
    if found := _CAME.fullmatch(said):
        return Came(int(found[1] or found[2]))
    if found := _TRY.fullmatch(said):
        return Try(int(found[1]))
    if found := _AGREE.fullmatch(said):
        return Do(Act.APPROVE, int(found[1]))
    if found := _AGREE_EVENT.fullmatch(said):
        return Do(Act.APPROVE, 0, event=int(found[1]))
    if found := _DO.fullmatch(said):
        return Do(_ACTS[found["act"]], int(found["number"]), (found["why"] or "").strip())
    if found := _WHICH.fullmatch(said):
        return Do(_ACTS[found["act"]], 0)
    return None
