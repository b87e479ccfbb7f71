"""A report is asked for and made: counted in the background, kept for a day to be looked at."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from console import keeping
from console.keeping import Writer
from console.means import Means
from console.reports import kept
from console.work import Task, WorkRefusal
from outreach.reports import exporting
from outreach.reports.periods import parse
from outreach.reports.places import namer
from outreach.reports.registry import REPORTS
from outreach.reports.rules import Rules
from outreach.reports.table import Asked, Report, Table
from records import background, kept_files, rights, scope, staff_accounts
from records.background import BackgroundWork, NewWork
from records.database import Session
from records.kept_files import Kept, Purpose
from records.rights import Post, Right
from records.staff_accounts import Staff
from records.vault import Vault
from registry import villages

REPORT = "report"
BY_NAME = {one.name: one for one in REPORTS}
_OF_PEOPLE = (Post.CITY, Post.INSPECTOR)  # who see totals only
OWN = Rules()  # where nothing is counted
_LATELY = 5
_WHOLE, _COUNTED, _PACKED = 100, 90, 95  # of the progress that is shown
_LOOK = 0.5  # seconds between two looks at how far the count is


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which report, of which area and period."""

    name: str
    area: str
    period: str
    is_public: bool = False

    @property
    def report(self) -> Report:
        return BY_NAME[self.name]


def may_make(staff: Staff, report: Report) -> bool:
    """Whether a report is theirs to see: what names people is for who sees people."""
    if not report.has_people:
        return rights.may(staff, Right.REPORTS)
    is_theirs = rights.may(staff, Right.REPORTS) and rights.may(staff, Right.PEOPLE)
    return is_theirs and rights.post_of(staff) not in _OF_PEOPLE


def is_in_reach(session: Session, staff: Staff, area: str) -> bool:
    """Whether an area, a town or a village lies in what they look after."""
    here = villages.of_ids(session, [area])
    found = [area]
    while scope.is_local(found[-1]) and (place := here.place(found[-1])) is not None:
        found.append(place.parent)
    return bool(area) and any(scope.is_within(one, staff.area) for one in found)


def ask(session: Session, vault: Vault, wanted: Wanted, staff: Staff, now: datetime) -> int:
    """Ask for it; the number of the work. The same asked twice while it is made is one."""
    told = {
        "name": wanted.name,
        "area": wanted.area,
        "period": wanted.period,
        "is_public": wanted.is_public,
    }
    for row in background.of(session, staff.name, [REPORT], most=_LATELY):
        if not row.is_over and background.asked(vault, row) == told:
            return row.number
    return background.add(session, vault, NewWork(REPORT, staff.name, told, wanted.area), now)


def wanted_of(vault: Vault, row: BackgroundWork) -> Wanted:
    """What a piece of work was asked for."""
    told = background.asked(vault, row)
    return Wanted(told["name"], told["area"], told["period"], bool(told["is_public"]))


async def make(task: Task) -> Mapping[str, Any]:
    """Count it, and keep the table."""
    await task.tell(0, _WHOLE)
    table = await _counted_with_progress(task, wanted_of(task.means.vault, task.row))
    await task.tell(_COUNTED, _WHOLE)
    data = await asyncio.to_thread(kept.packed, table)
    file = await Writer.begin(task, Purpose.SHOWN, f"{table.title}.json")
    await task.tell(_PACKED, _WHOLE)
    await file.write(data)
    await file.end()
    await task.tell(_WHOLE, _WHOLE)
    return {"rows": sum(not row.is_total for row in table.rows)}


async def _counted_with_progress(task: Task, wanted: Wanted) -> Table:
    """Count in a thread, and tell while it lasts how far it is."""
    far = _Far()
    asked = (task.means, task.row, wanted, task.means.now(), far)
    counting = asyncio.create_task(task.read(_counted, *asked))
    try:
        while not (await asyncio.wait({counting}, timeout=_LOOK))[0]:
            await task.tell(far.done * _COUNTED // max(far.total, 1), _WHOLE)
    finally:
        counting.cancel()
    return counting.result()


@dataclass(slots=True)
class _Far:
    """How far a count is; written by the thread that counts."""

    done: int = 0
    total: int = 1

    def tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total


def _counted(
    session: Session,
    means: Means,
    row: BackgroundWork,
    wanted: Wanted,
    now: datetime,
    far: _Far,
) -> Table:
    staff = staff_accounts.active(session, row.by)
    if staff is None or not may_make(staff, wanted.report):
        raise WorkRefusal("您已经没有看这份表的权限。")
    if not is_in_reach(session, staff, wanted.area):
        raise WorkRefusal("这个地方已经不归您负责。")
    asked = asked_of(session, means.vault, wanted, means.rules, now)
    table = wanted.report.build(session, replace(asked, tell=far.tell))
    changes = exporting.compared(session, wanted.report, asked, table)
    return replace(table, beside=(*table.beside, *changes))


def asked_of(session: Session, vault: Vault, wanted: Wanted, rules: Rules, now: datetime) -> Asked:
    """What a report is made of."""
    return Asked(
        area=wanted.area,
        period=parse(wanted.period),
        now=now,
        vault=vault,
        named=namer(session),
        is_public=wanted.is_public,
        rules=rules,
    )


def shown(session: Session, vault: Vault, number: int, now: datetime) -> Kept | None:
    """The kept table of a piece of work; None where it is not there yet, or no more."""
    return kept_files.of_work(session, vault, number, now).get(Purpose.SHOWN)


async def table_of(means: Means, file: Kept) -> Table:
    """A kept table, opened."""
    data = await keeping.content(means.database, means.vault, file)
    return await asyncio.to_thread(kept.unpacked, data)
