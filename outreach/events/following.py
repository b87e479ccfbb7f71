"""What follows an event within seven days: by whom, and reminders until it is done."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from outreach.calendars import CHINA
from outreach.reminders import before
from outreach.texts import say
from records import audit, events, reminders
from records.database import Session
from records.events import Event, Task
from records.reminders import Kind, Reminder
from records.vault import Vault

WITHIN = timedelta(days=7)
_BEFORE = (3, 1, 0)  # days before it is due


def last_day(event: Event) -> date:
    """The seventh day after an event."""
    return event.told.starts_at.astimezone(CHINA).date() + WITHIN


def follow(session: Session, vault: Vault, task: Task, *, by: str, now: datetime) -> int:
    """Something is to be done: whoever does it is reminded; its number."""
    number = events.follow(session, vault, task, now)
    text = say(
        "event.task",
        number=number,
        event=task.event,
        day=f"{task.due_on.month}月{task.due_on.day}日",
    )
    for moment in before(task.due_on, _BEFORE, now):
        name = f"event/{task.event}/task/{number}/{moment.days}"
        whom = reminders.to_staff(task.staff)
        due = Reminder(name, whom, Kind.TASK, moment.due, moment.until, text)
        reminders.plan(session, vault, due, now)
    _note(session, "event.task", number, by, now)
    return number


def finish(
    session: Session, vault: Vault, task: Task, note: str, *, by: str, now: datetime
) -> None:
    """It is done: nobody is reminded any more."""
    events.finish(session, vault, task, note, now)
    reminders.cancel(session, f"event/{task.event}/task/{task.number}", now)
    _note(session, "event.task_done", task.number, by, now)


def _note(session: Session, act: str, number: int, by: str, now: datetime) -> None:
    audit.write(session, act, at=now, actor=f"staff:{by}"[:60], subject=f"follow_up:{number}")
