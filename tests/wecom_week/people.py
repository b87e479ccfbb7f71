"""Two thousand lives: who enters when, what they write, tap, leave open, and whom they block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from random import Random

from tests.support.wecom.clock import DAY, HOUR, MINUTE

DAYS = 7
STEP = 10 * MINUTE  # between two things that somebody does, but for words in a row

_QUESTIONS = (
    "定陶区个体户创业担保贷款最高多少",
    "宜昌一次性创业补贴要什么条件",
    "濮阳小微企业贴息贷款多少",
    "开小店有补贴吗",
    "首页",
    "谢谢",
    "办营业执照要钱吗",
    "我在东莞打工，想回老家养鸡",
    "村里的合作社能贷款吗",
    "还有呢",
)
_FORM = (
    *("登记", "1", "湖南湘乡市泉塘镇花桥村", "1", "2", "1", "1", "3", "厨师"),
    *("1 4", "跳过", "跳过", "不用", "1"),
)
_SCENES = ("371703", "village-7", "station-2")


class Deed(Enum):
    """What somebody does with the phone in their hand."""

    ENTER = "enter"
    SAY = "say"
    TAP = "tap"
    BLOCK = "block"
    UNBLOCK = "unblock"


@dataclass(frozen=True, slots=True)
class Act:
    """One deed of one person; `at` in seconds since the week began at eight on Monday."""

    at: float
    person: int
    deed: Deed
    text: str = ""


class Kind(Enum):
    """What sort of week somebody has."""

    ASKS = "asks"
    REGISTERS = "registers"
    SILENT = "silent"
    WANTS_A_HUMAN = "wants a human"
    TALKS_MUCH = "talks much"
    BLOCKS = "blocks"
    STOPS = "stops"
    DELETES = "deletes"


_OF_A_HUNDRED = {
    Kind.ASKS: 52,
    Kind.REGISTERS: 20,
    Kind.SILENT: 10,
    Kind.WANTS_A_HUMAN: 6,
    Kind.TALKS_MUCH: 5,
    Kind.BLOCKS: 3,
    Kind.STOPS: 2,
    Kind.DELETES: 2,
}
_KINDS = [kind for kind, share in _OF_A_HUNDRED.items() for _ in range(share)]


def kind_of(person: int) -> Kind:
    """The sort that this number is of; the same for everybody of that number."""
    return _KINDS[person * 37 % 100]


def week(people: int, seed: int) -> list[Act]:
    """Everything that everybody does, in order."""
    acts = [act for n in range(people) for act in _life(n, Random(f"{seed}/{n}"))]
    return sorted(acts, key=lambda act: (act.at, act.person))


def _life(person: int, dice: Random) -> Iterator[Act]:
    entered = _moment(dice, dice.choice((0, 0, 0, 1, 2)))
    yield Act(entered, person, Deed.ENTER, dice.choice(_SCENES))
    at = entered + dice.choice((1, 1, 2, 60)) * STEP
    for deed, text, pause in _deeds(kind_of(person), dice):
        yield Act(at, person, deed, text)
        at += pause


def _deeds(kind: Kind, dice: Random) -> Iterator[tuple[Deed, str, float]]:
    """What is done, and how long until the next."""
    if kind is Kind.SILENT:
        if dice.random() < 0.3:
            yield Deed.SAY, "在吗", STEP
        return
    yield from _session(dice)
    if kind is Kind.REGISTERS:
        yield from _form(dice)
    if kind is Kind.WANTS_A_HUMAN:
        yield Deed.SAY, "人工", STEP
        yield Deed.SAY, "我想问贷款的事", _pause(dice)
    if kind is Kind.TALKS_MUCH:
        for _ in range(12):
            yield from _session(dice)
    if kind in {Kind.STOPS, Kind.DELETES, Kind.BLOCKS}:
        yield Deed.SAY, "谢谢", 3 * DAY * dice.random()
    if kind is Kind.BLOCKS:
        yield Deed.BLOCK, "", DAY
        if dice.random() < 0.4:
            yield Deed.UNBLOCK, "", STEP
    if kind is Kind.STOPS:
        yield Deed.SAY, "停", STEP
    if kind is Kind.DELETES:
        yield Deed.SAY, "删除", STEP
        yield Deed.SAY, "1", STEP
    if kind is Kind.ASKS and dice.random() < 0.7:
        yield from _session(dice)


def _session(dice: Random) -> Iterator[tuple[Deed, str, float]]:
    """A few questions, some of them in a row and some of them taps; then a silence, of days."""
    asked = dice.randint(1, 3)
    for number in range(asked):
        is_tap = number > 0 and dice.random() < 0.3
        in_a_row = dice.random() < 0.25
        last = number == asked - 1
        pause = _pause(dice) if last else (2.0 if in_a_row else STEP)
        yield Deed.TAP if is_tap else Deed.SAY, dice.choice(_QUESTIONS), pause


def _form(dice: Random) -> Iterator[tuple[Deed, str, float]]:
    """A registration to its end, once or twice left alone for hours or days."""
    for text in _FORM:
        is_left = dice.random() < 0.1
        yield Deed.SAY, text, dice.uniform(5 * HOUR, 2 * DAY) if is_left else STEP
        if is_left:
            yield Deed.SAY, "接着填", STEP


def _pause(dice: Random) -> float:
    """Until they write again: soon, tomorrow, or in days, when nothing may be sent any more."""
    return dice.choice((STEP, 2 * HOUR, DAY, 2.5 * DAY)) * dice.uniform(0.7, 1.3)


def _moment(dice: Random, day: int) -> float:
    """Some time of that day; mostly by day."""
    hour = dice.choice((*range(0, 14), 14, 16))  # since eight in the morning
    return float(day * DAY + hour * HOUR + dice.uniform(0, HOUR))
