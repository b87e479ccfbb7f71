"""When a clause wishes to be written to: hours, shifts, days of the week, until when."""

from __future__ import annotations

import re
from datetime import datetime, time

from handlers.wishes.hours import DAY, PARTS, hour, rest
from handlers.wishes.phrases import (
    DAYS,
    ENDS,
    ME,
    NOT,
    ONLY,
    PLAINLY_NOT,
    SEND,
    SUNDAY,
    TO,
    WEEKEND,
    WORKDAY,
    Heard,
)
from handlers.wishes.until import DATE, SPAN, before, until
from records.wishes import Name, Wanted, written

_WEEK = "12345"
_SHIFT = re.compile(
    r"^(?:我|俺)?(?:们)?(?:是|现在|最近|一直|都|这阵子|天天|长期)*(?:上|倒|值|干)(?:的)?"
    r"(?P<s>夜班|晚班|大夜|小夜|白班|长白班)(?:的)?$"
)
_SHIFT_NOW = re.compile(
    rf"{SPAN.pattern}(?:我|俺)?(?:是|都|上|倒|值|干)*(?P<s>夜班|晚班|大夜|小夜|白班|长白班)$"
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
        (rf"^{NOT}{ME}{_P}(?:来)?{SEND}{ENDS}$", "not_part"),
        (rf"^{ONLY}?(?:等)?{_P}(?:再|才)?{ME}{SEND}{ENDS}$", "part"),
    )
)


_PLAIN = re.compile(r"再|才|只|光|别")  # «晚上发» may answer when somebody has time


def timed(clause: str, now: datetime) -> Heard | None:
    if shift := _SHIFT.match(clause) or _SHIFT_NOW.match(clause):
        night = not shift["s"].endswith("白班")
        span = SPAN.match(clause)
        ends = until(span.group(), now) if span else None
        return _hours(PARTS["夜班空"] if night else PARTS["白班空"], is_clear=False, until=ends)
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


def _hours(
    spans: tuple[tuple[time, time], ...],
    *,
    is_clear: bool,
    is_not: bool = False,
    until: datetime | None = None,
) -> Heard:
    narrows = (Name.HOURS,) if is_not else ()
    return Heard((Wanted(Name.HOURS, written(spans), until),), (), is_clear, narrows)


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
_NOT_THOSE_DAYS = re.compile(rf"^{DAYS}(?:的时候|这几天|上班|忙)?(?:就|都)?{NOT}{ME}{SEND}{ENDS}$")
_NOT_ON = re.compile(rf"^{NOT}{ME}(?:在)?{DAYS}{SEND}{ENDS}$")
_THOSE_DAYS = re.compile(rf"^{ONLY}?(?:等|在)?{DAYS}(?:再|才){ME}{SEND}{ENDS}$")


def dayed(clause: str, now: datetime) -> Heard | None:
    days = next((days for pattern, days in _DAYS if pattern.match(clause)), "")
    if found := _NOT_THOSE_DAYS.match(clause) or _NOT_ON.match(clause):
        days = "".join(d for d in "1234567" if d not in _named(found))
    elif found := _THOSE_DAYS.match(clause):
        days = _named(found)
    narrows = (Name.DAYS,) if re.search(PLAINLY_NOT, clause) else ()
    return Heard((Wanted(Name.DAYS, days),), (), True, narrows) if days else None


def _named(found: re.Match[str]) -> str:
    """The days of «周2», «周2和周4», «周1到周5», «周6到周1»."""
    first, between, last = _day(found[1]), found[2], _day(found[3] or found[1])
    if not between or not re.match(TO, between):
        return "".join(map(str, sorted({first, last})))
    length = (last - first) % 7
    return "".join(map(str, sorted((first + n - 1) % 7 + 1 for n in range(length + 1))))


def _day(word: str) -> int:
    return int(word) if word.isdigit() else SUNDAY[word]


_PAUSED = re.compile(rf"^(?P<s>.+?)(?:先|都|就|内|里)*{NOT}{ME}{SEND}{ENDS}$")
_UNTIL_THEN = re.compile(
    rf"^(?P<s>.+?)(?:以前|之前|前)(?:先|都|就)*(?:{PLAINLY_NOT}){ME}{SEND}{ENDS}$"
)
_LATER = re.compile(
    rf"^(?:等)?(?P<s>.+?)(?:以后|之后|过后|后|了)?(?:再|才)(?:联系我?|{ME}{SEND}){ENDS}$"
)


def paused(clause: str, now: datetime) -> Heard | None:
    """Nothing for a while: «这个月别发», «过完年再发»."""
    if found := _UNTIL_THEN.match(clause):
        ends = before(found["s"], now)
        return Heard((Wanted(Name.PAUSE, "", ends),), (), True, (Name.PAUSE,)) if ends else None
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
