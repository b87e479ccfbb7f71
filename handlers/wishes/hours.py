"""Times and parts of the day as people say them."""

from __future__ import annotations

import re
from datetime import time

from outreach.calendars import EVENING, MORNING

DAY = (MORNING, EVENING)
_NOON, _DUSK = time(12, 0), time(18, 0)

Spans = tuple[tuple[time, time], ...]

PARTS: dict[str, Spans] = {
    "早上": ((MORNING, time(10, 0)),),
    "清早": ((MORNING, time(10, 0)),),
    "大清早": ((MORNING, time(10, 0)),),
    "上午": ((MORNING, _NOON),),
    "中午": ((time(11, 30), time(13, 30)),),
    "晌午": ((time(11, 30), time(13, 30)),),
    "午休": ((time(11, 30), time(13, 30)),),
    "下午": ((time(13, 0), _DUSK),),
    "傍晚": ((time(17, 0), time(19, 0)),),
    "晚上": ((_DUSK, EVENING),),
    "夜里": ((_DUSK, EVENING),),
    "晚饭后": ((time(18, 30), EVENING),),
    "下班": ((_DUSK, EVENING),),
    "下班后": ((_DUSK, EVENING),),
    "下班以后": ((_DUSK, EVENING),),
    "下了班": ((_DUSK, EVENING),),
    "收工后": ((_DUSK, EVENING),),
    "上班": ((MORNING, _NOON), (time(13, 30), _DUSK)),
    "上班时间": ((MORNING, _NOON), (time(13, 30), _DUSK)),
    "白天": ((MORNING, _DUSK),),
    "1早": ((MORNING, time(10, 0)),),
    "1大早": ((MORNING, time(10, 0)),),
    "大早上": ((MORNING, time(10, 0)),),
    "早晨": ((MORNING, time(10, 0)),),
    "清晨": ((MORNING, time(10, 0)),),
    "早起": ((MORNING, time(10, 0)),),
    "头晌": ((MORNING, _NOON),),
    "头午": ((MORNING, _NOON),),
    "午饭": ((time(11, 30), time(13, 30)),),
    "吃午饭": ((time(11, 30), time(13, 30)),),
    "中午吃饭": ((time(11, 30), time(13, 30)),),
    "中午休息": ((time(11, 30), time(13, 30)),),
    "晌午头": ((time(11, 30), time(13, 30)),),
    "午觉": ((time(12, 0), time(14, 0)),),
    "睡午觉": ((time(12, 0), time(14, 0)),),
    "午饭后": ((time(13, 0), _DUSK),),
    "后晌": ((time(13, 0), _DUSK),),
    "天黑": ((_DUSK, EVENING),),
    "天黑后": ((_DUSK, EVENING),),
    "天黑以后": ((_DUSK, EVENING),),
    "天黑之后": ((_DUSK, EVENING),),
    "天黑了": ((_DUSK, EVENING),),
    "天黑前": ((MORNING, _DUSK),),
    "天黑以前": ((MORNING, _DUSK),),
    "黑天": ((_DUSK, EVENING),),
    "夜间": ((_DUSK, EVENING),),
    "晚间": ((_DUSK, EVENING),),
    "黑夜": ((_DUSK, EVENING),),
    "晚饭以后": ((time(18, 30), EVENING),),
    "吃过晚饭": ((time(18, 30), EVENING),),
    "吃完晚饭": ((time(18, 30), EVENING),),
    "半夜": (),  # nothing of the day in which we write
    "半夜3更": (),
    "深夜": (),
    "天亮前": (),
    "天不亮": (),
    "下班前": ((MORNING, _DUSK),),
    "下班以前": ((MORNING, _DUSK),),
    "下班之前": ((MORNING, _DUSK),),
    "收工前": ((MORNING, _DUSK),),
    "收工以后": ((_DUSK, EVENING),),
    "夜班空": ((time(14, 0), EVENING),),  # has slept, and has not left for work
    "白班空": ((_NOON, time(13, 30)), (_DUSK, EVENING)),
}
_CLOCK = re.compile(r"(\D*)(\d{1,2})(?:点|:|时)?(半|\d{2})?")
_MORNINGS = ("早上", "早晨", "上午")
_LATE = ("下午", "晚上", "夜里", "傍晚", "晚")


def hour(said: str, *, is_evening: bool, after: time | None = None) -> time | None:
    """A time of the day; None where it is none, or may be that of the morning or the evening.

    `is_evening`: without a word for it the evening is meant, as in «8点以后别发»; else what lies
    behind `after`, or outside the night.
    """
    found = _CLOCK.match(said.replace("点钟", "点"))
    if found is None:
        return None
    part, number, minutes = found.group(1), int(found.group(2)), found.group(3)
    minute = 30 if minutes == "半" else int(minutes or 0)
    if number > 24 or minute > 59:
        return None
    is_named = part in (*_MORNINGS, *_LATE, "中午")
    is_late = {
        part in _LATE: number < 12,
        part == "中午": number < 4,
        not is_named: number < 12 and _is_late(number, is_evening, after),
    }
    if is_late.get(True):
        number += 12
    return time(min(number, 23), minute if number < 24 else 59)


def _is_late(number: int, is_evening: bool, after: time | None) -> bool:
    if after is not None:
        return number <= after.hour
    return number < 7 or (is_evening and number < 12)


def rest(part: Spans) -> Spans:
    """What is left of the day without a part of it."""
    begin, left = DAY[0], []
    for start, end in part:
        if start > begin:
            left.append((begin, start))
        begin = max(begin, end)
    if begin < DAY[1]:
        left.append((begin, DAY[1]))
    return tuple(left)
