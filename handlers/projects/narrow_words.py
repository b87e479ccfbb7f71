"""What people say to the projects in front of them: dearer, nearer, another line, which one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from handlers import hearing
from handlers.choices import Choice, by_word, within
from handlers.texts import table
from knowledge.numerals import digits
from matching.codes import Category
from registry import money
from registry.projects_rows import file


class Narrow(StrEnum):
    """By what the list is to be made anew, or what is asked of one of it."""

    MORE = "more"
    NEAR = "near"
    CHEAP = "cheap"
    NO_SITE = "no_site"
    MONEY = "money"
    SKILL = "skill"
    PAPER = "paper"
    LINE = "line"
    NOT_LINE = "not_line"
    NTH = "nth"
    ABOUT = "about"
    TRUST = "trust"
    RISK = "risk"


@dataclass(frozen=True, slots=True)
class Said:
    """What is wanted: of which line, for how many yuan, which of the list, or in words."""

    narrow: Narrow
    line: Category | None = None
    number: int = 0
    about: str = ""
    stands_alone: bool = False  # means projects even where none are being looked at


_ASK = r"(?:有没有|有吗|有啥|有什么|吗|呢|啊|没有|没|吧)?"
_HEAD = r"(?:有没有|有|找|看看?|我?想?要|给我找)?"
_WORK = r"(?:能|可以|够)?(?:干|做|搞|弄)(?:点)?(?:啥|什么|哪些|么子|哪样)(?:项目|好|呢|啊)?"
_ITEM = r"(?:的)?(?:活|项目)?"
_SAYS: tuple[tuple[Narrow, str], ...] = (
    (Narrow.ABOUT, r"要不要(?:场地|门面|厂房|证|手艺|技术|培训)"),
    (Narrow.ABOUT, r"要(?:啥|什么|哪些)(?:条件|场地|手艺|证|本钱)"),
    (
        Narrow.ABOUT,
        r"(?:这个)?(?:具体|详细)(?:说说|讲讲|一点)|说说这个|这个(?:咋|怎么)(?:干|弄|做)",
    ),
    (Narrow.MORE, rf"(?:还有|有没有)?(?:别的|其他的?|其它的?|另外的?)(?:项目)?{_ASK}"),
    (Narrow.MORE, r"再?(?:换一?批|换几个|换一换|来几个|换个)"),
    (Narrow.MORE, r"都不(?:感兴趣|行|喜欢|想干|合适|要)"),
    (
        Narrow.NEAR,
        rf"{_HEAD}(?:离家近|离我近|家门口|家附近|附近|本镇|本乡|镇上)一?点?(?:能干|能做)?"
        rf"{_ITEM}{_ASK}",
    ),
    (
        Narrow.CHEAP,
        rf"{_HEAD}(?:投钱|投资|本钱|花钱|成本|投入|投)(?:比较|最)?(?:少|小|低)(?:一?点|些)?"
        rf"{_ITEM}{_ASK}",
    ),
    (Narrow.CHEAP, rf"{_HEAD}(?:来个)?便宜(?:一?点|些)?{_ITEM}{_ASK}"),
    (
        Narrow.NO_SITE,
        rf"{_HEAD}(?:在家里?就?(?:能|可以)(?:干|做)|不(?:用|要|需要)(?:场地|门面|租房|厂房))"
        rf"{_ITEM}{_ASK}",
    ),
    (
        Narrow.TRUST,
        r"(?:这个|它)?(?:项目)?(?:靠谱|可靠|靠得住|是真的|真的假的|是不是骗人|是骗人|会不会骗人)"
        r"的?(?:吗|不|么)?",
    ),
    (Narrow.RISK, r"(?:要是|万一|会不会)?(?:亏|赔)(?:了|钱|本)*(?:咋办|怎么办|咋整|吗)?"),
    (Narrow.RISK, r"有(?:啥|什么)风险吗?"),
)
_COMPILED = tuple((narrow, re.compile(pattern)) for narrow, pattern in _SAYS)
_MONEY = re.compile(
    r"(?:我|手里|手上|手头|就|只|总共|一共|最多|大概|才|现在|能|拿|得|出|有)*有?"
    rf"([0-9.]{{1,7}}(?:万|千)?)(?:块钱?|元钱?|本钱|钱)?(?:左右)?({_WORK})?"
)
_SKILL = re.compile(rf"我?(?:会|懂|干过|做过|学过)(\D{{1,8}}?)({_WORK})?")
_PAPER = re.compile(
    rf"我(?:有|考了|考过|拿了|持有)(\D{{1,8}}?)(?:证书?|本儿?)(?:了|的)?({_WORK})?"
)
_NOT_LINE = re.compile(
    r"我?(?:不想|不愿意?|不要|不干|不搞|不喜欢|别给?我?推)(?:干|做|搞|弄|推|看)?(.{2,7}?)"
    r"(?:的|了|这行|这一行|项目)*"
)
_LINE = re.compile(
    r"(?:有没有|有|想看|看看|找|给我看|我?想(?:干|做|搞|开|看)?|我?要)(.{2,7}?)(?:的)?(项目)?"
    rf"{_ASK}"
)
_NTH = re.compile(
    r"第?(\d)个(?:项目)?(?:具体|详细|再|给我)?"
    r"(?:说说|讲讲|说一下|讲一下|是啥|怎么样|咋样|要?多少钱|多少本钱|详情|介绍一?下?|看看|呢)?"
)
_LONGEST = 24


@lru_cache(256)
def said_of(text: str) -> Said | None:
    """What a message says to a list of projects; None where it is about something else."""
    said = hearing.core(text)
    if not 2 <= len(said) <= _LONGEST:
        return None
    for narrow, pattern in _COMPILED:
        if pattern.fullmatch(said):
            return Said(narrow)
    if found := _NTH.fullmatch(digits(said)):
        return Said(Narrow.NTH, number=int(found[1]))
    return _of_oneself(said) or _of_line(said)


def _of_oneself(said: str) -> Said | None:
    if found := _MONEY.fullmatch(digits(said)):
        span = money.span(found[1])
        if span and span[0] >= _LEAST_YUAN:
            return Said(Narrow.MONEY, number=span[0], stands_alone=bool(found[2]))
    if found := _PAPER.fullmatch(said):
        return Said(Narrow.PAPER, about=found[1], stands_alone=bool(found[2]))
    if found := _SKILL.fullmatch(said):
        return Said(Narrow.SKILL, about=found[1], stands_alone=bool(found[2]))
    return None


_LEAST_YUAN = 100  # what is less is no capital, but a number of something


def _of_line(said: str) -> Said | None:
    if (found := _NOT_LINE.fullmatch(said)) and (line := line_of(found[1])):
        return Said(Narrow.NOT_LINE, line)
    if (found := _LINE.fullmatch(said)) and (line := line_of(found[1])):
        return Said(Narrow.LINE, line, stands_alone=bool(found[2]))
    return None


def line_of(words: str) -> Category | None:
    """The line of business that somebody means; None where it is none that we know."""
    codes = by_word(words, _lines()) or within(words, _lines())
    return Category(codes[0]) if codes else None


@lru_cache(1)
def _lines() -> tuple[Choice, ...]:
    official = [Choice(code, word) for word, code in file().words["category"].items()]
    spoken = [Choice(code, word) for code, named in table("lines").items() for word in named]
    return (*official, *spoken)
