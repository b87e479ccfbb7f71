"""How an audience was understood, in plain Chinese that reads back to the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from matching.audience.values import ANY, All, Between, Condition, Day, Either, Field, Has, Not
from matching.audience.words import PHRASES, VERBS
from matching.facts import Days

_AND, _OR = " 且 ", " 或 "
_PLACES = {Field.HOME: "老家在", Field.CITY: "现在在"}
# The first of a field, or of what means the same, is said.
_VERBS = {verb.field: verb for verb in reversed(VERBS)}
_SPOKEN = {
    (field, frozenset(codes)): word for word, (field, codes) in reversed(list(PHRASES.items()))
}
# What is behind them is told by people themselves: who told nothing has not said so.
_NOT = {
    Field.HOME: "老家不在",
    Field.CITY: "现在不在",
    Field.CHANNEL: "不",
    Field.HELPER: "没",
    Field.COURSE: "没",
    Field.TAG: "没有",
    Field.TIER: "不是",
    Field.SOURCE: "不是",
    Field.FORM: "不是",
    Field.PUSHES: "没",
}
_TOLD = "没说"
_BEHIND = {
    Day.REGISTERED: "登记",
    Day.CONTACT: "联系过",
    Day.VISITED: "走访过",
    Day.LICENSED: "办执照",
    Day.RETURN: "回来",
    Day.AGREED: "同意推送",
    Day.HELPED: "分了专员或导师",
    Day.TRAINED: "上过课",
}
_DATES = {
    Day.REGISTERED: "登记日期",
    Day.CONTACT: "最后一次联系",
    Day.LICENSED: "办照日期",
    Day.RETURN: "返乡日期",
    Day.AGREED: "同意推送日期",
}
_EVER = {Day.CONTACT: "联系过", Day.VISITED: "走访过", Day.RETURN: "说了哪天回来"}


def said(condition: Condition) -> str:
    """The whole in words."""
    match condition:
        case Has(said=words):
            return words
        case Between():
            return _dated(condition)
        case Not(part):
            return _opposite(part)
        case All(parts):
            return _AND.join(_nested(part, Either) for part in parts) or "所有人"
        case Either(parts):
            return _OR.join(_nested(part, All) for part in parts)


def has(field: Field, values: Iterable[str], names: Iterable[str] = ()) -> Has:
    """One of these values at least, said as the language says it; `names` are of places."""
    known = frozenset(values)
    return Has(field, known, _called(field, known, names))


def _called(field: Field, values: frozenset[str], names: Iterable[str]) -> str:
    if field in _PLACES:
        return _PLACES[field] + "、".join(names)
    if field is Field.TAG:
        return f"标签{'、'.join(sorted(values))}"
    if field is Field.COURSE:
        return "上过课" if ANY in values else f"报课{'、'.join(sorted(values, key=int))}"
    if phrase := _SPOKEN.get((field, values)):
        return phrase
    verb, words = _VERBS[field], dict[tuple[str, ...], str]()
    for word, codes in verb.takes.items():
        words.setdefault(codes, word)
    return verb.said + "、".join(word for codes, word in words.items() if values >= set(codes))


def _nested(part: Condition, kind: type[All] | type[Either]) -> str:
    while isinstance(part, All | Either) and len(part.parts) == 1:
        part = part.parts[0]
    words = said(part)
    return f"（{words}）" if isinstance(part, kind) and len(part.parts) > 1 else words


def _opposite(part: Condition) -> str:
    match part:
        case Has(field=field, said=words):
            return _NOT.get(field, _TOLD) + words.removeprefix(_PLACES.get(field, ""))
        case Between(day=day) if _is_ever(part):
            return f"没{_EVER[day]}" if day is not Day.RETURN else "没说哪天回来"
        case Between(day=day) if day in _DATES and (day is not Day.CONTACT or part.until):
            return f"{_DATES[day]}不在{_when(part)}"
        case Between(day=day):
            return f"{_when(part)}没{_BEHIND[day].replace('了', '')}"
    return f"不是（{said(part)}）"


def _is_ever(asked: Between) -> bool:
    return asked.since is None and asked.until is None


def _dated(asked: Between) -> str:
    if _is_ever(asked):
        return _EVER[asked.day]
    if asked.day is Day.CONTACT and asked.until:
        return f"{_DATES[asked.day]}在{_when(asked)}"
    lead = "打算" if asked.day is Day.RETURN else ""
    return f"{lead}{_when(asked)}{_BEHIND[asked.day]}"


def _when(asked: Between) -> str:
    since, until = asked.since, asked.until
    if since and until:
        return _whole(Days(since, until))
    if since:
        return f"{_day(since)}起"
    return f"{_day(until)}及以前" if until else ""


def _whole(days: Days) -> str:
    """A day, a month, a year, or from one day to another."""
    first, last = days.first, days.last
    if days.is_exact:
        return _day(first)
    if days == Days.of_month(first.year, first.month):
        return f"{first.year}年{first.month}月"
    is_year = (first.month, first.day) == (1, 1) and last == date(first.year, 12, 31)
    return f"{first.year}年" if is_year else f"{_day(first)}到{_day(last)}"


def _day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
