"""The next day on which a helper will call, as they write it («下次12月1日», «下周一再打»)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from matching.facts import add_months

_COUNTS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4}
_AHEAD = {"明天": 1, "后天": 2, "大后天": 3}
_WEEKDAYS = "一二三四五六日"
_WEEK = r"(?:周|星期|礼拜)"
_DAY = (
    r"(?:(?P<year>\d{4})年)?(?P<month>\d{1,2})(?:月|[./-])(?P<day>\d{1,2})[日号]?(?!\d)"
    r"|(?P<days>\d{1,3})天后"
    rf"|(?P<count>[一两二三四1-4])个?(?P<unit>{_WEEK}|月)(?:以?后)"
    r"|(?P<word>大后天|明天|后天)"
    rf"|(?P<next>下)?个?{_WEEK}(?P<weekday>[一二三四五六日天])"
    rf"|(?P<span>下个?(?:{_WEEK}|月))"
)
_NEXT = re.compile(rf"下[次回](?:回访|联系|打电话?|去|来|访)?[:：]?\s*(?:{_DAY})")
_AGAIN = re.compile(rf"(?:{_DAY})\s*(?:再|接着)(?:打|联系|回访|走访|访|去|来|说|看|约)(?:电话)?")
# What names a day in words that we cannot count on from.
_UNCLEAR = re.compile(
    r"下[次回](?:回访|联系)?[:：]?\s*[\d下周月年春初这本过节昨今][^\s,，、;；。]*"
)


@dataclass(frozen=True, slots=True)
class Day:
    """The day named, what of it cannot be, and the line without it."""

    day: date | None
    unclear: str
    rest: str


def read(text: str, today: date) -> Day:
    """The next day that a line names; `unclear` where it names none that can be."""
    found = _NEXT.search(text) or _AGAIN.search(text)
    if found is None:
        unclear = _UNCLEAR.search(text)
        return Day(None, unclear[0] if unclear else "", text)
    rest = f"{text[: found.start()]} {text[found.end() :]}"
    day = _named(found, today) if found["month"] else _counted(found, today)
    is_good = day is not None and day > today
    return Day(day if is_good else None, "" if is_good else found[0], rest)


def _named(found: re.Match[str], today: date) -> date | None:
    try:
        day = date(int(found["year"] or today.year), int(found["month"]), int(found["day"]))
    except ValueError:
        return None
    return day.replace(year=today.year + 1) if day < today and not found["year"] else day


def _counted(found: re.Match[str], today: date) -> date:
    if found["word"]:
        return today + timedelta(days=_AHEAD[found["word"]])
    if found["days"]:
        return today + timedelta(days=max(int(found["days"]), 1))
    if found["weekday"]:
        return _weekday(found["weekday"].replace("天", "日"), today, is_next=bool(found["next"]))
    is_month = "月" in (found["unit"] or found["span"])
    many = (_COUNTS.get(found["count"]) or int(found["count"])) if found["count"] else 1
    return add_months(today, many) if is_month else today + timedelta(weeks=many)


def _weekday(word: str, today: date, *, is_next: bool) -> date:
    """周三: the coming one; 下周三: that of the week after this."""
    monday = today - timedelta(days=today.weekday())
    day = monday + timedelta(days=_WEEKDAYS.index(word) + (7 if is_next else 0))
    return day if is_next or day > today else day + timedelta(days=7)
