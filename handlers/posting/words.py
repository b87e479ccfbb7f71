"""What stewards and the county write of posts («群发», «已发 2», «过 5»), read as values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers import hearing

_NUMBERS = r"\d{1,6}(?:\s*[-—]\s*\d{1,4})?(?:[\s,，、和]+\d{1,4})*"
_BEGIN = re.compile(r"/?(?:群发|发群|发到群里?|往群里发|群发消息)(?:[\s:：,，]+(?P<to>.{1,60}))?")
_STATUS = re.compile(r"(?:群发情况|群发结果|我的群发|群发记录)\s*第?(?P<n>\d{1,6})?(?:号|条)?")
_DONE = re.compile(
    rf"(?:已发|已贴|贴好了?|贴完了?|已经?粘贴|发好了)\s*(?P<said>{_NUMBERS})?(?:号群?|群)?了?"
)
_WITHDRAW = re.compile(r"(?:撤回|收回)\s*(?:群发)?\s*第?(?P<n>\d{1,6})(?:号|条)?")
_REVIEW = re.compile(r"(?:群发审核|审核群发|待审群发|群发待审)\s*第?(?P<n>\d{1,6})?(?:号|条)?")
_PASS = re.compile(r"(?:群发)?(?:过|通过|审过)\s*(?:群发)?\s*第?(?P<n>\d{1,6})(?:号|条)?")
_RETURN = re.compile(
    r"(?:群发)?(?:退|退回)\s*(?:群发)?\s*第?(?P<n>\d{1,6})(?:号|条)?(?:[\s:：,，]+(?P<why>.+))?",
    re.DOTALL,
)
_RANGE = re.compile(r"(\d{1,3})\s*[-~—到至]\s*(\d{1,3})")
_MOST = 200  # groups of one steward


@dataclass(frozen=True, slots=True)
class Begin:
    """A post is to be written; `to` may say at once to which groups."""

    to: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """What became of posts: of the last ones, or of one."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class Done:
    """Groups into which something was pasted; `post` 0 is whichever waits there."""

    groups: tuple[int, ...] = ()
    post: int = 0


@dataclass(frozen=True, slots=True)
class Withdraw:
    """A post is to be taken back."""

    number: int


@dataclass(frozen=True, slots=True)
class Review:
    """What waits to be read by a second person: all, or one."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class Pass:
    """A post may leave."""

    number: int


@dataclass(frozen=True, slots=True)
class Return:
    """A post may not leave, and why."""

    number: int
    reason: str


OwnWish = Begin | Status | Done | Withdraw
DeskWish = Review | Pass | Return
Wish = OwnWish | DeskWish


def wish_of(text: str) -> Wish | None:
    """What a line wants of posts; None where it is about something else."""
    said = text.strip().strip("。.!！?？")
    if found := _REVIEW.fullmatch(said):
        return Review(int(found["n"] or 0))
    if found := _STATUS.fullmatch(said):
        return Status(int(found["n"] or 0))
    if found := _BEGIN.fullmatch(said):
        return Begin((found["to"] or "").strip())
    if found := _WITHDRAW.fullmatch(said):
        return Withdraw(int(found["n"]))
    if found := _DONE.fullmatch(said):
        return _done(found["said"] or "")
    if found := _PASS.fullmatch(said):
        return Pass(int(found["n"]))
    found = _RETURN.fullmatch(said)
    return Return(int(found["n"]), (found["why"] or "").strip()) if found else None


def numbers_of(text: str) -> tuple[int, ...]:
    """The numbers that a line consists of: «1 3», «1-3», «1、3号»; () where it is more."""
    said = hearing.clean(text).strip("。.号群 ")
    for found in _RANGE.finditer(said):
        first, last = int(found[1]), int(found[2])
        whole = " ".join(map(str, range(first, min(last, first + _MOST) + 1)))
        said = said.replace(found[0], whole)
    parts = [part for part in re.split(r"[\s,，、;；和号群第]+", said) if part]
    if parts and all(part.isascii() and part.isdigit() for part in parts):
        return tuple(dict.fromkeys(int(part[:6]) for part in parts))
    return hearing.numbers(said)


def _done(said: str) -> Done:
    if found := re.fullmatch(r"(\d{1,6})\s*[-—]\s*(\d{1,4})", said):
        return Done((int(found[2]),), int(found[1]))
    return Done(tuple(int(n) for n in re.findall(r"\d+", said)))
