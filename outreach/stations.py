"""The half-year report of a station's head: filled in from what was kept, then frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from outreach import alerts
from outreach.calendars import CHINA
from outreach.texts import say
from records import audit, events, staff_accounts, stations
from records.database import Session
from records.leads import HeardOf
from records.scope import is_within
from records.staff_accounts import StaffRole
from records.stations import Report
from records.vault import Vault

_JULY = 7


@dataclass(frozen=True, slots=True)
class Draft:
    """A report as it would be now; `frozen` where it is confirmed already."""

    report: Report
    frozen: bool = False
    stations: tuple[str, ...] = field(default_factory=tuple)


def half_of(day: date) -> str:
    """The half-year of a day: 2026H2."""
    return f"{day.year}H{1 if day.month < _JULY else 2}"


def before(half: str) -> str:
    """The half-year before one."""
    year, part = int(half[:4]), half[-1]
    return f"{year}H1" if part == "2" else f"{year - 1}H2"


def span(half: str) -> tuple[datetime, datetime]:
    """When a half-year begins and ends, in China."""
    year, is_second = int(half[:4]), half.endswith("2")
    first = date(year, _JULY if is_second else 1, 1)
    last = date(year + 1, 1, 1) if is_second else date(year, _JULY, 1)
    begin, end = (datetime.combine(day, time(), CHINA).astimezone(UTC) for day in (first, last))
    return begin, end


def draft(session: Session, vault: Vault, staff: str, half: str, now: datetime) -> Draft:
    """The report of a head: as confirmed, else with the figures of this moment."""
    names = tuple(one.name for one in stations.headed_by(session, staff))
    kept = stations.reports(session, vault, half, [staff])
    if kept:
        return Draft(kept[0], frozen=True, stations=names)
    begin, end = span(half)
    last = min(end, now) - timedelta(microseconds=1)
    everything = events.of_area(session, "", begin, last)
    held = [one for one in everything if one.told.staff == staff and not one.is_off]
    signed = events.totals(events.signings(session, [one.number for one in held]))
    figures = {
        "events": len(held),
        "came": sum(one.came + one.walk_ins for one in held),
        "projects": signed.projects,
        "firms": signed.firms,
        "planned": signed.planned,
        "landed": signed.landed,
        "leads": stations.leads(session, staff, begin, end),
    }
    return Draft(Report(staff, half, figures), stations=names)


def confirm(session: Session, vault: Vault, report: Report, now: datetime) -> bool:
    """The head confirms: it stays as it is; False where one was confirmed before."""
    is_new = stations.freeze(session, vault, report, now)
    if is_new:
        actor, subject = f"staff:{report.staff}"[:60], f"duty:{report.half}"
        audit.write(session, "duty.confirmed", at=now, actor=actor, subject=subject)
    return is_new


def bring(session: Session, vault: Vault, staff: str, text: str, area: str, now: datetime) -> int:
    """A head tells of a project: the county's staff are told that there is one."""
    number = stations.bring(session, vault, staff, text, now, area=area)
    for one in staff_accounts.everybody(session):
        if one.role is StaffRole.STAFF and one.name != staff and is_within(area, one.area):
            told = say("station.lead", number=number, name=staff, text=text)
            key = f"lead/{number}/{one.name}"
            alerts.write_to(session, vault, one.name, told, key=key, now=now)
    return number


def drafted(session: Session, vault: Vault, lead: HeardOf, title: str, now: datetime) -> None:
    """The head of a lead learns that a project's draft was made of it."""
    told = say("station.lead_drafted", title=title)
    key = f"lead/{lead.number}/drafted"
    alerts.write_to(session, vault, lead.staff, told, key=key, now=now)
