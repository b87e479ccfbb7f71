"""What people and heads write about stations («服务站», «述职 确认»), read as values."""

from __future__ import annotations

import re
from dataclasses import dataclass

from handlers import hearing


@dataclass(frozen=True, slots=True)
class Duty:
    """A head's report: looked at, or confirmed with words of their own."""

    is_last: bool = False  # of the half-year before
    confirms: bool = False
    words: str = ""


@dataclass(frozen=True, slots=True)
class Lead:
    """A head tells of a project."""

    text: str


@dataclass(frozen=True, slots=True)
class Leads:
    """Staff of the county ask for what heads told: all, or one by its number."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class MakeProject:
    """A draft is to be made of a lead, in a line of business and under a title."""

    number: int
    line: str = ""
    title: str = ""


LeadWish = Leads | MakeProject
_NEAR = frozenset(
    {
        "服务站",
        "创业服务站",
        "返乡创业服务站",
        "查服务站",
        "找服务站",
        "最近的服务站",
        "服务站在哪",
        "服务站在哪里",
        "服务站在哪儿",
        "哪里有服务站",
        "哪有服务站",
        "联络站",
        "联络站在哪",
        "指导服务站",
    }
)
_KIND = r"(?:返乡)?(?:创业)?(?:指导)?(?:服务|联络)站"
_WHERE = r"(?:吗|没有?|在哪儿?里?|地址|电话|的?电话是?多少|怎么找|怎么走)?"
_AT_PLACE = re.compile(
    rf"(?:我在|我现在在|人在|在)?([\u4e00-\u9fff]{{2,8}}?)(?:这边|这里|那边|附近)?[,，]?(?:的|有没有|有|哪有|哪里有|最近的|找)*"
    rf"{_KIND}{_WHERE}"
)
_ANY = re.compile(
    rf"(?:离我|离这儿?|附近|最近|家门口|跟前|我这儿?|这儿|这里|周围|近|哪儿?里?|有|没|的|找|查)*{_KIND}{_WHERE}"
)
_THEN_PLACE = re.compile(rf"(?:查|找)?{_KIND}[\s:：,，]+([\u4e00-\u9fff]{{2,8}})")
_DUTY = re.compile(r"述职(?:报告)?\s*(上期)?(?:\s*(确认)(?:[\s:：,，]+(.+))?)?", re.DOTALL)
_LEADS = re.compile(r"(?:看)?(?:站长)?(?:项目)?线索(?:单|列表)?\s*第?(\d{1,6})?(?:号|条)?")
_MAKE = re.compile(
    r"线索\s*第?(\d{1,6})(?:号|条)?\s*(?:建|转|立|做|变)成?(?:项目|草稿|项目草稿)"
    r"(?:[\s:：,，]+(\S{2,10})(?:[\s:：,，]+(.+))?)?",
    re.DOTALL,
)
_LEAD = re.compile(r"线索[\s:：,，]+(.{2,60})", re.DOTALL)


_CHANNEL = re.compile(
    r"(?:有没有|有啥|有什么|有|看|找|想看|哪里有|哪里能看)?(?:返乡|返乡创业|政策|创业)?(?:的)?"
    r"(专栏|公众号|短?视频|直播|动画|戏曲?|音频|录音|广播|电视|报纸|宣传渠道)(?:吗|在哪儿?里?|在哪看|叫啥|叫什么)?"
)


def wants_channels(text: str) -> bool:
    """Whether somebody asks where to watch or to read."""
    return bool(_CHANNEL.fullmatch(hearing.core(text)))


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody asks for stations: the nearest to where they are, or to a place that they name."""

    place: str = ""


def near_of(text: str) -> Near | None:
    """The stations that are asked for; None where a message is about something else."""
    said = hearing.core(text)
    if said in _NEAR or _ANY.fullmatch(said):
        return Near()
    found = _AT_PLACE.fullmatch(said) or _THEN_PLACE.fullmatch(said)
    return Near(found[1]) if found else None


def wish_of(text: str) -> Duty | Lead | None:
    """What a head's line asks for or tells; None where it is about something else."""
    said = text.strip().strip("。.!！?？")
    if found := _DUTY.fullmatch(said):
        return Duty(bool(found[1]), bool(found[2]), (found[3] or "").strip())
    found = _LEAD.fullmatch(said)
    return Lead(found[1].strip()) if found else None


def lead_wish_of(text: str) -> LeadWish | None:
    """What a line of the county's staff says of leads; None where it is about something else."""
    said = text.strip().strip("。.!！?？")
    if found := _LEADS.fullmatch(said):
        return Leads(int(found[1] or 0))
    found = _MAKE.fullmatch(said)
    return MakeProject(int(found[1]), found[2] or "", (found[3] or "").strip()) if found else None
