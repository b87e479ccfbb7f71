"""Spans of time in an audience: 30天内联系过, 半年没联系, 登记满三个月, 今年登记, 执照满6个月."""

from __future__ import annotations

import re

from matching.audience.values import Calendar, Condition, Day, Full, Lately, Not

_DAYS_OF = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30, "年": 365}
_DIGITS = {word: n for n, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2, "俩": 2}
_MOST = 9999  # days
_NUMBER = r"(?P<n>\d{1,4}|半|[一二三四五六七八九十两俩]{1,3})"
_SPAN = _NUMBER + r"(?P<half>个半)?个?(?P<unit>天|日|周|星期|礼拜|月|年)"
_TOUCH = r"(?:联系上|联系|来往|来|找|说|聊)"
_LATELY = re.compile(
    rf"(?:最近|近|这|前)?{_SPAN}(?:之|以)?(?:内|来|里)?"
    rf"(?P<what>{_TOUCH}过(?:我们)?(?:话)?|新?登记过?|新来)"
)
_QUIET = re.compile(
    rf"(?:最近|近|已经|有|超过|满|都)*{_SPAN}(?:多|以上|内|里)?都?(?:没有|没|未)"
    rf"(?:{_TOUCH}(?:过)?(?:我们|话)?|消息|动静|音信|打过电话)"
)
_SINCE = re.compile(rf"登记(?:满|超过|有|了)?{_SPAN}(?:以上|了|多)?")
_THIS = re.compile(
    r"(?P<when>今天|本周|这周|这个星期|这星期|本月|这个月|今年)(?:之?内)?"
    r"(?:新|刚)?(?P<what>登记过?|联系过|来过|来)"
)
_LICENCE = re.compile(
    r"(?:营业执照|执照|办照)(?:满|办了|有)?(?P<n>\d{1,3}|半|[一二三四五六七八九十两俩]{1,3})"
    r"个?(?P<unit>月|年)(?:以上|了)?"
)
_THIS_IS = {
    "今天": Calendar.DAY,
    **dict.fromkeys(("本周", "这周", "这个星期", "这星期"), Calendar.WEEK),
    **dict.fromkeys(("本月", "这个月"), Calendar.MONTH),
    "今年": Calendar.YEAR,
}
_SAID = {
    Calendar.DAY: "今天",
    Calendar.WEEK: "本周",
    Calendar.MONTH: "本月",
    Calendar.YEAR: "今年",
}


_EVER = re.compile(r"(?:有)?(?:联系过|来过)")


def read(text: str, at: int) -> tuple[int, Condition] | None:
    """What of time stands here and where it ends; None where nothing does."""
    readers = ((_QUIET, _quiet), (_LATELY, _lately), (_THIS, _this), (_SINCE, _since))
    for pattern, condition in (*readers, (_LICENCE, _licence)):
        found = pattern.match(text, at)
        made = condition(found) if found else None
        if found and made is not None:
            return found.end(), made
    if ever := _EVER.match(text, at):
        return ever.end(), Lately(Day.CONTACT, _MOST, "联系过")
    return None


def _lately(found: re.Match[str]) -> Condition | None:
    days = _days(found)
    return None if days is None else _within(_what(found["what"]), days)


def _quiet(found: re.Match[str]) -> Condition | None:
    days = _days(found)
    return Not(_within(Day.CONTACT, days)) if days else None


def _since(found: re.Match[str]) -> Condition | None:
    days = _days(found)
    return Not(_within(Day.REGISTERED, days - 1)) if days else None


def _this(found: re.Match[str]) -> Condition:
    unit, day = _THIS_IS[found["when"]], _what(found["what"])
    return Lately(day, 0, f"{_SAID[unit]}{_called(day)}", unit)


def _licence(found: re.Match[str]) -> Condition | None:
    number = _number(found["n"])
    months = 6 if found["n"] == "半" else (number or 0) * (12 if found["unit"] == "年" else 1)
    is_half_month = found["n"] == "半" and found["unit"] == "月"
    if not months or is_half_month:
        return None
    return Full(Day.LICENSED, months, f"执照满{months}个月")


def _within(day: Day, days: int) -> Lately:
    return Lately(day, days, f"{days}天内{_called(day)}")


def _called(day: Day) -> str:
    return "登记" if day is Day.REGISTERED else "联系过"


def _what(said: str) -> Day:
    return Day.REGISTERED if "登记" in said or said == "新来" else Day.CONTACT


def _days(found: re.Match[str]) -> int | None:
    """None for what is no number, and for too many."""
    unit = _DAYS_OF[found["unit"]]
    if found["n"] == "半":
        return unit // 2 or None
    number = _number(found["n"])
    if number is None:
        return None
    half = unit // 2 if found["half"] else 0
    days = number * unit + half
    return days if days < _MOST else None


def _number(said: str) -> int | None:
    if said.isdecimal():
        return int(said)
    if said in _DIGITS:
        return _DIGITS[said]
    tens, _, ones = said.partition("十")
    if "十" not in said or (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return None
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)
