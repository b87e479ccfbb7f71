"""The draft of a month: counted for each area, kept as counted, told to who owes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from outreach.calendars import CHINA
from outreach.reports import counting
from outreach.reports.month import Month, counted, differences
from outreach.texts import say
from records import month_drafts, reminders, staff_accounts
from records.database import Session
from records.month_drafts import Draft
from records.reminders import Kind, Reminder
from records.scope import is_within
from records.staff_accounts import StaffRole
from records.vault import Vault

_SAID_FOR = timedelta(days=5)  # in which who owes it is still told

Named = Callable[[str], str]  # what an area is called


def last_month(now: datetime) -> Month:
    """The month that ended before the one of this moment."""
    here = now.astimezone(CHINA)
    return Month(here.year, here.month).back(1)


def draft(session: Session, area: str, month: Month, now: datetime) -> Draft:
    """Count a month now: a new draft, or the newest where nothing has changed since."""
    figures = counted(counting.facts(session, area, month), month)
    known = [one for one in month_drafts.of_month(session, str(month)) if one.area == area]
    if known and not differences(known[0].figures, figures):
        return known[0]
    number = month_drafts.keep(session, area, str(month), figures, now)
    return Draft(number, area, str(month), figures, now)


def tell(session: Session, vault: Vault, found: Draft, named: Named, now: datetime) -> int:
    """Tell the staff who answer for the area that it is there; how many."""
    owing = [
        one
        for one in staff_accounts.everybody(session)
        if one.role is StaffRole.STAFF and found.area and one.area == found.area
    ]
    text = say("month.ready", month=_spoken(found.month), area=named(found.area))
    for one in owing:
        key = f"month/{found.month}/{found.area}/{vault.fingerprint(one.name)[:16]}"
        told = Reminder(key, reminders.to_staff(one.name), Kind.TASK, now, now + _SAID_FOR, text)
        reminders.plan(session, vault, told, now)
    return len(owing)


def visible(session: Session, scope: str, month: Month) -> list[Draft]:
    """The newest draft of each area that staff of a scope look after."""
    newest: dict[str, Draft] = {}
    for one in month_drafts.of_month(session, str(month)):
        if one.area and is_within(one.area, scope):
            newest.setdefault(one.area, one)
    return list(newest.values())


def _spoken(month: str) -> str:
    year, number = month.split("-")
    return f"{year}年{int(number)}月"
