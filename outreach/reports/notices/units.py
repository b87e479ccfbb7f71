"""两月一调度: which unit was to do what by when, and how it stands; late is said without blame."""

from __future__ import annotations

from collections.abc import Sequence

from outreach.reports.periods import PeriodKind
from outreach.reports.table import Asked, Column, Report, Row, Table, Unit, Value
from outreach.unit_tasks import standing
from records import unit_tasks
from records.database import Session
from records.unit_tasks import Rhythm, Task

_ORDER = "按任务编号排，不排名。晚了的写明晚了几次，补上就行，原因可以写在备注里。"


def _table(session: Session, asked: Asked) -> Table:
    tasks = [one for one in unit_tasks.of_area(session, asked.area) if _is_of(one, asked)]
    rows = [_row(asked, one) for one in tasks]
    total: dict[str, Value] = {
        "unit": "合计",
        "done": sum(_number(row, "done") for row in rows),
        "missed": sum(_number(row, "missed") for row in rows),
    }
    rows.append(Row(total, area=asked.area, subject="total", is_total=True))
    columns = (
        Column("unit", "单位"),
        Column("task", "任务"),
        Column("rhythm", "多久一次"),
        Column("next", "下次时限"),
        Column("state", "情况"),
        Column("done", "本期办了", Unit.CASES),
        Column("missed", "过了时限还没办", Unit.CASES),
    )
    title = f"{asked.named(asked.area)}成员单位两月调度表"
    return Table(title, columns, rows, (_ORDER,), asked.period.spoken)


def words(table: Table, asked: Asked) -> Sequence[str]:
    """The dispatch in words."""
    late = [row for row in table.rows if not row.is_total and _number(row, "missed")]
    total = next(row for row in table.rows if row.is_total)
    head = (
        f"{asked.period.spoken}，成员单位共办了{_number(total, 'done')}件，"
        f"过了时限还没办的有{_number(total, 'missed')}件。"
    )
    open_ones = [f"{row.cells['unit']}：{row.cells['task']}" for row in late]
    asks = f"请补上：{'；'.join(open_ones)}。" if open_ones else "没有晚的。"
    return [head, asks, "办不动的，请写明卡在哪里、要谁帮忙，调度会上一起定。"]


def _is_of(task: Task, asked: Asked) -> bool:
    return task.told.since <= asked.period.last


def _row(asked: Asked, task: Task) -> Row:
    """How a task stood on the last day of the period, the days since then left out."""
    found = standing(task, asked.period.last)
    done = sum(asked.period.holds(day) for day in task.done)
    cells: dict[str, Value] = {
        "unit": task.told.units or task.told.staff or "没写单位",
        "task": task.told.title,
        "rhythm": task.told.rhythm.value if task.told.rhythm is not Rhythm.ONCE else "一次",
        "next": found.due,
        "state": _state(len(found.missed), done),
        "done": done,
        "missed": len(found.missed),
    }
    return Row(cells, area=asked.area, subject=f"task:{task.number}")


def _state(missed: int, done: int) -> str:
    if missed:
        return f"晚了{missed}次"
    return "办了" if done else "还没到时限"


def _number(row: Row, key: str) -> int:
    value = row.cells.get(key)
    return value if isinstance(value, int) else 0


UNITS = Report(
    "dispatch_units",
    "成员单位两月调度表",
    "成员单位的任务办得怎样，晚了的写明（两月一调度）",
    PeriodKind.TWO_MONTHS,
    _table,
)
