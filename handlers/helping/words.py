"""What a helper writes in one line («回访 3号 开业 绿 下次12月1日»), read as values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from handlers import hearing
from handlers.helping import days
from records.visits import Gift, Light, Standing, Told, VisitKind

_KINDS = {
    VisitKind.NO_ANSWER: (
        *("没接", "没接电话", "电话没接", "没接通", "不接", "不接电话", "没打通", "没打通电话"),
        *("电话没打通", "打不通", "打不通电话", "电话打不通", "无人接听", "没人接", "没人接电话"),
        *("联系不上", "没联系上", "占线", "没人在家"),
    ),
    VisitKind.CALL: ("回访", "电话回访", "打电话", "打了电话", "联系"),
    VisitKind.KNOCK: ("走访", "上门", "敲门", "入户"),
    VisitKind.FIRM: ("入企", "企业走访", "进厂"),
    VisitKind.GUIDANCE: ("辅导", "指导", "帮教"),
}
# Nobody was spoken to either, and what the telephone said is worth keeping.
_DEAD = ("关机", "停机", "空号", "错号", "号码不对", "号码错了", "打错了", "不是本人", "别人接的")
_STANDINGS = {
    Standing.CLOSED: (
        *(
            "停业",
            "关门",
            "关店",
            "关张",
            "关了",
            "不干了",
            "倒闭",
            "黄了",
            "注销",
            "歇业",
            "转让",
        ),
        *("不开了", "干不下去", "没干成"),
    ),
    Standing.PREPARING: (
        *("筹备", "准备", "没开", "还没开", "没开业", "还没开业", "筹备中", "准备中", "在筹备"),
        *("在准备", "装修", "在装修", "选址", "办手续"),
    ),
    Standing.OPEN: (
        *("开业", "开着", "在干", "正常", "营业", "经营", "开了", "开张", "正常营业", "在营业"),
        *("正常经营", "正常开业"),
    ),
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
_KNOWN = "|".join(
    sorted(
        {*_KIND_OF, *_STANDING_OF, *_LIGHT_OF, *_GIFT_OF, *_DEAD, "已经", "现在", "还在", "店"},
        key=len,
        reverse=True,
    )
)
_WORDS = re.compile(rf"(?:(?:{_KNOWN})[了啦过]?)+")
_WORD = re.compile(rf"({_KNOWN})[了啦过]?")
_FILLING = frozenset({"已经", "现在", "还在", "店"})
# 没接电话在忙: the verb, and why; short ones begin other words (不接受).
_UNANSWERED = tuple(w for w in _KINDS[VisitKind.NO_ANSWER] if len(w) > len("不接"))
_BEGINS = re.compile(rf"({'|'.join(sorted(_UNANSWERED, key=len, reverse=True))})(.+)")
_GAPS = re.compile(r"[\s,，、;；。:：!！]+")
_VERB = "|".join(sorted(_KIND_OF, key=len, reverse=True))
_N = r"第?(\d{1,3}|[一二三四五六七八九十两]{1,3})"
_BEFORE = r"(?:我|今天|刚才|刚刚|刚|上午|下午|昨天|已经|又|去)*"
_TO = rf"{_BEFORE}(?:给|跟|和|对)?"
_VERB_FIRST = re.compile(
    rf"{_BEFORE}({_VERB})[了过]?[\s,，:：]*{_N}(?:\s*号|(?![\d天个小分月周]))(.*)", re.DOTALL
)
_VERB_NAME = re.compile(rf"{_BEFORE}({_VERB})[了过]?\s+([^\s\d,，、:：]{{1,10}})(.*)", re.DOTALL)
_NUMBER_FIRST = re.compile(rf"{_TO}{_N}\s*号(.*)", re.DOTALL)
_NAME_FIRST = re.compile(r"([^\s\d,，、:：]{2,6})[\s,，:：]+(.+)", re.DOTALL)
_ANOTHER = re.compile(r"[\s、,，和及跟]*第?(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*号")
_LOOK = re.compile(
    rf"(?:看一?看?|查看?|档案|翻)\s*(?:档案)?\s*{_N}(?:\s*号)?(?:的?(?:档案|情况|资料))?"
    rf"|{_N}\s*号(?:的?(?:档案|情况|资料|是谁|怎么样))?"
)
_MINUTES = re.compile(r"(?:(\d{1,2})个?(?:(半)小时|小时(半)?)|(半)个?小时|(\d{1,3})分钟)")
_ASKED = r"(?:我)?(?:想|要)?(?:找|要|换|选|请|联系|问)?(?:一?[个位])?(?:我的)?(?:创业)?"
_WHO = r"(?:是谁|是哪个|呢|的?电话)?"
_COMMISSIONER = re.compile(
    rf"{_ASKED}(?:服务)?专员{_WHO}|(?:谁|哪个)是我的?(?:服务)?专员|我归谁管"
)
_MENTOR = re.compile(rf"{_ASKED}(?:导师|师傅){_WHO}|(?:谁|哪个)是我的?(?:导师|师傅)")
_EXPERT = re.compile(
    rf"(?:我)?(?:想|要)?(?:约|预约|找|请|看|联系)?(?:一?[个位])?(?:技术|农业|农技|创业)?专家{_WHO}"
)
_NOTE = 200
_TAKES_BACK = frozenset(
    (
        "撤回",
        "撤销",
        "记错了",
        "刚才记错了",
        "刚才那条错了",
        "撤回上一条",
        "上一条撤回",
        "上条错了",
    )
)


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
    `is_loose`: no verb is there, so that only a name of theirs makes it one. `is_several`: more
    than one person is named.
    """

    number: int
    name: str
    told: Told
    next_on: date | None = None
    is_unclear: str = ""
    is_loose: bool = False
    is_several: bool = False


