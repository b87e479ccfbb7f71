"""佐证清单: the figures of a span with the records behind them, and what units did, with proof."""

from __future__ import annotations

from collections.abc import Iterator

from outreach.reports.ledgers import figures, small
from outreach.reports.periods import PeriodKind
from outreach.reports.table import Asked, Column, Report, Row, Table, Value
from records import unit_tasks
from records.database import Session
from records.scope import is_local

COLUMNS = (
    Column("no", "序号"),
    Column("part", "类别"),
    Column("what", "内容"),
    Column("value", "数"),
    Column("unit", "单位"),
    Column("source", "来源"),
    Column("day", "日期"),
    Column("by", "谁办的"),
    Column("proof", "佐证"),
)
_NOTES = ("数都从记录里算出来，点开能看到背后的名单；任务的佐证是办的人写的，照原话。",)


def build(session: Session, asked: Asked) -> Table:
    """Figures first, then each task that was done in the span."""
    found = [*_figures(session, asked), *([] if asked.is_public else _tasks(session, asked))]
    rows = [
        Row({"no": number, **row.cells}, row.opens, row.area)
        for number, row in enumerate(found, 1)
    ]
    subtitle = f"{asked.named(asked.area)}　{asked.period.spoken}"
    notes = (*_NOTES, small.NOTE) if asked.is_public else _NOTES
    return Table("佐证清单", COLUMNS, rows, notes, subtitle)


def _figures(session: Session, asked: Asked) -> Iterator[Row]:
    for one, value in figures.counted(session, asked):
        cells: dict[str, Value] = {
            "part": "指标",
            "what": one.title,
            "value": value,
            "unit": one.unit.value,
            "source": one.source,
        }
        yield Row(cells, figures.opens(one, "value"), asked.area)


def _tasks(session: Session, asked: Asked) -> Iterator[Row]:
    area = "" if is_local(asked.area) else asked.area
    for task in unit_tasks.of_area(session, area):
        if is_local(asked.area) and task.told.area != asked.area:
            continue
        for done in reversed(unit_tasks.evidence(session, asked.vault, task.number)):
            if asked.period.holds(done.due_on):
                cells: dict[str, Value] = {
                    "part": "任务",
                    "what": task.told.title,
                    "source": task.told.units,
                    "day": done.due_on,
                    "by": done.staff,
                    "proof": done.evidence,
                }
                yield Row(cells, area=task.told.area)


EVIDENCE = Report(
    name="evidence",
    title="佐证清单",
    about="督查和考核用：每个数从哪来，每项任务谁什么时候办的、有什么佐证",
    period=PeriodKind.YEAR,
    build=build,
    lists=figures.LISTS,
)
