"""Who owes a paper is told: that it is there, before its day, and after it without blame."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

from outreach import stations as duties
from outreach.calendars import CHINA
from outreach.reminders import before
from outreach.reports.notices import registry
from outreach.reports.periods import parse
from outreach.reports.places import namer
from outreach.texts import say
from records import reminders, report_versions, staff_accounts, stations
from records.database import Session
from records.reminders import Kind, Reminder
from records.report_versions import Version
from records.rights import Right, may
from records.staff_accounts import Staff, StaffRole
from records.vault import Vault

DAYS_BEFORE = (3, 1)
_SAID_FOR = timedelta(days=5)
_NINE = time(9, 0)
_MORNING = timedelta(hours=8)  # after the first moment of the next half-year
_HALVES = {"1": "上半年", "2": "下半年"}

Named = Callable[[str], str]


def owing(session: Session, version: Version) -> list[Staff]:
    """The staff of the area; where a town has none, those of its county."""
    staff = _signers(session)
    own = [one for one in staff if one.area == version.area]
    return own or [one for one in staff if one.area == version.county]


def owed_by(session: Session, staff: Staff, limit: int = 50) -> list[Version]:
    """What is open and theirs to check or sign, the newest first."""
    if not may(staff, Right.SIGN) or not staff.area:
        return []
    states = sorted(report_versions.OPEN)
    found = report_versions.visible(session, staff.area, states=states, limit=limit)
    served = {one.area for one in _signers(session)}
    return [
        one
        for one in found
        if one.area == staff.area or (one.county == staff.area and one.area not in served)
    ]


def is_late(version: Version, now: datetime) -> bool:
    """Whether its day is over and it is not frozen."""
    today = now.astimezone(CHINA).date()
    return version.is_open and version.due_on is not None and version.due_on < today


def plan(
    session: Session, vault: Vault, version: Version, title: str, named: Named, now: datetime
) -> int:
    """Plan what who owes it is to hear; how many are told."""
    found = owing(session, version)
    for one in found:
        for reminder in _reminders(vault, version, one, title, named, now):
            reminders.plan(session, vault, reminder, now)
    return len(found)


def corrected(session: Session, vault: Vault, version: Version, now: datetime) -> None:
    """Who adds a town's figures up hears of a correction of what is frozen."""
    paper, named = registry.find(version.report), namer(session, [version.area])
    title = paper.report.title if paper else version.report
    what = f"{named(version.area)}{parse(version.period).spoken}{title}"
    text = say("report.corrected", what=what, number=version.number)
    for one in _signers(session):
        if one.area == version.county and one.area != version.area:
            key = f"report/{version.number}/put_right/{vault.fingerprint(one.name)[:16]}"
            whom = reminders.to_staff(one.name)
            told = Reminder(key, whom, Kind.TASK, now, now + _SAID_FOR, text)
            reminders.plan(session, vault, told, now)


def heads(session: Session, vault: Vault, now: datetime) -> int:
    """When a half-year is over its heads of stations hear that their report is filled in."""
    half = duties.before(duties.half_of(now.astimezone(CHINA).date()))
    due = duties.span(half)[1] + _MORNING
    if not due <= now < due + _SAID_FOR:
        return 0
    found = {one.head for one in stations.of_area(session, "") if one.head}
    known = {one.staff for one in stations.reports(session, vault, half)}
    text = say("report.duty", half=f"{half[:4]}年{_HALVES[half[-1]]}")
    for name in sorted(found - known):
        key = f"duty/{half}/{vault.fingerprint(name)[:16]}"
        told = Reminder(key, reminders.to_staff(name), Kind.TASK, due, due + _SAID_FOR, text)
        reminders.plan(session, vault, told, now)
    return len(found - known)


def settled(session: Session, version: Version, now: datetime) -> None:
    """It is frozen or replaced: nobody is reminded of it any more."""
    reminders.cancel(session, f"report/{version.number}", now)


def _signers(session: Session) -> list[Staff]:
    """The staff of somewhere who may sign."""
    return [
        one
        for one in staff_accounts.everybody(session)
        if one.role is StaffRole.STAFF and may(one, Right.SIGN) and one.area
    ]


def _reminders(
    vault: Vault, version: Version, one: Staff, title: str, named: Named, now: datetime
) -> list[Reminder]:
    whom, end = reminders.to_staff(one.name), vault.fingerprint(one.name)[:16]
    begin = f"report/{version.number}"
    values = {
        "what": f"{named(version.area)}{parse(version.period).spoken}{title}",
        "number": version.number,
    }
    made = version.made_at
    ready = say("report.ready", **values)
    told = [Reminder(f"{begin}/ready/{end}", whom, Kind.TASK, made, made + _SAID_FOR, ready)]
    if version.due_on is None:
        return told
    day = f"{version.due_on.month}月{version.due_on.day}日"
    soon = say("report.due", day=day, **values)
    for each in before(version.due_on, DAYS_BEFORE, now):
        key = f"{begin}/{each.days}/{end}"
        told.append(Reminder(key, whom, Kind.TASK, each.due, each.until, soon))
    late = say("report.late", day=day, **values)
    after = datetime.combine(version.due_on + timedelta(days=1), _NINE, CHINA)
    told.append(Reminder(f"{begin}/late/{end}", whom, Kind.TASK, after, after + _SAID_FOR, late))
    return [one for one in told if now < one.until]
