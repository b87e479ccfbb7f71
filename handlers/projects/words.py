"""What somebody asks of the library of projects, read as values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from handlers import commands, hearing
from handlers.commands import Command


class Ask(StrEnum):
    """What is wanted."""

    SHOW = "show"
    PAPERS = "papers"
    SITES = "sites"
    TALENT = "talent"
    DEMANDS = "demands"
    WHY_NOT = "why_not"
    WHY = "why"
    ONE = "one"  # one project by its number
    WANT = "want"
    REFUSE = "refuse"
    OFFER = "offer"  # somebody has a project of their own
    OWN = "own"  # what became of it, and who is interested
    OTHER_COUNTY = "other_county"
    BORROW = "borrow"


@dataclass(frozen=True, slots=True)
class Wish:
    """What is wanted, of which project by number, or of what in words."""

    ask: Ask
    number: int = 0
    about: str = ""


_LEAD = r"(?:我(?:想|要)?|想|要|请|麻烦|帮我|给我|看|查|找)*"
_TAIL = r"(?:吗|呢|啊|呀|有没有|有吗|有么|有哪些|在哪|在哪里|信息|看看|一下|不)*"
_PATTERNS: tuple[tuple[Ask, str], ...] = (
    (Ask.PAPERS, r"(?:看)?文件里的项目"),
    (
        Ask.SITES,
        rf"{_LEAD}(?:租|有|有没有|哪里有|哪儿有|哪有|什么|啥|空|闲置|的|创业)*"
        rf"(?:场地|厂房|门面|铺面|园区|创业园|孵化园|空房)(?:出租|租|空位|可以租)*{_TAIL}",
    ),
    (
        Ask.TALENT,
        rf"{_LEAD}(?:有|哪里|哪儿|哪家|企业|厂里|县里|镇上|附近|什么|啥|在)*"
        rf"(?:人才需求|用工需求|招工|招人|招聘)(?:信息|的)*{_TAIL}",
    ),
    (
        Ask.DEMANDS,
        rf"{_LEAD}(?:有|谁|哪里|什么|啥)*(?:收购需求|收购信息|供货需求|采购需求|收货的?){_TAIL}",
    ),
    (
        Ask.OFFER,
        r"我(?:这|手上|手里|们)?(?:有|想提|想报)(?:一?个)?(?:好|创业|自己的)*项目(?:想|要|可以)?.{0,12}",
    ),
    (Ask.OFFER, r"(?:我要|我想|想)?(?:提供|上报|申报|提交|登记)(?:一?个)(?:创业)?项目"),
    (Ask.OWN, r"(?:看看?)?(?:谁对)?我的项目(?:怎么样了|谁感兴趣|有人问吗|进度|感兴趣)*"),
    (Ask.OTHER_COUNTY, r"(?:别的|外|其他|邻)县(?:的)?(?:也行|也可以|也能|都行|也看看)"),
    (Ask.BORROW, r"(?:可以|能|愿意)?(?:贷款|借钱|贷点款|借点)(?:也行|也可以|干也行|都行)"),
    (
        Ask.WHY,
        r"为(?:什么|啥)(?:给我|要)?(?:推荐|推|看)(?:给我)?(?:的)?(?:这个|它|这些|这)?(?:项目)?",
    ),
    (
        Ask.SHOW,
        r"(?:有没有|有|看|找|推荐|给我推荐|帮我找|我想看|想看|适合我|给我|什么|啥|哪些|几个|个|的)*"
        r"适合我的?(?:创业)?项目(?:有吗|吗|有哪些|推荐)?",
    ),
    (Ask.SHOW, r"(?:给我|帮我)?(?:推荐|介绍|找)(?:几个|一?个|点|些)?(?:创业)?项目(?:吧|看看)?"),
)
_COMPILED = tuple((ask, re.compile(pattern)) for ask, pattern in _PATTERNS)
_WHY_NOT = re.compile(
    r"为(?:什么|啥)(?:没有|没|不)(?:给我|跟我|有)?(?:推荐|推|看到|显示)?(.{2,20}?)(?:项目|的)?"
)
_NUMBERED = re.compile(r"(?:看|查)?第?(\d{1,6})号项目(想了解|不感兴趣|怎么样|详情)?")
_WANTED = re.compile(r"(想了解|不感兴趣)第?(\d{1,6})号项目")
_LONGEST = 30  # characters; what is longer is a question, or a story
_BY_WORD = {"想了解": Ask.WANT, "不感兴趣": Ask.REFUSE}


@lru_cache(256)  # the door and the flow ask it of the same message
def wish_of(text: str) -> Wish | None:
    """What a message asks of the library; None where it is about something else."""
    said = hearing.core(text)
    if len(said) > _LONGEST:
        return None
    if commands.of(text) is Command.PROJECTS:
        return Wish(Ask.SHOW)
    if found := _NUMBERED.fullmatch(said):
        return Wish(_BY_WORD.get(found[2] or "", Ask.ONE), int(found[1]))
    if found := _WANTED.fullmatch(said):
        return Wish(_BY_WORD[found[1]], int(found[2]))
    for ask, pattern in _COMPILED:
        if pattern.fullmatch(said):
            return Wish(ask)
    if found := _WHY_NOT.fullmatch(said):
        return Wish(Ask.WHY_NOT, about=found[1])
    return None
