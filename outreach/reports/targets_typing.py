"""A figure is typed by hand: held against what is known before it is kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from knowledge.targets import is_plain
from outreach.reports.annex4_counts import PLANNED, SPAN
from outreach.reports.table import Unit
from outreach.reports.targets_known import known
from outreach.reports.targets_measures import BY_NAME
from records import targets
from records.database import Session
from records.targets import Figure, Kind, Version

OUTSIDE_CITY = "outside_city"
MEASURES = {
    **{name: (one.title, one.unit) for name, one in BY_NAME.items()},
    PLANNED: ("拟增返乡创业主体（附件4）", Unit.PIECES),
    OUTSIDE_CITY: ("上年末市外务工人数", Unit.PEOPLE),
}
OF_KIND = {
    Kind.TARGET: tuple(one for one in BY_NAME if one != "outside_workers"),
    Kind.ACTUAL: tuple(name for name, one in BY_NAME.items() if one.count is None),
    Kind.PLANNED: (PLANNED,),
    Kind.BASE: ("outside_workers", OUTSIDE_CITY),
}
_TRIPLED = frozenset({"projects", "roadshow_training", "cases"})  # 附件3: three years, three times


class TypingRefusal(ValueError):
    """It cannot be kept so: which field, and one sentence in Chinese."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed; `seen` is the newest version that they were shown."""

    figure: Figure
    seen: int = 0
    is_sure: bool = False


def keep(session: Session, typed: Typed, *, by: str, at: datetime) -> int:
    """Keep it as the newest version; TypingRefusal where it cannot be, or wants a second look."""
    one = typed.figure
    if one.measure not in OF_KIND[one.kind]:
        raise TypingRefusal("measure", "这一类里没有这个指标")
    if one.unit != MEASURES[one.measure][1].value:
        raise TypingRefusal("measure", "单位和指标的不一样")
    if one.last_year < one.first_year:
        raise TypingRefusal("last", "结束的年份不能早于开始的年份")
    newest = latest(session, one)
    if newest is not None and newest.number > typed.seen:
        told = "空" if newest.figure.value is None else newest.figure.value
        raise TypingRefusal("value", f"{newest.by}刚填了{told}，请看过再填一次")
    if not typed.is_sure and (doubt := _doubt(session, one)):
        raise TypingRefusal("is_sure", doubt)
    return targets.keep(session, one, by=by, at=at)


def latest(session: Session, figure: Figure) -> Version | None:
    """The newest version of the same figure."""
    found = targets.versions(session, [figure.area], figure.measure)
    same = [one for one in found if one.figure.key == figure.key]
    return same[-1] if same else None


def _doubt(session: Session, one: Figure) -> str:
    """Why a person should say once more that it is meant so."""
    around = _around(session, one)
    if one.kind is Kind.TARGET and one.measure in _TRIPLED:
        for year, span in _pairs(one, around):
            if not is_plain(year, span):
                return f"三年数{span}不是年度数{year}的三倍，可能看错了列；没有错就勾上"
    if one.kind is Kind.PLANNED:
        for year, span in _pairs(one, around):
            if span < year:
                return f"三年拟增{span}比年度拟增{year}还小；没有错就勾上"
    return ""


def _around(session: Session, one: Figure) -> list[Figure]:
    """The other figures of this measure, area and source."""
    return [
        each.figure
        for each in known(session, [one.area])
        if (each.figure.kind, each.figure.measure) == (one.kind, one.measure)
        and each.figure.source == one.source
        and each.figure.key != one.key
    ]


def _pairs(one: Figure, around: Collection[Figure]) -> list[tuple[int, int]]:
    """Each year's figure with that of the three years around it."""
    years = [each for each in (one, *around) if each.first_year == each.last_year]
    spans = [each for each in (one, *around) if each.last_year - each.first_year == SPAN - 1]
    return [
        (year.value, span.value)
        for year in years
        for span in spans
        if one in (year, span) and span.first_year <= year.first_year <= span.last_year
        if year.value is not None and span.value is not None
    ]
