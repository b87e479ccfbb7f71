"""When a clause wishes to be written to: hours, shifts, days of the week, until when."""

from __future__ import annotations

import re
from datetime import datetime, time

from handlers.wishes.hours import DAY, PARTS, hour, rest
from handlers.wishes.phrases import (
    ENDS,
    ME,
    NOT,
    ONE_DAY,
    ONLY,
    PLAINLY_NOT,
    SEND,
    SUNDAY,
    WEEKEND,
    WORKDAY,
    Heard,
)
from handlers.wishes.until import DATE, until
from records.wishes import Name, Wanted, written

_WEEK = "12345"
_SHIFT = re.compile(
    r"^(?:我|俺)?(?:们)?(?:是|现在|最近|一直|都|这阵子|天天|长期)*(?:上|倒|值|干)(?:的)?"
    r"(?P<s>夜班|晚班|大夜|小夜|白班|长白班)(?:的)?$"
)
_ASLEEP = r"(?:在)?(?:要)?(?:睡觉|休息|上班|干活|上工|开车|忙)?(?:的时候|时)?"
_CLOCK = (
    r"(?P<{0}>(?:早上|早晨|上午|中午|下午|晚上|夜里|傍晚|晚)?"
    r"\d{{1,2}}(?:点半|点钟|点\d{{2}}分?|点|:\d{{2}}|时))"
)
_A, _B = _CLOCK.format("a"), _CLOCK.format("b")
_AFTER, _UNTIL = r"(?:以后|之后|过后|往后|后)", r"(?:以前|之前|前)"
_PART = "|".join(sorted(PARTS, key=len, reverse=True))
_P = rf"(?:在)?(?P<p>{_PART})(?:的时候|时间|那会儿?|里)?"
_HOURS = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (rf"^{_A}{_AFTER}?(?:就|都)?{NOT}{ME}{SEND}{ENDS}$", "not_after"),
        (rf"^{NOT}{ME}(?:在)?{_A}{_AFTER}{SEND}{ENDS}$", "not_after"),
        (rf"^{NOT}{ME}(?:在)?{_A}{_UNTIL}{SEND}{ENDS}$", "not_before"),
        (rf"^{_A}{_UNTIL}(?:就|都)?{NOT}{ME}{SEND}{ENDS}$", "not_before"),
        (rf"^(?:等)?{_A}{_AFTER}(?:再|才)?{ME}{SEND}{ENDS}$", "not_before"),
        (rf"^{_A}{_UNTIL}(?:再|才)?{ME}{SEND}(?:完)?{ENDS}$", "not_after"),
        (rf"^{_A}(?:到|至|-|~){_B}(?:之间)?{_ASLEEP}{NOT}{ME}{SEND}{ENDS}$", "not_between"),
        (
            rf"^(?:在)?{_A}(?:到|至|-|~){_B}(?:之间|的时候)?(?:再|才)?{ME}{SEND}{ENDS}$",
            "between",
        ),
        (rf"^{_P}{_ASLEEP}(?:就|都)?{NOT}{ME}{SEND}{ENDS}$", "not_part"),
        (rf"^{NOT}{ME}{_P}{SEND}{ENDS}$", "not_part"),
        (rf"^{ONLY}?(?:等)?{_P}(?:再|才)?{ME}{SEND}{ENDS}$", "part"),
    )
)


_PLAIN = re.compile(r"再|才|只|光|别")  # «晚上发» may answer when somebody has time


def timed(clause: str, now: datetime) -> Heard | None:
    shift = _SHIFT.match(clause)
    if shift:
        night = not shift["s"].endswith("白班")
        return _hours(PARTS["夜班空"] if night else PARTS["白班空"], is_clear=False)
    for pattern, kind in _HOURS:
        found = pattern.match(clause)
        spans = _spans(kind, found) if found else None
        if spans:
            is_not = kind.startswith("not")
            return _hours(spans, is_clear=is_not or bool(_PLAIN.search(clause)), is_not=is_not)
    return None


