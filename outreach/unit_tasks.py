"""When tasks of units are due, what is overdue, and who is reminded 7, 3 and 1 days before."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from outreach.calendars import CHINA
from outreach.reminders import COUNTDOWN, before, months_after
from outreach.texts import say
from records import audit, reminders, staff_accounts, unit_tasks
from records.database import Session
from records.reminders import Kind, Reminder
from records.staff_accounts import Staff, StaffRole
from records.unit_tasks import Done, NewTask, Rhythm, Task
from records.vault import Vault

_MONTHS = {
    Rhythm.MONTH: 1,
    Rhythm.TWO_MONTHS: 2,
    Rhythm.QUARTER: 3,
    Rhythm.HALF_YEAR: 6,
    Rhythm.YEAR: 12,
}
_MOST = 240  # times that a rhythm is followed back


@dataclass(frozen=True, slots=True)
class Standing:
    """How a task stands: the day it is due next, None where it is never; and the days missed."""

    task: Task
    due: date | None
    missed: tuple[date, ...] = ()


def standing(task: Task, today: date) -> Standing:
    """The first day that it is not done for, and those that passed."""
    missed: list[date] = []
    for day in _days(task.told, today):
        if day in task.done:
            continue
        if day >= today:
            return Standing(task, day, tuple(missed))
        missed.append(day)
    return Standing(task, None, tuple(missed))


def is_early(found: Standing, today: date) -> bool:
    """Whether all is done for now, and the next time has not begun."""
    rhythm = found.task.told.rhythm
    if rhythm is Rhythm.ONCE or found.missed or found.due is None:
        return False
    return period_end(rhythm, today) < found.due


def period_end(rhythm: Rhythm, day: date) -> date:
    """The last day of the time that a day lies in: of its month, its half-year …"""
    span = _MONTHS[rhythm]
    last = (day.month - 1) // span * span + span
    return date(day.year, last, calendar.monthrange(day.year, last)[1])


def plan_reminders(session: Session, vault: Vault, now: datetime) -> int:
    """Plan what is to be said of the days to come; for how many tasks."""
    today = now.astimezone(CHINA).date()
    staff = staff_accounts.everybody(session)
    count = 0
    for task in unit_tasks.of_area(session, ""):
        due = standing(task, today).due
        if due is not None and due - today <= timedelta(days=COUNTDOWN[0]):
            count += 1
            for one in _who(task, staff):
                _plan(session, vault, task, due, one.name, now)
    return count


def reassigned(session: Session, vault: Vault, number: int, now: datetime) -> None:
    """Somebody else does it: who did it is reminded no more, who does it now is."""
    task = unit_tasks.find(session, number)
    due = standing(task, now.astimezone(CHINA).date()).due if task else None
    if task is not None and due is not None:
        reminders.cancel(session, f"task/{number}/{due}", now)
        for one in _who(task, staff_accounts.everybody(session)):
            _plan(session, vault, task, due, one.name, now)


def finish(
    session: Session, vault: Vault, task: Task, evidence: str, *, by: str, now: datetime
) -> date | None:
    """Done for the oldest day missed, else for the next; that day, None where none is open."""
    found = standing(task, now.astimezone(CHINA).date())
    day = found.missed[0] if found.missed else found.due
    day = day or (now.astimezone(CHINA).date() if _is_undated(task) else None)
    if day is None or not unit_tasks.finish(
        session, vault, task.number, Done(day, by, evidence, now)
    ):
        return None
    reminders.cancel(session, f"task/{task.number}/{day}", now)
    _note(session, "unit_task.done", task.number, by, now)
    return day


def is_theirs(task: Task, staff: Staff) -> bool:
    """Whether it is this one's to do: named, or of the area's staff where nobody is."""
    return any(one.name == staff.name for one in _who(task, [staff]))


def add(session: Session, vault: Vault, told: NewTask, *, by: str, now: datetime) -> int:
    """A task of one's own; who does it hears of it before its day. Its number."""
    number = unit_tasks.add(session, told, now)
    _note(session, "unit_task.added", number, by, now)
    reassigned(session, vault, number, now)
    return number


def hand(
    session: Session, vault: Vault, number: int, staff: str, *, by: str, now: datetime
) -> None:
    """Somebody else is to do it from now on."""
    unit_tasks.hand_to(session, number, staff)
    reassigned(session, vault, number, now)
    _note(session, "unit_task.handed", number, by, now)


def drop(session: Session, number: int, *, by: str, now: datetime) -> None:
    """Nobody is to do it any more, nor is reminded of it."""
    unit_tasks.drop(session, number)
    reminders.cancel(session, f"task/{number}", now)
    _note(session, "unit_task.dropped", number, by, now)


def _note(session: Session, act: str, number: int, by: str, now: datetime) -> None:
    actor, subject = f"staff:{by}"[:60], f"unit_task:{number}"
    audit.write(session, act, at=now, actor=actor, subject=subject)


def _is_undated(task: Task) -> bool:
    """Whether the paper names no day: then it is done on the day that somebody does it."""
    told = task.told
    return told.due_on is None and told.rhythm is Rhythm.ONCE and not task.done


def _days(told: NewTask, today: date) -> list[date]:
    """The days on which a task is due, up to the first from today on and the one after it."""
    if told.rhythm is Rhythm.ONCE:
        return [told.due_on] if told.due_on else []
    found = [period_end(told.rhythm, told.since)]
    while len(found) < _MOST and (found[-1] < today or len(found) < 2 or found[-2] < today):
        first = found[-1].replace(day=1)
        found.append(period_end(told.rhythm, months_after(first, 1)))
    return found


def _who(task: Task, staff: list[Staff]) -> list[Staff]:
    """Who is reminded: who does it, or the staff of the area where nobody is named."""
    if task.told.staff:
        return [one for one in staff if one.name == task.told.staff]
    return [one for one in staff if one.role is StaffRole.STAFF and one.area == task.told.area]


def _plan(session: Session, vault: Vault, task: Task, due: date, name: str, now: datetime) -> None:
    text = say(
        "task.due", number=task.number, title=task.told.title, day=f"{due.month}月{due.day}日"
    )
    for moment in before(due, COUNTDOWN, now):
        key = f"task/{task.number}/{due}/{moment.days}/{vault.fingerprint(name)[:16]}"
        whom = reminders.to_staff(name)
        due_then = Reminder(key, whom, Kind.TASK, moment.due, moment.until, text)
        reminders.plan(session, vault, due_then, now)
