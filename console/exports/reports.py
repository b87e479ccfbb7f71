"""A report with people in it as a file: the table that was made, by the rules of exports."""

from __future__ import annotations

import asyncio

from console.exports.kinds import Asked, ExportRefusal, Paper, Shape
from console.exports.mark import Mark as OfExport
from console.reports import making
from console.work import Task
from outreach.reports.writing.files import WRITERS
from outreach.reports.writing.mark import Mark
from records import background
from records.background import BackgroundWork, WorkState
from records.database import Session
from records.rights import Right

MADE = "made"  # the filter that says which table
_GONE = "这份表只保存一天，请重新生成以后再导出。"


def count(session: Session, asked: Asked) -> int:
    """How many rows the table has that they made."""
    return int(_work(session, asked).outcome.get("rows", 0))


async def make(task: Task, asked: Asked, mark: OfExport) -> bytes:
    """Write it, with the mark of the export."""
    row = await task.read(_work, asked)
    file = await task.read(making.shown, task.means.vault, row.number, task.means.now())
    if file is None:
        raise ExportRefusal(_GONE)
    table = await making.table_of(task.means, file)
    of_file = Mark(mark.who, mark.at, mark.code, is_shown=True)
    return await asyncio.to_thread(WRITERS[f".{asked.shape.value}"], table, of_file)


def _work(session: Session, asked: Asked) -> BackgroundWork:
    given = asked.values.get(MADE, "")
    number = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
    row = background.find(session, number)
    is_theirs = row is not None and row.by == asked.staff.name and row.kind == making.REPORT
    if row is None or not is_theirs or row.state != WorkState.DONE:
        raise ExportRefusal(_GONE)
    return row


REPORT = Paper(
    key=making.REPORT,
    title="报表",
    count=count,
    make=make,
    shapes=(Shape.XLSX, Shape.CSV, Shape.DOCX),
    filters={MADE: "表的编号"},
    right=Right.EXPORT,
)