def _spans(kind: str, found: re.Match[str]) -> tuple[tuple[time, time], ...] | None:
    """The hours that suit; None where a time is no time."""
    if kind.endswith("part"):
        part = PARTS[found["p"]]
        return part if kind == "part" else rest(part)
    is_end = kind == "not_after"
    first = hour(found["a"], is_evening=is_end)
    if first is None:
        return None
    if kind == "not_after":
        return ((DAY[0], first),) if first > DAY[0] else None
    if kind == "not_before":
        return ((first, DAY[1]),) if first < DAY[1] else None
    last = hour(found["b"], is_evening=False, after=first)
    if last is None or last <= first:
        return None
    return ((first, last),) if kind == "between" else rest(((first, last),))


def _hours(spans: tuple[tuple[time, time], ...], *, is_clear: bool, is_not: bool = False) -> Heard:
    narrows = (Name.HOURS,) if is_not else ()
    return Heard((Wanted(Name.HOURS, written(spans)),), (), is_clear, narrows)


_DAYS = tuple(
    (re.compile(pattern), days)
    for pattern, days in (
        (rf"^{WEEKEND}(?:在家|休息)?(?:就|都)?{NOT}{ME}{SEND}{ENDS}$", _WEEK),
        (rf"^{NOT}{ME}{WEEKEND}{SEND}{ENDS}$", _WEEK),
        (rf"^{ONLY}?(?:等)?{WORKDAY}(?:再|才)?{ME}{SEND}{ENDS}$", _WEEK),
        (rf"^{WORKDAY}(?:上班|忙)?(?:就|都)?{NOT}{ME}{SEND}{ENDS}$", "67"),
        (rf"^{ONLY}?(?:等)?{WEEKEND}(?:再|才)?{ME}{SEND}{ENDS}$", "67"),
    )
)
_NOT_THAT_DAY = re.compile(rf"^(?:每)?{ONE_DAY}(?:的时候)?(?:就|都)?{NOT}{ME}{SEND}{ENDS}$")
_THAT_DAY = re.compile(rf"^{ONLY}?(?:等)?(?:每)?{ONE_DAY}(?:再|才){ME}{SEND}{ENDS}$")


def dayed(clause: str, now: datetime) -> Heard | None:
    days = next((days for pattern, days in _DAYS if pattern.match(clause)), "")
    if found := _NOT_THAT_DAY.match(clause):
        days = "".join(d for d in "1234567" if d != str(_day(found[1])))
    elif found := _THAT_DAY.match(clause):
        days = str(_day(found[1]))
    narrows = (Name.DAYS,) if re.search(PLAINLY_NOT, clause) else ()
    return Heard((Wanted(Name.DAYS, days),), (), True, narrows) if days else None


def _day(word: str) -> int:
    return int(word) if word.isdigit() else SUNDAY[word]


_PAUSED = re.compile(rf"^(?P<s>.+?)(?:先|都|就|内|里)*{NOT}{ME}{SEND}{ENDS}$")
_LATER = re.compile(
    rf"^(?:等)?(?P<s>.+?)(?:以后|之后|过后|后|了)?(?:再|才)(?:联系我?|{ME}{SEND}){ENDS}$"
)


def paused(clause: str, now: datetime) -> Heard | None:
    """Nothing for a while: «这个月别发», «过完年再发»."""
    for pattern, is_span in ((_PAUSED, True), (_LATER, False)):
        found = pattern.match(clause)
        ends = until(found["s"], now, is_span=is_span) if found else None
        if ends is not None and ends > now:
            is_clear = bool(re.search(SEND, clause))
            narrows = (Name.PAUSE,) if is_span else ()
            return Heard((Wanted(Name.PAUSE, "", ends),), (), is_clear, narrows)
    return None


def no_such_day(clause: str, now: datetime) -> str:
    """The day of «13月5号以后再发», which there is not; "" where there is, or none is named."""
    found = _LATER.match(clause)
    if found is None or not re.search(SEND, clause) or not DATE.search(found["s"]):
        return ""
    return "" if until(found["s"], now, is_span=False) else found["s"]
