"""Until when: «这个月», «过完年», «下周», «12月5号»."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

from outreach import almanac
from outreach.calendars import CHINA, FESTIVALS

_HOLIDAYS = 7  # days from 初一 on
_UNITS = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7, "月": 30}
_LUNAR, _TEN = re.compile(r"初([1-9]|10)(?!\d)"), "一二三四五六七八九十"
_LATER_ON = re.compile(r"(?<=月)(1[1-9]|2\d|30)$")
_LONGEST = timedelta(days=370)
_MONTH = r"(?:这|本)个?月"
_WEEK = r"(?:这|本)个?(?:周|星期|礼拜)"
_SOME = r"(?:这)?(?:最近)?(\d{1,4})个?(天|日|周|星期|礼拜|月)(?:内|之内|以内|里)?"
SPAN = re.compile(
    rf"^(?:{_MONTH}|{_WEEK}|{_SOME}|今天|今年|最近|近期|这阵子|这段时间)(?:内|里|先|都)*"
)
_NEW_YEAR = re.compile(r"^(?:等)?(?:过(?:完|了)?(?:年|春节)|年后|春节(?:过完)?|过完年)(?:了)?$")
DATE = re.compile(r"\d+(?:月|号|日)|初|腊月|正月|除夕|元宵|中秋|国庆|五一|元旦")


def until(said: str, now: datetime, *, is_span: bool = True) -> datetime | None:
    """The midnight or moment at which what was said begins again; None where it is no time.

    `is_span`: it lasts so long («这个月别发»); else it ends there («下个月再发»).
    """
    words = said.strip()
    today = now.astimezone(CHINA).date()
    day = _lasting(words, today) if is_span else _coming(words, today, now)
    if day is None:
        return None
    at = datetime.combine(day, time(), CHINA)
    return at if now < at <= now + _LONGEST else None


def before(said: str, now: datetime) -> datetime | None:
    """When «初六以前», «过年前» ends: the new year itself, not the holidays after it."""
    ends = until(said, now, is_span=False)
    if ends is None or not re.match(r"^(?:过)?(?:年|春节)$|^过大年$", said):
        return ends
    return ends - timedelta(days=_HOLIDAYS)


def _lasting(words: str, today: date) -> date | None:
    if re.match(rf"^{_MONTH}", words):
        return _next_month(today)
    if re.match(rf"^{_WEEK}", words):
        return today + timedelta(days=7 - today.weekday())
    if words.startswith("今天"):
        return today + timedelta(days=1)
    if words.startswith("今年"):
        return date(today.year + 1, 1, 1)
    if re.match(r"^(?:最近|近期|这阵子|这段时间)(?:内|里|先|都)*$", words):
        return today + timedelta(days=_UNITS["月"])
    if re.match(r"^(?:春节|过年)(?:期间|的时候|这几天)?$", words):
        return _after_new_year(today)
    found = re.match(rf"^{_SOME}", words)
    return today + int(found.group(1)) * timedelta(days=_UNITS[found.group(2)]) if found else None


def _coming(words: str, today: date, now: datetime) -> date | None:
    if words in ("明天", "明儿"):
        return today + timedelta(days=1)
    if words in ("后天",):
        return today + timedelta(days=2)
    if re.match(r"^下个?月$", words):
        return _next_month(today)
    if re.match(r"^下个?(?:周|星期|礼拜)$", words):
        return today + timedelta(days=7 - today.weekday())
    if words in ("明年", "来年"):
        return date(today.year + 1, 1, 1)
    if _NEW_YEAR.match(words):
        return _after_new_year(today)
    found = re.match(rf"^(?:过)?{_SOME}$", words)
    if found:
        return today + int(found.group(1)) * timedelta(days=_UNITS[found.group(2)])
    return _dated(words, now) if DATE.search(words) else None


def _dated(words: str, now: datetime) -> date | None:
    try:
        return almanac.moment(_in_characters(words), now).at.astimezone(CHINA).date()
    except almanac.AlmanacFault:
        return None


def _in_characters(words: str) -> str:
    """A lunar date as it was before numbers were read: 正月15 was 正月十五."""
    if not re.match(r"正月|冬月|腊月", words):
        return _LUNAR.sub(_counted, words)
    return _LATER_ON.sub(_teens, _LUNAR.sub(_counted, words))


def _teens(found: re.Match[str]) -> str:
    tens, ones = divmod(int(found.group()), 10)
    begin = "十" if tens == 1 else f"{_TEN[tens - 1]}十"
    return f"{begin}{_TEN[ones - 1] if ones else ''}"


def _counted(found: re.Match[str]) -> str:
    """A lunar day in characters, as it is written: 初8 was 初八 before numbers were read."""
    return f"初{_TEN[int(found.group(1)) - 1]}"


def _next_month(today: date) -> date:
    return date(today.year + today.month // 12, today.month % 12 + 1, 1)


def _after_new_year(today: date) -> date | None:
    holidays = timedelta(days=_HOLIDAYS)
    return next((day + holidays for day in FESTIVALS if day + holidays > today), None)
