"""Tasks of units: when they are due, what was missed, who is reminded and when no more."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from sqlalchemy import select

from knowledge.plans import plans
from outreach import unit_tasks as due
from records import staff_accounts, unit_tasks
from records.database import Database, Session
from records.reminders import ReminderRow
from records.staff_accounts import StaffRole
from records.unit_tasks import NewTask, Rhythm, Task
from records.vault import Vault

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("rhythm", "day", "end"),
    [
        (Rhythm.MONTH, date(2027, 2, 3), date(2027, 2, 28)),
        (Rhythm.TWO_MONTHS, date(2026, 11, 1), date(2026, 12, 31)),
        (Rhythm.TWO_MONTHS, date(2026, 10, 31), date(2026, 10, 31)),
        (Rhythm.QUARTER, date(2026, 4, 1), date(2026, 6, 30)),
        (Rhythm.HALF_YEAR, date(2026, 7, 1), date(2026, 12, 31)),
        (Rhythm.YEAR, date(2028, 2, 29), date(2028, 12, 31)),
    ],
)
def test_a_rhythm_ends_with_its_time(rhythm: Rhythm, day: date, end: date) -> None:
    assert due.period_end(rhythm, day) == end


@pytest.mark.parametrize(
    ("rhythm", "since", "done", "next_on", "missed"),
    [
        (Rhythm.MONTH, "2026-11-01", [], "2026-11-30", 0),
        (Rhythm.MONTH, "2026-11-01", ["2026-11-30"], "2026-12-31", 0),
        (Rhythm.MONTH, "2026-08-15", ["2026-09-30"], "2026-11-30", 2),
        (Rhythm.TWO_MONTHS, "2026-08-01", [], "2026-12-31", 2),
        (Rhythm.HALF_YEAR, "2025-03-01", [], "2026-12-31", 3),
    ],
)
def test_what_is_open_is_due_next_and_what_passed_is_missed(
    rhythm: Rhythm, since: str, done: list[str], next_on: str, missed: int
) -> None:
    told = NewTask("报材料", "371703", date.fromisoformat(since), rhythm=rhythm)
    task = Task(1, told, frozenset(map(date.fromisoformat, done)))
    found = due.standing(task, TODAY)
    assert (str(found.due), len(found.missed)) == (next_on, missed)


def test_a_task_of_no_day_is_never_due() -> None:
    found = due.standing(Task(1, NewTask("走访", "371703", TODAY)), TODAY)
    assert (found.due, found.missed) == (None, ())


def _ready(session: Session, now: datetime, staff: str) -> int:
    for name, area in (("小刘", "371703"), ("老张", "371703"), ("老李", "430381")):
        staff_accounts.add(session, name, role=StaffRole.STAFF, area=area, at=now, actor="system")
    told = NewTask("大会", "371703", TODAY, due_on=date(2026, 11, 26), staff=staff)
    return unit_tasks.add(session, told, now)


def _due(session: Session) -> list[tuple[str, str]]:
    rows = session.execute(select(ReminderRow)).scalars()
    return sorted((row.due.date().isoformat(), row.whom) for row in rows if row.state == "waiting")


@pytest.mark.parametrize(("staff", "count"), [("小刘", 2), ("", 4)])
async def test_who_does_it_is_reminded_or_else_everybody_of_the_unit(
    database: Database, vault: Vault, now: datetime, staff: str, count: int
) -> None:
    await database.run(_ready, now, staff)
    for _ in range(2):
        assert await database.run(due.plan_reminders, vault, now) == 1
    found = await database.read(_due)
    assert len(found) == count
    assert {day for day, _ in found} == {"2026-11-23", "2026-11-25"}
    assert "staff:老李" not in [whom for _, whom in found]


async def test_nobody_is_reminded_of_what_is_done_and_the_evidence_is_kept(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_ready, now, "小刘")
    await database.run(due.plan_reminders, vault, now)
    assert await database.run(_finished, vault, number, now) == date(2026, 11, 26)
    assert await database.run(due.plan_reminders, vault, now) == 0
    assert await database.read(_due) == []
    (shown,) = await database.read(unit_tasks.evidence, vault, number)
    assert (shown.evidence, shown.staff) == ("开了", "小刘")


def _finished(session: Session, vault: Vault, number: int, now: datetime) -> date | None:
    task = unit_tasks.find(session, number)
    assert task is not None
    return due.finish(session, vault, task, "开了", by="小刘", now=now)


async def test_who_takes_over_is_reminded_instead(
    database: Database, vault: Vault, now: datetime
) -> None:
    number = await database.run(_ready, now, "小刘")
    await database.run(due.plan_reminders, vault, now)
    await database.run(unit_tasks.hand_to, number, "老张")
    await database.run(due.reassigned, vault, number, now)
    assert {whom for _, whom in await database.read(_due)} == {"staff:老张"}


@pytest.mark.parametrize(
    ("area", "lines", "undated"), [("430300", 14, 1), ("371703", 27, 1), ("420500", 36, 33)]
)
def test_the_plans_are_kept_as_printed(area: str, lines: int, undated: int) -> None:
    plan = plans()[area]
    assert len(plan.lines) == lines
    assert all(line.title and line.units and line.printed for line in plan.lines)
    assert {line.every for line in plan.lines} <= {rhythm.value for rhythm in Rhythm}
    assert sum(not line.due_on and not line.every for line in plan.lines) == undated
