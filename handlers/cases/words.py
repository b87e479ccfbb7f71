"""What people and staff write about cases («别讲我的故事», «案例 3 典型 …»), read as values."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from handlers import hearing
from outreach.cases.publishing import Leave
from records.cases import Figure, Tier

TITLE, STORY, FIGURE, WHY = 20, 300, 40, 100  # characters at most
_LONGEST = 30  # characters of what people say; what is longer is a question, or a story


@dataclass(frozen=True, slots=True)
class Examples:
    """Somebody asks who has made it; with a number they want that case."""

    number: int = 0


@dataclass(frozen=True, slots=True)
class May:
    """Somebody says whether their story may be told; number 0 where it is all of theirs."""

    leave: Leave
    number: int = 0


@dataclass(frozen=True, slots=True)
class Serve:
    """Somebody wants to be an ambassador, or does not."""

    says_yes: bool


class Verb(StrEnum):
    """What staff do with a case; the value is the word for it."""

    LOOK = "看"
    NEW = "新案例"
    MOVE = "档"
    AGREE = "同意"
    TITLE = "题目"
    STORY = "故事"
    FIGURE = "数字"
    YEAR = "返乡"
    REVIEW = "审好"
    HOLD = "下架"
    ASK = "征求"
    CARD = "卡片"
    SERVE = "大使"
    DISMISS = "卸任"
    MATERIAL = "材料"
    NOMINATE = "表彰"


@dataclass(frozen=True, slots=True)
class Who:
    """Whom a new case is about: one's dossier, a phone, or a name with the end of the phone."""

    dossier: int = 0
    phone: str = ""
    name: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of staff; number 0 where it names no case."""

    verb: Verb
    number: int = 0
    text: str = ""
    tier: Tier | None = None
    who: Who = Who()
    year: int | None = None


Wish = Examples | May | Serve

# Possessive: what is said over and over must not be tried in every way of cutting it.
_EXAMPLES = re.compile(
    r"(?:有没有|有|看看|看|讲讲|讲|说说|说|听听|听|找|我想|想|给我)*+(?:一?些|几个|个|点)?+"
    r"(?:身边|附近|周边|老家|本地|当地|家乡|我们县|我们镇|咱县|咱们县|县里|镇上|村里|这边)*+(?:有没有|有|的)?"
    r"(?:返乡|创业|成功)*+(?:的)?"
    r"(?:典型案例|典型|例子|案例|榜样|样板|带头人(?:的?故事)?|故事)"
    r"(?:吗|么|没有|有吗|有没有|有哪些|看看|听听|呢)?"
)
_ANYBODY = re.compile(
    r"(?:身边|附近|老家|我们县|县里|镇上|村里|咱们?县|咱这|这边)*(?:有没有|有|哪些|谁|都有谁|有谁)(?:人|老乡|谁)?"
    r"(?:回来|返乡|创业|在家)*(?:干|做|办|搞)(?:成|好|起来|出来|得好)(?:功)?(?:的|了|过|了的)?"
    r"(?:人|老乡)?(?:吗|没|没有|呢|的例子)?"
)
_ONE = re.compile(r"(?:看|查看|讲讲|听)?案例\s*(\d{1,6})")
_OTHERS = r"(?:跟|给|对|向|和|拿)?(?:别人|人家|老乡|乡亲|大家|外人|人)?"
_MATTER = r"(?:故事|事迹|事儿|事情|事|例子|案例|经历)"
_STORY = r"(?:故事|事迹|案例)"  # with what also says that somebody does not care to answer
_STOPS = r"(?:别|不要|不许|不准|不让|莫|甭|禁止)"
_SOFT = r"(?:不想|不能|不用|不愿意?|不同意)"
_DO = r"(?:讲|说|宣传|用|登|发|提|传|播|公开)"
_MINE = r"我(?:的|家的?|们家的?)?"
_LEAD = r"(?:以后|今后|从现在起|请|麻烦|你们|我)*"
_NOT = tuple(
    re.compile(pattern)
    for stops, what in ((_STOPS, _MATTER), (_SOFT, _STORY))
    for pattern in (
        rf"{_LEAD}{stops}(?:再|你们|把)*{_OTHERS}{_DO}(?:出去)?{_MINE}{what}(?:了|啦|了吧)?",
        rf"{_LEAD}{stops}(?:再|你们)*(?:把|拿|用)?{_MINE}{what}(?:再)?{_OTHERS}{_DO}?(?:出去)?(?:了|啦)?",
        rf"(?:把)?{_MINE}{what}(?:我)?{stops}(?:再)?{_OTHERS}{_DO}(?:出去)?(?:了|啦)?",
    )
) + tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:撤回|收回|撤下|撤掉|撤|下架|去掉)(?:一下|了)?(?:你们讲的)?{_MINE}{_STORY}(?:了|吧)?",
        rf"(?:把)?{_MINE}{_STORY}(?:给我)?(?:撤回|收回|撤下来?|撤掉|撤了|下架)(?:吧)?",
        r"(?:别|不要)再?讲我(?:了|啦)",
    )
)
_MAY = re.compile(
    rf"(?:能|可以|行,?|同意)(?:{_DO}){_MINE}{_STORY}(?:了|吧)?(?:\s*案例\s*(\d{{1,6}}))?"
)
_NAMELESS = re.compile(
    rf"(?:能|可以)?(?:不用|别用|不带|不说|不提|不留)(?:我的?)?(?:名字|名|姓名|真名)(?:可以|能)?{_DO}?(?:{_MINE}{_STORY})?"
    r"(?:\s*案例\s*(\d{1,6}))?"
)
_SERVE = re.compile(r"(?:我)?(?:愿意|可以|想|同意)(?:当|做)(?:宣传|返乡创业宣传)?大使")
_SERVE_NOT = re.compile(
    r"(?:我)?(?:不想|不愿意?|不再|不|不能|别让我|辞去|辞)(?:再)?(?:当|做)?(?:宣传|返乡创业宣传|这个)?大使(?:了|啦)?"
)
_TIER_OF = {tier.value: tier for tier in Tier}
_VERBS = {
    **{verb.value: verb for verb in Verb if verb not in (Verb.NEW, Verb.MOVE)},
    **dict.fromkeys(_TIER_OF, Verb.MOVE),
    "审过": Verb.REVIEW,
    "问本人": Verb.ASK,
}
_VERB = "|".join(sorted(_VERBS, key=len, reverse=True))
_LINE = re.compile(rf"案例\s*(\d{{1,6}})\s*({_VERB})(?:[\s:：,，]+(.+))?", re.DOTALL)
_BEFORE = re.compile(r"(看|同意)\s*案例\s*(\d{1,6})?")
_BARE = re.compile(r"案例(?:\s*(卡片))?|案例\s*(\d{1,6})")
_NEW = re.compile(
    r"新案例\s+(?:(\d{1,3})号|(1[3-9]\d{9})|(\S{2,10}?)\s+(\d{4})(?!年))"
    r"(?:\s+((?:19|20)\d{2})年?(?:返乡|回来|回乡|回家)?)?(?:\s+(.{1,200}))?",
    re.DOTALL,
)
_DATED = re.compile(
    r"(.+?)[\s,，(（]+(20\d{2})[年./-](\d{1,2})(?:月|[./-])?(?:(\d{1,2})日?)?[)）]?", re.DOTALL
)
_TERMS = {"半年": 6, "一年": 12, "1年": 12, "两年": 24, "2年": 24, "三年": 36, "3年": 36}
_MONTHS = re.compile(r"(\d{1,2})个?月")


@lru_cache(256)  # the door and the flows ask it of the same message
def wish_of(text: str) -> Wish | None:
    """What somebody says of cases; None where it is about something else."""
    said = hearing.core(text)
    if len(said) > _LONGEST:
        return None
    if any(pattern.fullmatch(said) for pattern in _NOT):
        return May(Leave.NO)
    for pattern, leave in ((_NAMELESS, Leave.NAMELESS), (_MAY, Leave.NAMED)):
        if found := pattern.fullmatch(said):
            return May(leave, int(found[1] or 0))
    if _SERVE.fullmatch(said):
        return Serve(says_yes=True)
    if _SERVE_NOT.fullmatch(said):
        return Serve(says_yes=False)
    if found := _ONE.fullmatch(said):
        return Examples(int(found[1]))
    is_asked = _EXAMPLES.fullmatch(said) or _ANYBODY.fullmatch(said)
    return Examples() if is_asked else None


@lru_cache(256)
def line_of(text: str) -> Line | None:
    """What a line of staff wants of the cases; None where it is no line of theirs."""
    whole = text.strip()
    said = whole.strip("。.!！")
    if found := _BARE.fullmatch(said):
        return Line(Verb.CARD if found[1] else Verb.LOOK, int(found[2] or 0))
    if found := _BEFORE.fullmatch(said):
        return Line(_VERBS[found[1]], int(found[2] or 0))
    if found := _NEW.fullmatch(said):
        who = Who(int(found[1] or 0), found[2] or "", found[3] or "", found[4] or "")
        year = int(found[5]) if found[5] else None
        return Line(Verb.NEW, text=(found[6] or "").strip(), who=who, year=year)
    if said.startswith("新案例"):
        return Line(Verb.NEW)
    found = _LINE.fullmatch(whole) or _LINE.fullmatch(said)
    if found is None:
        return None
    tier = _TIER_OF.get(found[2])
    return Line(_VERBS[found[2]], int(found[1]), (found[3] or "").strip(), tier)


def figure_of(text: str, today: date) -> Figure | None:
    """A figure and its day: the last of a month where no day is named; None where none is."""
    found = _DATED.fullmatch(text.strip())
    if found is None:
        return None
    year, month = int(found[2]), int(found[3])
    try:
        last = calendar.monthrange(year, month)[1]
        day = date(year, month, int(found[4] or last))
    except (ValueError, calendar.IllegalMonthError):
        return None
    if not found[4] and (day.year, day.month) == (today.year, today.month):
        day = today
    return Figure(found[1].strip(), day) if day <= today else None


def months_of(text: str) -> int:
    """How long a term is to be, a year where nothing is said; 0 where it was not understood."""
    if not text:
        return 12
    found = _MONTHS.fullmatch(text)
    return int(found[1]) if found else _TERMS.get(text, 0)
