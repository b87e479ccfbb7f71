"""Five a year from each county (domain R16): what came, what is missing, who is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from outreach.calendars import CHINA
from outreach.texts import say
from records import cases, reminders, staff_accounts
from records.database import Session
from records.reminders import Kind, Reminder
from records.scope import is_local
from records.staff_accounts import StaffRole
from records.vault import Vault

A_YEAR = 5  # from each county
_FROM_MONTH = 7  # before, nobody is reminded
_OPEN = timedelta(days=20)
_COUNTY = 6  # digits of a county's code


@dataclass(frozen=True, slots=True)
class Count:
    """What a county recommended in a year: cases that came beyond a lead for the first time."""

    area: str
    recommended: int

    @property
    def missing(self) -> int:
        """How many are still owed."""
        return max(A_YEAR - self.recommended, 0)


def of_year(session: Session, counties: Iterable[str], year: int) -> list[Count]:
    """How each of these counties stands, by code."""
    first, last = (datetime.combine(date(y, 1, 1), time(), CHINA) for y in (year, year + 1))
    found = cases.recommended(session, first, last)
    return [Count(area, found.get(area, 0)) for area in sorted(set(counties))]


def staffed(session: Session) -> dict[str, list[str]]:
    """The counties that have staff of their own, with their names."""
    found: dict[str, list[str]] = {}
    for one in staff_accounts.everybody(session):
        if one.role is StaffRole.STAFF and is_county(one.area):
            found.setdefault(one.area, []).append(one.name)
    return found


def is_county(area: str) -> bool:
    """Whether a code is a county's, not a city's or a town's."""
    return len(area) == _COUNTY and not area.endswith("00") and not is_local(area)


def remind(session: Session, vault: Vault, now: datetime) -> int:
    """Tell the staff of counties that owe some, in the second half of the year; how many owe."""
    today = now.astimezone(CHINA).date()
    if today.month < _FROM_MONTH:
        return 0
    names = staffed(session)
    owing = [one for one in of_year(session, names, today.year) if one.missing]
    for one in owing:
        text = say("case.owed", day=f"{today.year}年", count=one.recommended, number=one.missing)
        for name in names[one.area]:
            mark = vault.fingerprint(name)[:16]
            key = f"cases/{today:%Y-%m}/{one.area}/{mark}"
            due = Reminder(key, reminders.to_staff(name), Kind.TASK, now, now + _OPEN, text)
            reminders.plan(session, vault, due, now)
    return len(owing)
