"""Days, weeks, months and years as they are written: 12月1号, 上个月, 三季度, 11月20到25号."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from matching.facts import Days, add_months

N = r"(?:\d{1,4}|[一二三四五六七八九十两俩]{1,3})"
_DIGITS = {word: n for n, word in enumerate("一二三四五六七八九十", 1)} | {"两": 2, "俩": 2}
_ZEROS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_YEARS = {"大前": -3, "前": -2, "去": -1, "今": 0, "明": 1, "后": 2}
_SPELT = r"(?P<y>(?:19|20)\d\d|[一二][〇零○一二三四五六七八九]{3}|大前|前|去|今|明|后)"
_YEAR = rf"(?:{_SPELT}年的?)"
_DAY_OF = {"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "当天": 0}
_DAY_OF |= {"明天": 1, "后天": 2, "大后天": 3}
_NEXT_TO = {"上上": -2, "上": -1, "本": 0, "这": 0, "当": 0, "下": 1, "下下": 2}
_SIDE = r"(?P<side>上上|下下|上|下|本|这|当)"
_M = r"(?P<m>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
_D = rf"(?:(?P<d>{N})(?:日|号)|(?P<bare>\d{{1,2}})(?![\d个天月周年次]))"

_ISO = re.compile(r"(?P<y>(?:19|20)\d\d)[-./](?P<m>\d{1,2})(?:[-./](?P<d>\d{1,2})日?)?(?!\d)")
_CALENDAR = re.compile(rf"{_YEAR}?{_M}月份?(?:(?P<third>上旬|中旬|下旬|初|底|末)|{_D})?")
_PART = re.compile(rf"{_YEAR}?第?(?P<part>上半年|下半年|[一二三四1-4]季度?|[一二三四1-4]个季度)")
_WHOLE = re.compile(rf"{_SPELT}年度?|(?P<here>本|这一?)年度?")
_NEAR_MONTH = re.compile(rf"{_SIDE}(?:一?个)?月份?(?:(?P<third>上旬|中旬|下旬|初|底|末)|{_D})?")
_NEAR_WEEK = re.compile(rf"{_SIDE}(?:一?个)?(?:周|星期|礼拜)(?P<d>[一二三四五六日天1-7])?(?!\d)")
_NEAR_DAY = re.compile("|".join(sorted(_DAY_OF, key=len, reverse=True)))
_BARE_DAY = re.compile(rf"(?P<d>{N})(?:日|号)")
_THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "初": (1, 10)}
_THIRDS |= {"底": (21, 31), "末": (21, 31)}
_WEEKDAYS = {**{c: n for n, c in enumerate("一二三四五六")}, "日": 6, "天": 6} | {
    str(n + 1): n for n in range(7)
}


@dataclass(frozen=True, slots=True)
class Clock:
    """From where dates are seen: a date without its year is the last such, or the next one."""

    today: date
    is_ahead: bool = False

    def nearest(self, of_year: Callable[[int], Days | None]) -> Days | None:
        """The last that has begun, or the next that is not over."""
        year = self.today.year
        made = [of_year(one) for one in range(year - 8, year + 9)]
        known = [one for one in made if one]
        if self.is_ahead:
            return next((one for one in known if one.last >= self.today), None)
        return next((one for one in reversed(known) if one.first <= self.today), None)


def number(said: str) -> int | None:
    """12, 十二, 两; None for what is no number up to 99 in words."""
    if said.isdecimal():
        return int(said)
    if said in _DIGITS:
        return _DIGITS[said]
    tens, _, ones = said.partition("十")
    if "十" not in said or (tens and tens not in _DIGITS) or (ones and ones not in _DIGITS):
        return None
    return _DIGITS.get(tens, 1) * 10 + _DIGITS.get(ones, 0)


def read(text: str, at: int, clock: Clock) -> tuple[int, Days] | None:
    """What stands here and where it ends; None where nothing does, or no such day exists."""
    for pattern, made in _READERS:
        if found := pattern.match(text, at):
            days = made(found, clock)
            return (found.end(), days) if days else None
    return None


def read_end(text: str, at: int, begin: Days, clock: Clock) -> tuple[int, Days] | None:
    """The end of a range, which may leave out its month or year: 12月1号到15号, 10月到次年3月."""
    if found := _BARE_DAY.match(text, at):
        days = _day(begin.last.year, begin.last.month, number(found["d"]))
        return (found.end(), days) if days else None
    found = _CALENDAR.match(text, at)
    if found and not found["y"]:
        own = (_in_year(found, year) for year in (begin.first.year, begin.first.year + 1))
        days = next((one for one in own if one and one.last >= begin.first), None)
        return (found.end(), days) if days else None
    return read(text, at, clock)


def _iso(found: re.Match[str], clock: Clock) -> Days | None:
    year, month = int(found["y"]), int(found["m"])
    return _day(year, month, int(found["d"])) if found["d"] else _month(year, month)


def _calendar(found: re.Match[str], clock: Clock) -> Days | None:
    if found["y"]:
        return _in_year(found, _year(found["y"], clock))
    return clock.nearest(lambda year: _in_year(found, year))


def _in_year(found: re.Match[str], year: int) -> Days | None:
    month = number(found["m"])
    return _in_month(found, year, month) if month else None


def _in_month(found: re.Match[str], year: int, month: int) -> Days | None:
    """The whole month, a third or a day of it."""
    whole = _month(year, month)
    day = found["d"] or found["bare"]
    if whole is None or not (found["third"] or day):
        return whole
    if day:
        return _day(year, month, number(day))
    first, last = _THIRDS[found["third"]]
    return Days(whole.first.replace(day=first), min(whole.last, _capped(whole, last)))


def _capped(month: Days, day: int) -> date:
    return month.first.replace(day=min(day, month.last.day))


def _part(found: re.Match[str], clock: Clock) -> Days | None:
    if found["y"]:
        return _part_of(found["part"], _year(found["y"], clock))
    return clock.nearest(lambda year: _part_of(found["part"], year))


def _part_of(part: str, year: int) -> Days:
    if part.endswith("半年"):
        first, months = (1 if part[0] == "上" else 7), 6
    else:
        first, months = 3 * (number(part[0]) or 1) - 2, 3
    begin = date(year, first, 1)
    return Days(begin, add_months(begin, months) - timedelta(1))


def _whole(found: re.Match[str], clock: Clock) -> Days | None:
    year = clock.today.year if found["here"] else _year(found["y"], clock)
    return Days(date(year, 1, 1), date(year, 12, 31))


def _near_month(found: re.Match[str], clock: Clock) -> Days | None:
    there = add_months(clock.today.replace(day=1), _NEXT_TO[found["side"]])
    return _in_month(found, there.year, there.month)


def _near_week(found: re.Match[str], clock: Clock) -> Days | None:
    monday = clock.today + timedelta(7 * _NEXT_TO[found["side"]] - clock.today.weekday())
    if found["d"]:
        return Days.of(monday + timedelta(_WEEKDAYS[found["d"]]))
    return Days(monday, monday + timedelta(6))


def _near_day(found: re.Match[str], clock: Clock) -> Days | None:
    return Days.of(clock.today + timedelta(_DAY_OF[found.group()]))


def _bare_day(found: re.Match[str], clock: Clock) -> Days | None:
    """20号: of the months around, the last such day or the next."""
    months = [add_months(clock.today.replace(day=1), n) for n in range(-3, 4)]
    days = [_day(month.year, month.month, number(found["d"])) for month in months]
    known = [one for one in days if one]
    if clock.is_ahead:
        return next((one for one in known if one.first >= clock.today), None)
    return next((one for one in reversed(known) if one.first <= clock.today), None)


def _year(said: str, clock: Clock) -> int:
    if said in _YEARS:
        return clock.today.year + _YEARS[said]
    return int(said.translate(_ZEROS))


def _month(year: int, month: int) -> Days | None:
    return Days.of_month(year, month) if 1 <= month <= 12 else None


def _day(year: int, month: int, day: int | None) -> Days | None:
    if not 1 <= month <= 12 or not day or day > monthrange(year, month)[1]:
        return None
    return Days.of(date(year, month, day))


_READERS = (
    (_ISO, _iso),
    (_CALENDAR, _calendar),
    (_PART, _part),
    (_WHOLE, _whole),
    (_NEAR_MONTH, _near_month),
    (_NEAR_WEEK, _near_week),
    (_NEAR_DAY, _near_day),
    (_BARE_DAY, _bare_day),
)
