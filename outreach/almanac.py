"""When something is to happen, as people say it: 腊月廿三, 除夕前3天 9:30, 初六晚上7点, 下周三.

Lunar days come from the package `borax`, which holds the almanac's years 1900 to 2100. A lunar day
has no year of its own here: the next one counts. What can mean two days is refused, not guessed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from borax.calendars.lunardate import InvalidLunarDateError, LCalendars, LunarDate, TermUtils

from outreach.calendars import CHINA, EVENING

_DAY = timedelta(days=1)
_MORNING, _EVENING = time(9), time(18)
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_LUNAR = {  # month and day of the lunar year
    **dict.fromkeys(("春节", "大年初一", "年初一"), (1, 1)),
    **dict.fromkeys(("元宵节", "元宵"), (1, 15)),
    **dict.fromkeys(("端午节", "端午"), (5, 5)),
    "七夕": (7, 7),
    **dict.fromkeys(("中秋节", "中秋"), (8, 15)),
    **dict.fromkeys(("重阳节", "重阳"), (9, 9)),
    **dict.fromkeys(("腊八节", "腊八"), (12, 8)),
}
_SOLAR = {
    "元旦": (1, 1),
    **dict.fromkeys(("妇女节", "三八节"), (3, 8)),
    **dict.fromkeys(("劳动节", "五一"), (5, 1)),
    **dict.fromkeys(("国庆节", "国庆", "十一"), (10, 1)),
}
_TERMS = {"清明节": "清明", "清明": "清明", "冬至": "冬至"}
_EVES = ("除夕", "大年三十", "年三十")
_NEAR = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3}
_YEARS = {"今年": 0, "明年": 1, "后年": 2}
_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_ONES = "[一二两三四五六七八九]"
_N = rf"(?:\d{{1,3}}|(?:[二三四五六七八九]?十|廿|卅){_ONES}?|{_ONES})"
_HOUR = rf"(?:\d{{1,2}}|二十[一二三四]?|十{_ONES}?|[零〇]|{_ONES})"
_TIME = re.compile(
    rf"(?P<part>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里)?"
    rf"(?:(?<!初)(?P<hour>{_HOUR})(?:(?:点|时)(?:(?P<half>半)|(?P<minute>{_N})分?|整)?|:(?P<exact>\d\d)))?$"
)
_OWN = re.compile(r"(?:在)?(?:各人|每人|各自)(?:的)?(?:晚上|傍晚)$")
_OFFSET = re.compile(rf"(?:(?P<sign>前|后)(?P<days>{_N})天|的?(?P<next>第二天|当天))$")
_YEAR = re.compile(r"(?P<year>\d{4})年")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$")
_OF_SUN = re.compile(rf"(?P<month>{_N})月(?P<day>{_N})[日号]$|(\d+)月(\d+)$")
_MOONS = "正二三四五六七八九十冬腊"  # 一月 is one of the sun, and so are months in digits
_OF_MOON = re.compile(
    rf"(?:农历|阴历)闰?(?:[正冬腊]|{_N})月初?{_N}$"
    rf"|闰?(?:[{_MOONS}]|十[一二])月初?(?!\d){_N}$"
)
_WEEK = re.compile(r"(?P<next>下)?(?:个)?(?:周|星期|礼拜)(?P<day>[一二三四五六日天])$")
_CALENDAR = range(1901, 2100)  # years of which the lunar calendar is known
_LATER = re.compile(rf"(?P<days>{_N})天(?:以)?后$")


class AlmanacFault(ValueError):
    """No moment could be understood; one sentence in Chinese that says how to put it."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as it was said; `words` say which one it is, in both calendars.

    `is_evening`: not at `at` exactly but in each person's own evening of that day.
    """

    at: datetime
    words: str
    is_evening: bool = False


def moment(said: str, now: datetime) -> Moment:
    """The next moment after `now` that these words mean; AlmanacFault where there is none."""
    text, clock, is_evening = parted(said)
    today = now.astimezone(CHINA).date()
    until = EVENING if is_evening else clock
    day = _next(text, said, today, lambda d: datetime.combine(d, until, CHINA) > now)
    at = datetime.combine(day, clock, CHINA)
    return Moment(at, _words(at, is_evening=is_evening), is_evening)


def bare(said: str) -> str:
    """Words without blanks but those between two numbers, their signs in the narrow form."""
    spaced = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", said).strip())
    return re.sub(r"(?<!\d) | (?!\d)", "", spaced)


def parted(said: str) -> tuple[str, time, bool]:
    """The words without their time of day, that time, and whether it is each one's evening."""
    text = bare(said)
    if found := _OWN.search(text):
        return text[: found.start()], _EVENING, True
    return *_clock(text, said), False


