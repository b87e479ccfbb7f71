"""What the reader of 附件4 should know and the form has no place for: settings, estimates."""

from __future__ import annotations

from collections import Counter

from outreach.calendars import spoken_day
from outreach.reports import annex4_counting as counting
from outreach.reports.annex4_counting import READY, RUNNING, THINKING
from outreach.reports.annex4_counts import Counts
from outreach.reports.parts import Parts
from outreach.reports.rules import HalfYear, UrbanBy
from outreach.reports.table import Asked


def beside(asked: Asked, parts: Parts, counts: Counts) -> list[str]:
    """What the settings are, the estimates, what is missing; the form has no place for these."""
    span = counting.span_of(asked)
    day = f"{spoken_day(span.first)}—{spoken_day(span.last)}"
    said = [
        f"数到{span.day.isoformat()}；春节期间按{span.first.year}年{day}算。",
        *_settled(asked),
    ]
    if asked.now < span.moments[0]:
        said.append("春节期间还没到：返乡的先按现在已回老家的人算，过了节再数一次。")
    without = sum(
        n for one, n in counts.people.items() if one.is_back and one.intent in (RUNNING, READY)
    )
    if asked.rules.thinking:
        said.append(f"有创业意向的不算“有想法没想好”的，合计{without}人。")
    return [*said, *_estimates(asked, parts, counts)]


def _settled(asked: Asked) -> list[str]:
    rules = asked.rules
    urban = "户口" if rules.urban_by is UrbanBy.HUKOU else "老家在社区、街道还是村里"
    half = "最近12个月加起来" if rules.half_year is HalfYear.TOTAL else "中间没回来过"
    moves = "算" if rules.district_moves else "不算"
    least = "不到半年的也算返乡" if rules.short_away else "在外半年以上的才算返乡"
    return [f"城镇农村看{urban}；半年按{half}；市区之间{moves}出县；{least}。"]


def _estimates(asked: Asked, parts: Parts, counts: Counts) -> list[str]:
    """From below: who means to begin; never put into the form (domain 5.7)."""
    ready = Counter[str]()
    thinking = Counter[str]()
    for group, n in counts.people.items():
        ready[group.place] += n if group.intent == READY else 0
        thinking[group.place] += n if group.intent == THINKING else 0
    year = asked.period.first.year
    said = [
        f"{part.name}{year}年{ready[part.code]}个、三年{ready[part.code] + thinking[part.code]}个"
        for part in parts.parts
        if ready[part.code] + thinking[part.code]
    ]
    missing = [p.name for p in parts.parts if None in counts.planned[p.code] and not p.is_extra]
    lines = []
    if said:
        how = "年度数是“马上想干”的人，三年再加“有想法没想好”的"
        lines.append(f"拟增主体由各县自己填。从登记往上估（{how}，只供参考）：{'；'.join(said)}。")
    if missing:
        lines.append(f"做这张表的时候，拟增主体没填全：{'、'.join(missing)}。")
    lines += [
        f"{part.name}的三年拟增数比年度数小，请核对。"
        for part in parts.parts
        if _is_odd(counts.planned[part.code])
    ]
    return lines


def _is_odd(planned: tuple[int | None, int | None]) -> bool:
    year, span = planned
    return year is not None and span is not None and span < year
