"""What a helper writes in one line («回访 3号 开业 绿 下次12月1日»), read as values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from handlers import hearing
from records.visits import Gift, Light, Standing, Told, VisitKind

_KINDS = {
    VisitKind.NO_ANSWER: ("没接", "没打通", "打不通", "无人接听", "没人接", "联系不上"),
    VisitKind.CALL: ("回访", "电话回访", "打电话", "联系"),
    VisitKind.KNOCK: ("走访", "上门", "敲门", "入户"),
    VisitKind.FIRM: ("入企", "企业走访", "进厂"),
    VisitKind.GUIDANCE: ("辅导", "指导", "帮教"),
}
_STANDINGS = {
    Standing.CLOSED: ("停业", "关门", "关门了", "关了", "不干了", "倒闭", "黄了", "注销"),
    Standing.PREPARING: ("筹备", "准备", "没开", "还没开", "没开业", "在筹备", "在准备"),
    Standing.OPEN: ("开业", "开着", "在干", "正常", "营业", "经营", "开了", "已开业"),
}
_LIGHTS = {
    Light.GREEN: ("绿", "绿灯"),
    Light.YELLOW: ("黄", "黄灯"),
    Light.RED: ("红", "红灯"),
}
_KIND_OF = {word: kind for kind, words in _KINDS.items() for word in words}
_STANDING_OF = {word: standing for standing, words in _STANDINGS.items() for word in words}
_LIGHT_OF = {word: light for light, words in _LIGHTS.items() for word in words}
_GIFT_OF = {f"送{gift.value}": (gift,) for gift in Gift} | {"五送": tuple(Gift)}
_VERB = "|".join(sorted(_KIND_OF, key=len, reverse=True))
_LINE = re.compile(
    rf"(?:({_VERB})(?:\s*第?(\d{{1,3}})号?|\s+(\S{{1,10}}))|(\d{{1,3}})号\s*({_VERB}))(.*)",
    re.DOTALL,
)
_LOOK = re.compile(r"(?:看|查看|档案)\s*(?:档案)?\s*第?(\d{1,3})号(?:档案)?")
_NEXT = re.compile(
    r"下次(?:回访|联系)?[:：]?\s*(?:(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号]?|(\d{1,3})天后|"
    r"(一|两|二|三|四|1|2|3|4)个?(周|星期|月)后|(明天|后天))"
)
_MINUTES = re.compile(r"(?:(\d{1,2})个?(?:(半)小时|小时(半)?)|(半)个?小时|(\d{1,3})分钟)")
_ASKED = r"(?:我)?(?:想|要)?(?:找|要|换|选|请|联系|问)?(?:一?[个位])?(?:我的)?(?:创业)?"
_WHO = r"(?:是谁|是哪个|呢|的?电话)?"
_COMMISSIONER = re.compile(rf"{_ASKED}(?:服务)?专员{_WHO}")
_MENTOR = re.compile(rf"{_ASKED}(?:导师|师傅){_WHO}")
_COUNTS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4}
_DAYS = {"明天": 1, "后天": 2}
_WEEK, _MONTH = 7, 30
_NOTE = 200
_TAKES_BACK = frozenset({"撤回", "记错了", "刚才记错了"})


class Listing(StrEnum):
    """A list that a helper asks for."""

    TODAY = "today"
    EVERYBODY = "everybody"


@dataclass(frozen=True, slots=True)
class TakeBack:
    """What was told last is not so."""


@dataclass(frozen=True, slots=True)
class Look:
    """One dossier is to be shown."""

    number: int


@dataclass(frozen=True, slots=True)
class Entry:
    """A contact is told of; by the dossier's number, or by what the person is called.

    `is_unclear` names the part of the line that cannot be: a day that does not exist, or is over.
    """

    number: int
    name: str
    told: Told
    next_on: date | None = None
    is_unclear: str = ""


Wish = Listing | Look | Entry | TakeBack
_LISTS = {
    **dict.fromkeys(("今天", "今日", "今天的单子", "今日回访", "回访单"), Listing.TODAY),
    **dict.fromkeys(("我的人", "名单", "档案", "我的档案", "我的名单"), Listing.EVERYBODY),
}


def wish_of(text: str, today: date) -> Wish | None:
    """What a line asks for or tells; None where it is no line of a helper's."""
    said = text.strip().strip("。.!！")
    if said in _LISTS:
        return _LISTS[said]
    if said in _TAKES_BACK:
        return TakeBack()
    if found := _LOOK.fullmatch(said):
        return Look(int(found[1]))
    if found := _LINE.fullmatch(said):
        verb, after, name, before, second, rest = found.groups()
        kind = _KIND_OF[verb or second]
        return _entry(kind, int(after or before or 0), name or "", rest, today)
    return None


def _entry(kind: VisitKind, number: int, name: str, rest: str, today: date) -> Entry:
    next_on, unclear, rest = _next_day(rest, today)
    minutes, rest = _minutes(rest)
    light: Light | None = None
    standing: Standing | None = None
    gifts: list[Gift] = []
    words = []
    for word in re.split(r"[\s,，、;；。]+", rest):
        if word in _LIGHT_OF and light is None:
            light = _LIGHT_OF[word]
        elif word in _STANDING_OF and standing is None:
            standing = _STANDING_OF[word]
        elif word in _GIFT_OF:
            gifts += _GIFT_OF[word]
        elif word in _KIND_OF and kind is VisitKind.CALL:
            kind = _KIND_OF[word]  # 回访 3号 没接
        elif word:
            words.append(word)
    told = Told(
        kind=kind,
        light=light,
        standing=standing,
        gifts=tuple(dict.fromkeys(gifts)),
        minutes=minutes,
        note=" ".join(words)[:_NOTE],
    )
    return Entry(number, name, told, next_on, unclear)


def _next_day(text: str, today: date) -> tuple[date | None, str, str]:
    """The day named, what of it cannot be, and the line without it."""
    found = _NEXT.search(text)
    if found is None:
        return None, "", text
    rest = text[: found.start()] + " " + text[found.end() :]
    year, month, day, days, count, unit, word = found.groups()
    if month:
        try:
            named = date(int(year or today.year), int(month), int(day))
        except ValueError:
            return None, found[0], rest
        if named < today and not year:
            named = named.replace(year=today.year + 1)
        return (None, found[0], rest) if named <= today else (named, "", rest)
    if count:
        many = _COUNTS.get(count) or int(count)
        span = many * (_MONTH if unit == "月" else _WEEK)
    else:
        span = int(days) if days else _DAYS[word]
    return today + timedelta(days=max(span, 1)), "", rest


def _minutes(text: str) -> tuple[int, str]:
    found = _MINUTES.search(text)
    if found is None:
        return 0, text
    hours, half_before, half_after, half, minutes = found.groups()
    total = int(minutes) if minutes else 30 if half else int(hours) * 60
    total += 30 if half_before or half_after else 0
    return total, text[: found.start()] + " " + text[found.end() :]


def wants_mentor(text: str) -> bool:
    """Whether somebody asks for a mentor."""
    return bool(_MENTOR.fullmatch(hearing.core(text)))


def is_about_helpers(text: str) -> bool:
    """Whether somebody asks who helps them."""
    return wants_mentor(text) or bool(_COMMISSIONER.fullmatch(hearing.core(text)))
