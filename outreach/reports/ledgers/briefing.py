"""调研简报: one page for a visit: figures, three cases that may be told, open problems."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from outreach import unit_tasks as standings
from outreach.cases import publishing
from outreach.courses.booking import today_of
from outreach.reports.ledgers import coverage, figures, small, tickets
from outreach.reports.periods import Period, PeriodKind, containing
from outreach.reports.table import Asked, Column, Report, Row, Table, Unit, Value
from records import unit_tasks
from records.database import Session
from records.scope import is_local
from records.unit_tasks import Task
from registry import villages

_CASES = 3
_SHOWN = frozenset(
    {
        *("登记人数", "有创业意向", "返乡创业人数", "在营主体", "员工数", "服务覆盖率"),
        *("新提诉求", "办结诉求", "办结用时（一半）", "满意度", "回答满意度的"),
        *("签约项目", "签约投资额", "实际资金落地额", "1年存活率"),
    }
)
_UNREACHED = figures.Figure(
    *("还没联系过", Unit.PEOPLE, coverage.measure, "unreached", "走访回访记录"), of=("reached",)
)
COLUMNS = (
    Column("part", "栏目"),
    Column("what", "内容"),
    Column("value", "数"),
    Column("unit", "单位"),
    Column("note", "说明"),
)
_NOTES = ("从年初到这一天的数；案例都是本人同意讲、审过稿的，没同意带名字的不带名字。",)


def build(session: Session, asked: Asked) -> Table:
    """The figures of the year so far, cases, problems."""
    year = replace(asked, period=_so_far(asked))
    rows = [*_figures(session, year), *_cases(session, asked), *_problems(session, year)]
    title = f"{asked.named(asked.area)}返乡创业情况简报"
    notes = (*_NOTES, small.NOTE) if asked.is_public else _NOTES
    return Table(title, COLUMNS, rows, notes, asked.period.spoken)


def _so_far(asked: Asked) -> Period:
    """From the year's first day to the day of the visit."""
    year = containing(PeriodKind.YEAR, asked.period.last)
    return replace(year, last=asked.period.last)


def _figures(session: Session, asked: Asked) -> Iterator[Row]:
    among = [one for one in figures.FIGURES if one.title in _SHOWN]
    for one, value in figures.counted(session, asked, among):
        cells = {
            "part": "数",
            "what": one.title,
            "value": value,
            "unit": one.unit.value,
            "note": one.source,
        }
        yield Row(cells, figures.opens(one, "value"), asked.area)


def _cases(session: Session, asked: Asked) -> Iterator[Row]:
    area = villages.county_of(session, asked.area) if is_local(asked.area) else asked.area
    for story in publishing.within(session, asked.vault, area)[:_CASES]:
        name = f"（{story.name}）" if story.name else ""
        cells = {
            "part": "案例",
            "what": f"{story.case.text.title}{name}",
            "note": story.case.text.story,
        }
        yield Row(cells, area=story.case.area, subject=str(story.case.number))


def _problems(session: Session, asked: Asked) -> Iterator[Row]:
    for kind, count in tickets.overdue_by_kind(session, asked).items():
        told = small.cell(count, Unit.CASES, asked)
        yield _problem(f"{kind}：超期没办结", told, Unit.CASES)
    [(_, told)] = figures.counted(session, asked, [_UNREACHED])
    if told:
        found = _problem("有创业意向，还没联系过", told, Unit.PEOPLE)
        yield replace(found, opens={"value": "unreached"}, area=asked.area)
    today = min(today_of(asked.now), asked.period.last)
    for task in _tasks(session, asked.area):
        missed = standings.standing(task, today).missed
        if missed:
            note = f"{missed[0].month}月{missed[0].day}日到期"
            yield _problem(f"任务没办：{task.told.title}", len(missed), Unit.NONE, note)


def _tasks(session: Session, area: str) -> list[Task]:
    if is_local(area):
        return [one for one in unit_tasks.of_area(session, "") if one.told.area == area]
    return unit_tasks.of_area(session, area)


def _problem(what: str, value: Value, unit: Unit, note: str = "") -> Row:
    cells = {"part": "问题", "what": what, "value": value, "unit": unit.value, "note": note}
    return Row(cells)


BRIEFING = Report(
    name="briefing",
    title="调研简报",
    about="领导来看时的一页纸：今年的数、三个能讲的案例、还没解决的问题",
    period=PeriodKind.DAY,
    build=build,
    lists={**figures.LISTS, "unreached": coverage.unreached},
)