def lunar(day: date) -> str:
    """The lunar day as people call it: 农历腊月廿三; 除夕 where it is that."""
    if is_eve(day):
        return "除夕"
    found = LunarDate.from_solar(day)
    return f"农历{'闰' if found.leap else ''}{found.cn_month}月{found.cn_day}"


def is_eve(day: date) -> bool:
    """Whether it is the last day of the lunar year, which has a 30th or not."""
    after = LunarDate.from_solar(day + _DAY)
    return (after.month, after.day, after.leap) == (1, 1, 0)


def eve(year: int) -> date:
    """除夕 in this year of the sun, January or February."""
    first: date = LunarDate(year, 1, 1).to_solar_date()
    return first - _DAY


def _words(at: datetime, *, is_evening: bool) -> str:
    when = "每人的晚上" if is_evening else f"{at:%H:%M}"
    return f"{at.year}年{at.month}月{at.day}日（{lunar(at.date())}）{when}"


def _next(text: str, said: str, today: date, is_ahead: Callable[[date], bool]) -> date:
    """The first day from today on that is meant and whose hour is still to come."""
    text, shift = _shift(text)
    text, year = _year(text, today, said)
    days = [day + shift for day in _days(text, said, today, year)]
    ahead = [day for day in days if is_ahead(day)]
    if ahead:
        return _known(min(ahead), said)
    if days:
        raise AlmanacFault(f"“{said}”已经过了，请写一个还没到的日子。")
    raise AlmanacFault(
        f"没看懂“{said}”是哪天。可以写：腊月廿三、除夕前3天、初六 9:30、1月20日上午10点、下周三。"
    )


def _days(text: str, said: str, today: date, year: int | None) -> list[date]:
    """Every day near today that the words can mean; years of the sun are tried one by one."""
    if text.endswith("小年"):
        raise AlmanacFault("小年有的地方是腊月廿三，有的是廿四：请写腊月廿三或腊月廿四。")
    if year is None and (near := _near(text, today)) is not None:
        return [near]
    if found := _ISO.fullmatch(text):
        return [_sun(int(found[1]), int(found[2]), int(found[3]), said=said)]
    years = [year] if year else range(today.year - 1, today.year + 3)
    if text in _LUNAR or text in _EVES or _OF_MOON.fullmatch(text) or _first_days(text):
        return _of_moon(text, said, today, year)
    return [day for each in years if (day := _of_sun(text, each, said)) is not None]


def _near(text: str, today: date) -> date | None:
    if text in _NEAR:
        return today + _NEAR[text] * _DAY
    if found := _LATER.fullmatch(text):
        return today + _number(found["days"]) * _DAY
    if found := _WEEK.fullmatch(text):
        wanted = "一二三四五六日".find(found["day"].replace("天", "日"))
        monday = today - today.weekday() * _DAY
        if found["next"]:
            return monday + (7 + wanted) * _DAY
        return monday + (wanted + (7 if wanted < today.weekday() else 0)) * _DAY
    return None


def _of_sun(text: str, year: int, said: str) -> date | None:
    if text in _SOLAR:
        return _sun(year, *_SOLAR[text], said=said)
    if text in _TERMS:
        term: date = TermUtils.nth_term_day(year, term_name=_TERMS[text])
        return term
    if found := _OF_SUN.fullmatch(text):
        month, day = found["month"] or found[3], found["day"] or found[4]
        is_leap_day = (_number(month), _number(day)) == (2, 29)
        try:
            return date(year, _number(month), _number(day))
        except ValueError as fault:
            if is_leap_day:
                return None
            raise _no_such(said) from fault
    return None


def _sun(year: int, month: int, day: int, *, said: str) -> date:
    _check_year(year, said)
    try:
        return date(year, month, day)
    except ValueError as fault:
        raise _no_such(said) from fault


def _known(day: date, said: str) -> date:
    """The day, if the lunar calendar still knows it."""
    _check_year(day.year, said)
    return day


def _check_year(year: int, said: str) -> None:
    if year not in _CALENDAR:
        raise AlmanacFault(f"“{said}”的年份不对：请写近几年的日子。")


