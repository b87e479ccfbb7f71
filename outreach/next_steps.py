"""The next step of somebody's checklist, said again two weeks after they ticked one off."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from outreach.calendars import CHINA
from outreach.texts import say
from records import reminders
from records.database import Session
from records.reminders import Kind, Reminder
from records.vault import Vault

_AFTER, _SAID_FOR = timedelta(days=14), timedelta(days=14)
_NINE = time(9, 0)


def remind(session: Session, vault: Vault, person_id: str, title: str, now: datetime) -> None:
    """Say it when its time has come; with "" nothing is said any more."""
    key = f"checklist/{person_id}"
    if not title:
        reminders.cancel(session, key, now)
        return
    due = datetime.combine(now.astimezone(CHINA).date() + _AFTER, _NINE, CHINA)
    whom, text = reminders.to_person(person_id), say("checklist.next", title=title)
    next_one = Reminder(key, whom, Kind.FORM, due, due + _SAID_FOR, text)
    reminders.plan(session, vault, next_one, now)
