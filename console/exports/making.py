"""An export is made: rights asked again, rows page by page, the mark on it, a day to fetch it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from console.exports import asking
from console.exports.kinds import Asked, ExportRefusal, Kind, Listing, Paper, Shape, forbidden
from console.exports.mark import Mark, code, subject
from console.exports.sheet import Csv, Table, Xlsx
from console.keeping import Writer
from console.work import Task, WorkRefusal
from outreach.calendars import CHINA
from records import audit, background, incidents, kept_files, rights, staff_accounts
from records.background import BackgroundWork
from records.database import Session
from records.incidents import ExportsFrozen
from records.kept_files import Kept, Purpose
from records.staff_accounts import Staff
from records.vault import Vault

_TABLES: Mapping[Shape, Callable[[str, Sequence[str], Mark], Table]] = {
    Shape.XLSX: Xlsx,
    Shape.CSV: Csv,
}


async def make(task: Task) -> Mapping[str, Any]:
    """Make the file of an export."""
    try:
        asked, kind = await task.read(_allowed, task.means.vault, task.row, task.means.now())
        mark = Mark(task.row.by, task.means.now(), task.number)
        if isinstance(kind, Listing):
            return {"rows": await _listed(task, asked, kind, mark)}
        return await _made(task, asked, kind, mark)
    except (ExportRefusal, ExportsFrozen) as refusal:
        raise WorkRefusal(str(refusal)) from refusal


def _allowed(
    session: Session, vault: Vault, row: BackgroundWork, now: datetime
) -> tuple[Asked, Kind]:
    """What is to be made, if whoever asked may have it still."""
    incidents.refuse_if_frozen(session)
    staff = staff_accounts.active(session, row.by)
    if staff is None:
        raise ExportRefusal("申请导出的人已经不在岗，没有导出。")
    asked = asking.asked_of(vault, row, staff, now)
    kind = asking.kind_of(asked.what)
    _refuse_changed(session, row, staff, kind)
    return asked, kind


def _refuse_changed(session: Session, row: BackgroundWork, staff: Staff, kind: Kind) -> None:
    """What was counted, or permitted, for another post is not given to this one."""
    if not rights.may(staff, kind.right):
        raise ExportRefusal("您已经没有导出这一项的权限。")
    if staff_accounts.has_changed(session, staff.name, row.created_at):
        raise ExportRefusal("申请以后您的岗位或地区变了，请重新导出。")


async def _listed(task: Task, asked: Asked, kind: Listing, mark: Mark) -> int:
    headings = list(kind.columns.values())
    if named := forbidden(kind.columns):
        raise ExportRefusal(f"“{named[0]}”这类内容不能导出。")
    table = _TABLES[asked.shape](kind.title, headings, mark)
    file = await Writer.begin(task, Purpose.RESULT, _name(kind, asked, mark))
    await file.write(table.begin())
    done, after = 0, ""
    while True:
        some = await task.read(kind.some, task.means.vault, asked, after)
        await file.write(await asyncio.to_thread(table.add, some.rows))
        done, after = done + len(some.rows), some.after
        await task.tell(done, task.row.rows)
        if not after:
            break
    await file.write(table.end())
    await file.end()
    return done


async def _made(task: Task, asked: Asked, kind: Paper, mark: Mark) -> Mapping[str, Any]:
    data = await kind.make(task, asked, mark)
    file = await Writer.begin(task, Purpose.RESULT, _name(kind, asked, mark))
    await file.write(data)
    await file.end()
    return {"rows": task.row.rows}


def _name(kind: Kind, asked: Asked, mark: Mark) -> str:
    """What it is, of which day, under which number: nobody's name."""
    day = mark.at.astimezone(CHINA)
    return f"{kind.title}-{day:%Y%m%d}-{code(mark.number)}.{asked.shape.value}"


def take(session: Session, vault: Vault, number: int, staff: Staff, now: datetime) -> Kept:
    """The file of an export for who asked for it, into the trail. ExportRefusal otherwise."""
    incidents.refuse_if_frozen(session)
    row = background.find(session, number)
    files = kept_files.of_work(session, vault, number, now)
    if row is None or row.by != staff.name or row.kind != asking.EXPORT:
        raise ExportRefusal("没有这个文件。")
    if Purpose.RESULT not in files:
        raise ExportRefusal("文件只保存一天，现在已经没有了，请重新导出。")
    asked = asking.asked_of(vault, row, staff, now)
    _refuse_changed(session, row, staff, asking.kind_of(asked.what))
    background.note_taken(session, number, now)
    actor = f"staff:{staff.name}"
    audit.write(session, "export.taken", at=now, actor=actor, subject=subject(number))
    return files[Purpose.RESULT]


def is_there(session: Session, vault: Vault, number: int, now: datetime) -> bool:
    """Whether the file of an export may still be fetched."""
    return Purpose.RESULT in kept_files.of_work(session, vault, number, now)
