"""What papers are made of: the month's figures, of any span and place, with their lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from outreach.reports import counting, month_lists
from outreach.reports.month import FIGURES, Days, Figure, counted
from outreach.reports.notices import public
from outreach.reports.table import Asked, Column, Listed, Unit, Value
from records.database import Session

# No sum of these is one: a project is told of in two towns, a founder may have a business in each.
NOT_SUMMED = frozenset({"projects", "founders", "took"})
BY_NAME: Mapping[str, Figure] = {one.name: one for one in FIGURES}
_KEPT = "counted for reports"

ListOf = Callable[[Session, Asked], Listed]
Counted = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class _Area:
    """What was counted of an area, and from what."""

    figures: Counted
    lists: Mapping[str, Listed]


def of_area(session: Session, asked: Asked) -> Counted:
    """Every figure of an area by name."""
    return _of(session, asked).figures


def list_of(name: str) -> ListOf:
    """The list behind a figure, of whichever area is asked."""

    def find(session: Session, asked: Asked) -> Listed:
        return _of(session, asked).lists[name]

    return find


def lists() -> dict[str, ListOf]:
    """The lists behind all figures that have one, by the figure's name."""
    return {name: list_of(name) for name in month_lists.LISTS}


def opens(names: Counted, prefix: str = "") -> dict[str, str]:
    """Which list each of these figures opens."""
    return {
        name: prefix + name
        for name, value in names.items()
        if name in month_lists.LISTS and value is not None
    }


def columns() -> list[Column]:
    """One for each figure."""
    return [Column(one.name, one.title, unit_of(one)) for one in FIGURES]


def unit_of(figure: Figure) -> Unit:
    """Its unit, as tables name it."""
    return Unit(figure.unit.value)


def said(figures: Mapping[str, Value], name: str) -> str:
    """A figure with its unit: 12人, <5人; 没有数 and 不公开 where none can be said."""
    value = figures.get(name)
    if value == public.CONCEALED:
        return "不公开"
    return "没有数" if value is None else f"{value}{BY_NAME[name].unit.value}"


def in_words(figures: Mapping[str, Value]) -> list[str]:
    """The figures as a paper tells them, a paragraph for each matter."""

    def one(name: str) -> str:
        return said(figures, name)

    return [
        f"一、人员。新登记{one('registered')}，其中有创业意向{one('with_intent')}。",
        f"二、主体。新增返乡创业经营主体{one('founded')}，涉及创业的人{one('founders')}；"
        f"停业{one('closed')}。满一年的主体{one('year_old')}，其中还开着{one('survived')}、"
        f"停业{one('failed')}、还没问到{one('unheard')}。",
        f"三、服务。新收诉求{one('requests')}，办完{one('done')}，其中超期{one('late')}，"
        f"办结用时中位数{one('took')}。",
        f"四、项目和培训。向{one('told')}推介项目{one('projects')}；"
        f"培训结课{one('courses')}，参加{one('learnt')}；办活动{one('events')}，"
        f"参加{one('guests')}。",
    ]


def _of(session: Session, asked: Asked) -> _Area:
    """Counted once for a report with all its lists: kept with the session, for this moment."""
    span = (asked.period, asked.now)
    kept: dict[tuple[object, ...], _Area] = session.info.setdefault(_KEPT, {})
    if any(key[1:] != span for key in kept):
        kept.clear()
    key = (asked.area, *span)
    if key not in kept:
        kept[key] = _counted(session, asked)
    return kept[key]


def _counted(session: Session, asked: Asked) -> _Area:
    days = Days(asked.period.first, asked.period.last)
    facts = counting.facts(session, asked.area, days)
    lists = {name: month_lists.listed(name, facts, days) for name in month_lists.LISTS}
    return _Area(counted(facts, days), lists)
