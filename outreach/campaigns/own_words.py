"""Waves by a day of people's own as they are said: 返乡前3天 9:30, 登记满30天 晚上."""

from __future__ import annotations

import re

from knowledge.numerals import digits
from outreach import almanac
from outreach.almanac import AlmanacFault
from outreach.calendars import EVENING, MORNING
from outreach.campaigns.own_days import WORDS, Own
from outreach.campaigns.refusing import CampaignRefused
from records.campaigns import OwnDay

_HOW = "可以写：返乡前3天 9:30、办照满6个月那天、登记满30天 晚上"
_FAR = 3660  # days from somebody's day
_MONTH = 28  # days that it has at least
_PAST = (OwnDay.REGISTERED, OwnDay.LICENSED)  # days that are never still to come
_EACH = re.compile(r"^(?:按|从)?(?:每一?个?人|各人|个人|本人|大家|他们)?(?:各自|自己)?的?")
_SAID = {
    OwnDay.LICENSED: r"(?:办(?:理|了|好|完)?|领(?:到|取|了)?|拿(?:到|了)?)?(?:营业)?执照|办了?照"
    r"|工商(?:登记|注册)",
    OwnDay.REGISTERED: r"(?:来|本人)?登记",
    OwnDay.RETURN: r"返乡|返家|回乡|回老家|回家|回来|回村|到家",
}
_DAYS = re.compile("|".join(f"(?P<{day.name}>{said})" for day, said in _SAID.items()))
_THAT = r"(?:那1?天|当天|那日|当日|的?时候|时)"
_N = r"(?P<n>\d{1,4}|半)"
_SPAN = rf"{_N}个?(?P<half>半)?(?P<unit>天|日|周|星期|礼拜|月|年)(?P<more>半)?"
_HERE = re.compile(rf"的?(?:日子|日期|时间|日)?(?:的?{_THAT})?")
_NTH = re.compile(r"的?第(?P<n>\d{1,4})天|的?(?P<next>次日|隔天)")
_FULL = re.compile(rf"(?:日|那1?天)?了?(?:满|够|过了?){_SPAN}(?:的?{_THAT})?(?:以?后(?!\d))?")
_AROUND = (
    re.compile(rf"的?(?:日子|日期|日)?(?:之|以)?的?(?P<sign>前|后){_SPAN}"),
    re.compile(rf"的?{_SPAN}(?:之|以)?(?P<sign>前|后)"),
)
_BARE_EVENING = re.compile(r"(?<!各人)(?<!每人)(?<!各自)(?<!人的)(?<!自的)的?(?:晚上|傍晚)$")
_UNKEPT = (
    (r"生日|过生|出生|周岁", "生日没有登记，不能按它排"),
    (r"开业|开张", "开业的日子没有登记，按办照的日子排吧"),
    (r"注册", "“注册”可以是来登记，也可以是办执照，请写登记或办照"),
    (r"结业|毕业|上课|培训|参加", "课和活动的日子不是每个人自己的，请按日历排"),
)
_DAYS_OF = {"天": 1, "日": 1, "周": 7, "星期": 7, "礼拜": 7}


def read(said: str) -> Own | None:
    """What goes by a day of people's own; None for what does not. CampaignRefused."""
    text = _EACH.sub("", almanac.bare(said))
    for word, why in _UNKEPT:
        if re.match(word, text):
            raise CampaignRefused(f"“{said}”：{why}。{_HOW}。")
    found = _DAYS.match(text)
    if found is None:
        return None
    day = OwnDay[found.lastgroup or ""]
    try:
        rest, clock, is_evening = almanac.parted(with_evening(text[found.end() :]))
    except AlmanacFault as fault:
        raise CampaignRefused(f"“{said}”没说清几点：请写成上午9点、14:30或晚上。") from fault
    shift = _shift(digits(rest))
    if shift is None:
        raise CampaignRefused(f"没看懂“{said}”是{WORDS[day]}前后多久。{_HOW}。")
    made = Own(day, *shift, clock, is_evening)
    _check(made, said)
    return made


def with_evening(said: str) -> str:
    """The evening without an hour is each one's own."""
    return _BARE_EVENING.sub("每人晚上", said.rstrip())


def _shift(text: str) -> tuple[int, int] | None:
    """Months and days from the day; None for what is no span."""
    if _HERE.fullmatch(text):
        return 0, 0
    if found := _NTH.fullmatch(text):
        return 0, 1 if found["next"] else int(found["n"]) - 1
    for pattern in _AROUND:
        if found := pattern.fullmatch(text):
            return _signed(found)
    full = _FULL.match(text)
    first = _span(full) if full else None
    if full is None or first is None:
        return None
    rest = text[full.end() :]
    more = _shift(rest) if rest else (0, 0)
    return (first[0] + more[0], first[1] + more[1]) if more else None


def _signed(found: re.Match[str]) -> tuple[int, int] | None:
    sign, span = -1 if found["sign"] == "前" else 1, _span(found)
    return (sign * span[0], sign * span[1]) if span else None


def _span(found: re.Match[str]) -> tuple[int, int] | None:
    """Months and days of 6个月, 一年半, 半个月, 两周, 30天."""
    unit, is_half = found["unit"], found["n"] == "半"
    number = 0 if is_half else int(found["n"])
    has_more = bool(found["half"] or found["more"])
    if unit in _DAYS_OF:
        return None if is_half or has_more else (0, number * _DAYS_OF[unit])
    if unit == "年":
        return 12 * number + (6 if is_half or has_more else 0), 0
    return number, 15 if is_half or has_more else 0


def _check(made: Own, said: str) -> None:
    if made.own in _PAST and made.months * _MONTH + made.days < 0:
        name = WORDS[made.own]
        raise CampaignRefused(
            f"“{said}”：{name}是已经过了的日子，不能在它之前发，请写{name}满多久。"
        )
    if abs(made.months) * _MONTH + abs(made.days) > _FAR:
        raise CampaignRefused(f"“{said}”隔得太远，最多10年。")
    if not MORNING <= made.clock < EVENING:
        raise CampaignRefused(
            f"“{said}”不能发：晚上{EVENING:%H:%M}到早上{MORNING:%H:%M}不打扰人，请换个时间。"
        )