Wish = Listing | Look | Entry | TakeBack
_LISTS = {
    **dict.fromkeys(
        ("今天", "今日", "今天的单子", "今日回访", "回访单", "今天回访"), Listing.TODAY
    ),
    **dict.fromkeys(
        ("今天给谁打电话", "今天该联系谁", "今天联系谁", "今天回访谁", "该回访谁", "今天有谁"),
        Listing.TODAY,
    ),
    **dict.fromkeys(("我的人", "名单", "档案", "我的档案", "我的名单"), Listing.EVERYBODY),
    **dict.fromkeys(("我有哪些人", "我名下的人", "我名下有谁", "名下有谁"), Listing.EVERYBODY),
}


def wish_of(text: str, today: date) -> Wish | None:
    """What a line asks for or tells; None where it is no line of a helper's."""
    said = text.strip().strip("。.!！?？")
    if said in _LISTS:
        return _LISTS[said]
    if said in _TAKES_BACK:
        return TakeBack()
    if found := _LOOK.fullmatch(said):
        return Look(hearing.value_of(found[1] or found[2]))
    if found := _VERB_FIRST.fullmatch(said):
        return _entry(_KIND_OF[found[1]], hearing.value_of(found[2]), "", found[3], today)
    if found := _VERB_NAME.fullmatch(said):
        return _entry(_KIND_OF[found[1]], 0, found[2], found[3], today)
    if found := _NUMBER_FIRST.fullmatch(said):
        loose = _entry(VisitKind.CALL, hearing.value_of(found[1]), "", found[2], today)
        return loose if _tells(found[2], loose) else None
    if found := _NAME_FIRST.fullmatch(said):
        loose = _entry(VisitKind.CALL, 0, found[1], found[2], today)
        return replace(loose, is_loose=True) if _tells(found[2], loose) else None
    return None


def _tells(rest: str, entry: Entry) -> bool:
    """Whether what follows a number begins with a word that tells of a contact."""
    first = next(filter(None, _GAPS.split(rest)), "")
    if hearing.asks(rest):
        return False
    is_day = entry.next_on is not None or bool(entry.is_unclear)
    is_told = bool(_WORDS.fullmatch(first)) or first.startswith(_UNANSWERED)
    return entry.is_several or is_day or is_told


def _entry(kind: VisitKind, number: int, name: str, rest: str, today: date) -> Entry:
    next_day = days.read(rest, today)
    minutes, told = _minutes(next_day.rest)
    light: Light | None = None
    standing: Standing | None = None
    gifts: list[Gift] = []
    notes = []
    for word in _words(told):
        if word in _LIGHT_OF and light is None:
            light = _LIGHT_OF[word]
        elif word in _STANDING_OF and standing is None:
            standing = _STANDING_OF[word]
        elif word in _GIFT_OF:
            gifts += _GIFT_OF[word]
        elif word in _KIND_OF and kind is VisitKind.CALL:
            kind = _KIND_OF[word]  # 回访 3号 没接
        else:
            kind = VisitKind.NO_ANSWER if word in _DEAD else kind
            notes.append(word)
    contact = Told(
        kind=kind,
        light=light,
        standing=standing,
        gifts=tuple(dict.fromkeys(gifts)),
        minutes=minutes,
        note=" ".join(notes)[:_NOTE],
    )
    is_several = bool(_ANOTHER.match(rest))
    return Entry(number, name, contact, next_day.day, next_day.unclear, is_several=is_several)


def _words(text: str) -> Iterator[str]:
    """The words of a line, those that we know cut apart and bare; the rest as it stands."""
    for word in filter(None, _GAPS.split(text)):
        if word in _STANDING_OF or word in _KIND_OF:
            yield word
        elif _WORDS.fullmatch(word):
            yield from (one for one in _WORD.findall(word) if one not in _FILLING)
        else:
            begins = _BEGINS.fullmatch(word)
            yield from (begins[1], begins[2]) if begins else (word,)


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


def wants_expert(text: str) -> bool:
    """Whether somebody asks for an expert (百名专家助力创业行)."""
    return bool(_EXPERT.fullmatch(hearing.core(text)))


def is_about_helpers(text: str) -> bool:
    """Whether somebody asks who helps them."""
    return (
        wants_mentor(text)
        or wants_expert(text)
        or bool(_COMMISSIONER.fullmatch(hearing.core(text)))
    )
