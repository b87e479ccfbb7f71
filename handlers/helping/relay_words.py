"""What helpers and their people write to reach each other («给3号 …», «回导师 …»), as values."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from handlers import hearing
from records.assignments import Help

LONGEST = 300  # characters that are passed on
_GAP = r"[\s:：,，、]"
_TO_NUMBER = re.compile(
    rf"(?:给|留言给?|带话给?|回复?|转告|告诉)\s*第?(\d{{1,3}})(?:号|(?={_GAP})|$)"
    rf"(?:留言|留个言|带话|带个话|捎个?话|说)?{_GAP}*(.*)",
    re.DOTALL,
)
_TO_NAME = re.compile(
    rf"(?:给|向|跟)([^\s\d:：,，、]{{1,8}}?)(?:留言|留个言|带话|带个话|捎个?话|说一?声?){_GAP}+(.+)"
    rf"|留言{_GAP}*([^\s\d:：,，、]{{1,8}}){_GAP}+(.+)",
    re.DOTALL,
)
_ROLES = {
    "导师": Help.MENTOR,
    "师傅": Help.MENTOR,
    "专员": Help.COMMISSIONER,
    "服务专员": Help.COMMISSIONER,
    "创业服务专员": Help.COMMISSIONER,
}
_TO = r"(?:回复?给?|答复|告诉|转告|留言给|捎话给|带话给)"
_GIVE = r"(?:给|向|跟|和)"
_TELL = r"(?:留言|留个言|带话|带个话|捎个?话|说一?声?)"
_DENIES = r"(?:不|别|莫|不要|不许|不想|不再|不能)"
_NUMBER = r"(?:我的?)?(?:手机号?|电话号?|号码|手机号码|电话号码)码?"


@dataclass(frozen=True, slots=True)
class Message:
    """A helper's words to one of theirs, by number or by name."""

    number: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A person's words to a helper of theirs; `text` may be yet to come."""

    help: Help | None
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class ShowPhone:
    """Whether helpers of this kind, or of this name, may see the person's number."""

    help: Help | None
    name: str
    is_shown: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """Whether helpers of this kind, or of this name, may write to the person."""

    help: Help | None
    name: str
    is_stopped: bool


PersonWish = Answer | ShowPhone | Contact


def message_of(text: str) -> Message | None:
    """What a helper wants to be passed on; None where a line is something else."""
    said = text.strip()
    if found := _TO_NUMBER.fullmatch(said):
        return Message(int(found[1]), "", found[2].strip())
    if found := _TO_NAME.fullmatch(said):
        return Message(0, found[1] or found[3], (found[2] or found[4]).strip())
    return None


def wish_of(text: str, names: Collection[str] = ()) -> PersonWish | None:
    """What a person wants of their helpers, whose names are these; None where nothing."""
    return (
        _phone_wish(hearing.core(text), names)
        or _contact_wish(hearing.core(text), names)
        or _answer(text.strip(), names)
    )


def may_concern(text: str) -> bool:
    """Whether a line may be about a helper, before their names are known: cheap, and generous."""
    said = text.strip()
    is_addressed = said.startswith(
        ("回", "答复", "告诉", "转告", "留言", "捎话", "带话", "给", "跟")
    )
    is_about = any(
        word in said for word in ("导师", "师傅", "专员", "手机", "电话", "号码", "留言")
    )
    return is_addressed or is_about


def _answer(said: str, names: Collection[str]) -> Answer | None:
    who = _who(names)
    told = re.compile(
        rf"(?:{_TO}|{_GIVE}(?=(?:{who}){_TELL}))我?的?({who})(?:{_TELL})?(?:{_GAP}+(.*)|)",
        re.DOTALL,
    ).fullmatch(said)
    return Answer(*_named(told[1]), (told[2] or "").strip()) if told else None


def _phone_wish(said: str, names: Collection[str]) -> ShowPhone | None:
    who = _who(names)
    hides = (
        rf"{_NUMBER}{_DENIES}(?:想)?给({who})(?:看|知道)?",
        rf"{_DENIES}(?:让|给|叫|许)({who})(?:再)?(?:看|知道)到?{_NUMBER}",
        rf"(?:收回|取消|撤回)(?:给)?({who})?(?:的)?(?:看)?{_NUMBER}(?:了)?",
    )
    shows = (
        rf"{_NUMBER}(?:可以|能)?给({who})(?:看|知道)?",
        rf"(?:可以|同意)?(?:让|给|叫)({who})(?:可以)?(?:看|知道){_NUMBER}",
    )
    for patterns, is_shown in ((hides, False), (shows, True)):
        for pattern in patterns:
            if found := re.fullmatch(pattern + "(?:了|吧)?", said):
                return ShowPhone(*_named(found[1] or "导师"), is_shown)
    return None


def _contact_wish(said: str, names: Collection[str]) -> Contact | None:
    who = _who(names)
    no = (
        rf"{_DENIES}(?:让|叫|要|用)?({who})(?:再)?(?:给我)?(?:留言|发消息|联系我?|找我|发)(?:了|吧)?",
    )
    yes = (
        rf"(?:可以|恢复|同意)(?:让|叫)?({who})(?:再)?(?:给我)?(?:留言|发消息|联系我?|找我)(?:了|吧)?",
    )
    for patterns, is_stopped in ((no, True), (yes, False)):
        for pattern in patterns:
            if found := re.fullmatch(pattern, said):
                return Contact(*_named(found[1]), is_stopped)
    return None


def _who(names: Collection[str]) -> str:
    return "|".join(map(re.escape, sorted({*_ROLES, *names}, key=len, reverse=True)))


def _named(said: str) -> tuple[Help | None, str]:
    """The kind of helper, or the name."""
    return (_ROLES[said], "") if said in _ROLES else (None, said)
