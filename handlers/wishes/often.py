"""How often a clause wishes to be written to: «少发点», «一周一条», «照常发»."""

from __future__ import annotations

import re
from datetime import datetime

from handlers.wishes.phrases import ENDS, ME, MOST, NUM, SEND, Heard
from outreach.wishes import LESS
from records.wishes import REFUSABLE, Name, Wanted, topic_name

_USUAL = re.compile(
    r"^(?:都)?(?:照常|照旧|照样|恢复平常|恢复正常|恢复原样|按原来的?|跟以前一样|和以前一样|像以前一样|正常)"
    rf"(?:给我)?{SEND}?{ENDS}$"
)
_BACK = (
    (re.compile(r"^(?:恢复)?(?:平常|原来的?)次数$|^次数照(?:常|旧)$|^多发(?:一)?点$"), Name.RATE),
    (
        re.compile(
            rf"^(?:不限|不管|不挑)(?:钟点|时间|几点)(?:都)?{ENDS}$|^(?:随时|什么时候)都?(?:可以|能)?{SEND}{ENDS}$"
        ),
        Name.HOURS,
    ),
    (re.compile(r"^(?:我)?(?:现在|最近)?不(?:上|倒)(?:夜班|晚班)(?:了)?$"), Name.HOURS),
    (
        re.compile(
            rf"^(?:不限|不挑|不管)(?:哪天|星期几|日子){ENDS}$|^每天都(?:可以|能){SEND}{ENDS}$"
        ),
        Name.DAYS,
    ),
    (re.compile(rf"^(?:现在|今天)(?:就)?(?:可以|能)?(?:接着|继续){SEND}{ENDS}$"), Name.PAUSE),
)


def usual(clause: str, now: datetime) -> Heard | None:
    if _USUAL.match(clause):
        return Heard((), (*Name, *(topic_name(topic) for topic in REFUSABLE)), True)
    name = next((name for pattern, name in _BACK if pattern.match(clause)), None)
    return Heard((), (name,), True) if name else None


_FEWER = re.compile(
    rf"^(?:少{ME}{SEND}(?:一)?(?:点|些|几条|几次)?|{SEND}(?:得)?少(?:一)?(?:点|些)|"
    rf"(?:消息|短信|信息|推送)?{SEND}?(?:得)?(?:有点|也)?(?:太|这么|那么)(?:多|勤|密|频繁)|"
    rf"(?:别|不要|不用|莫)(?:老|总|一直|天天|老是|总是|整天|成天|每天|这么多|太多|太勤){ME}{SEND}|"
    rf"(?:别|不要|莫){ME}{SEND}(?:这么|那么|太)(?:多|勤|密|频繁)){ENDS}$"
)
_WHAT = r"(?:的)?(?:消息|短信|信息|推送|通知)?"
_A_WEEK = re.compile(
    rf"^{_WHAT}(?:每个?|1个?)(?:星期|周|礼拜){MOST}{NUM}{ENDS}$|^{_WHAT}(?:按)?(?:每|1)周{MOST}{NUM}{ENDS}$"
)
_A_MONTH = re.compile(rf"^{_WHAT}(?:每|1)?个?月{MOST}{NUM}{ENDS}$")
_TWO_WEEKS = re.compile(rf"^{_WHAT}(?:每|隔)?(?:2个?(?:星期|周|礼拜)|半个月){MOST}{NUM}{ENDS}$")


def rated(clause: str, now: datetime) -> Heard | None:
    if _FEWER.match(clause) and re.search(r"发|推|消息|短信|信息|收|烦|吵|打扰", clause):
        return Heard((_rate(*LESS),), (), True, (Name.RATE,))
    for pattern, make in ((_A_WEEK, _weekly), (_A_MONTH, _monthly), (_TWO_WEEKS, _fortnightly)):
        found = pattern.match(clause)
        number = next((int(n) for n in found.groups() if n), 0) if found else 0
        if number:
            is_clear = bool(re.search(r"发|推|条", clause))
            return Heard((make(number),), (), is_clear)
    return None


def _weekly(number: int) -> Wanted:
    return _rate(min(number, 3), min(number * LESS[1] if number == 1 else 8, 8))


def _monthly(number: int) -> Wanted:
    return _rate(min(-(-number // 3), 3), min(number, 8))


def _fortnightly(number: int) -> Wanted:
    return _rate(min(number, 3), min(number * 2, 8))


def _rate(week: int, month: int) -> Wanted:
    return Wanted(Name.RATE, f"{week}/{month}")