def _of_moon(text: str, said: str, today: date, year: int | None) -> list[date]:
    """A lunar day of the years around; one with a year only where both calendars agree on it."""
    years = [year - 1, year] if year else range(today.year - 2, today.year + 4)
    if year:
        days = [day for each in years if (day := _moon(text, each))]
        if len({day.year == year for day in days}) == len(days) > 1 and days[1].year != year:
            raise AlmanacFault(
                f"“{said}”有两种说法（{_plain(days[0])}，{_plain(days[1])}）：请写公历的日子。"
            )
        return [day for day in days if day.year == year]
    found = [day for each in years if (day := _moon(text, each)) is not None]
    if text in ("腊月三十", "腊月卅") and (near := _coming_eve(today)) not in found:
        raise AlmanacFault(
            f"这一年的腊月没有三十，除夕是腊月廿九（{_plain(near)}）：请写除夕或腊月廿九。"
        )
    if not found:
        raise _no_such(said)
    return found


def _coming_eve(today: date) -> date:
    return next(day for year in (today.year, today.year + 1) if (day := eve(year)) >= today)


def _moon(text: str, year: int) -> date | None:
    """A day of this lunar year; None where the year has no such day."""
    if text in _EVES:
        return eve(year + 1)
    month, day, leap = _of_month(text)
    if leap and LCalendars.leap_month(year) != month:
        return None
    try:
        found: date = LunarDate(year, month, day, leap).to_solar_date()
    except InvalidLunarDateError:
        return None
    return found


def _of_month(text: str) -> tuple[int, int, int]:
    """Month, day, and 1 for a leap month."""
    if text in _LUNAR:
        return (*_LUNAR[text], 0)
    if first := _first_days(text):
        return 1, first, 0
    head, _, day = text.removeprefix("农历").removeprefix("阴历").partition("月")
    name = head.removeprefix("闰")
    month = _LUNAR_MONTHS.get(name) or _number(name)
    return month, _number(day.removeprefix("初")), 1 if head != name else 0


def _first_days(text: str) -> int:
    """初六 alone is that of the first month."""
    found = re.fullmatch(r"(?:大年|年)?初([一二三四五六七八九十])", text)
    return _number(found[1]) if found else 0


def _clock(text: str, said: str) -> tuple[str, time]:
    """What is left without the time of day, and that time; nine in the morning where none is."""
    found = _TIME.search(text)
    if found is None or not found[0]:
        return text, _MORNING
    if found["hour"] is None:
        raise AlmanacFault(f"“{said}”没说几点：请写成上午9点、晚上7点半或14:30。")
    minute = 30 if found["half"] else _number(found["exact"] or found["minute"] or "0")
    hour = _hour(_number(found["hour"]), found["part"] or "")
    if hour > 23 or minute > 59:
        raise AlmanacFault(f"“{said}”里的时间不对：请写成上午9点、晚上7点半或14:30。")
    return text[: found.start()].rstrip(), time(hour, minute)


def _hour(hour: int, part: str) -> int:
    is_afternoon = part in ("下午", "傍晚", "晚上", "夜里") or (part == "中午" and hour < 11)
    return hour + 12 if is_afternoon and hour < 12 else hour


def _shift(text: str) -> tuple[str, timedelta]:
    found = _OFFSET.search(text)
    if not found or not text[: found.start()]:
        return text, timedelta()
    if found["next"]:
        return text[: found.start()], _DAY if found["next"] == "第二天" else timedelta()
    days = _number(found["days"]) * _DAY
    return text[: found.start()], days if found["sign"] == "后" else -days


def _year(text: str, today: date, said: str) -> tuple[str, int | None]:
    if found := _YEAR.match(text):
        _check_year(int(found["year"]), said)
        return text[found.end() :], int(found["year"])
    if text[:2] in _YEARS:
        return text[2:], today.year + _YEARS[text[:2]]
    return text, None


def _number(text: str) -> int:
    """九, 十五, 廿三, 三十, 21."""
    if text.isdigit():
        return int(text)
    plain = text.replace("廿", "二十").replace("卅", "三十").replace("十十", "十")
    tens, has_ten, ones = plain.rpartition("十")
    return (_DIGITS.get(tens, 1) * 10 if has_ten else 0) + _DIGITS.get(ones, 0)


def _plain(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _no_such(said: str) -> AlmanacFault:
    return AlmanacFault(f"没有“{said}”这一天，请再核对一下。")
