"""What is due to be drafted on a day: each paper for each area that owes it, once for a period."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from outreach.calendars import CHINA
from outreach.reports import counting
from outreach.reports.notices import registry
from outreach.reports.notices.registry import PAPERS
from outreach.reports.periods import Period, containing, parse
from outreach.reports.rules import Rules
from outreach.reports.table import Asked
from outreach.reports.versions import making, steps, telling
from outreach.reports.versions.paper import Level, Paper
from records import report_versions, staff_accounts
from records.database import Session
from records.report_versions import State, Version
from records.staff_accounts import StaffRole
from records.vault import Vault

_CAUGHT_UP = timedelta(days=25)  # after its period a paper is still drafted by the clock

Named = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Owed:
    """A paper of an area for a period."""

    paper: Paper
    area: str
    period: Period


def due(session: Session, now: datetime) -> list[Owed]:
    """What nobody has drafted yet, towns before the counties that add them up."""
    today = now.astimezone(CHINA).date()
    areas = {level: list(_areas(session, level)) for level in Level}
    return [
        Owed(paper, area, period)
        for paper in PAPERS
        if (period := _over(paper, today))
        for area in areas[paper.level]
        if not report_versions.of(session, paper.name, area, str(period))
    ]


def rolled_up(session: Session) -> list[Owed]:
    """The open drafts that are made of other papers: they are counted anew until checked."""
    found = []
    for version in _all_open(session):
        paper = registry.find(version.report)
        if paper and paper.is_rolled_up and version.state is State.DRAFTED:
            found.append(Owed(paper, version.area, parse(version.period)))
    return found


def draft(
    session: Session,
    vault: Vault,
    owed: Owed,
    named: Named,
    now: datetime,
    *,
    rules: Rules | None = None,
) -> Version:
    """Draft one by the office's rules, and plan who hears of it."""
    before = report_versions.of(session, owed.paper.name, owed.area, str(owed.period))
    asked = Asked(owed.area, owed.period, now, vault, named, rules=rules or Rules())
    version = making.draft(session, owed.paper, asked)
    for one in before:
        if one.is_open and one.number != version.number:
            telling.settled(session, one, now)
    telling.plan(session, vault, version, owed.paper.report.title, named, now)
    return version


def tell_all(session: Session, vault: Vault, named: Named, now: datetime) -> int:
    """Plan what those hear who owe what is open, also who began since; how many papers."""
    count = 0
    for version in _all_open(session):
        if paper := registry.find(version.report):
            telling.plan(session, vault, version, paper.report.title, named, now)
            count += 1
    return count


def freeze_signed(session: Session, vault: Vault, now: datetime) -> int:
    """What was signed on a day before this one is frozen; how many."""
    today = now.astimezone(CHINA).date()
    count = 0
    for version in _all_open(session):
        is_old = version.signed_at and version.signed_at.astimezone(CHINA).date() < today
        if version.state is State.SIGNED and is_old:
            steps.freeze(session, vault, version, now=now)
            telling.settled(session, version, now)
            count += 1
    return count


def _over(paper: Paper, today: date) -> Period | None:
    """The period that a paper is owed for, unless it is long over."""
    period = containing(paper.kind, today).before()
    return period if today - period.last <= _CAUGHT_UP else None


def _areas(session: Session, level: Level) -> Iterator[str]:
    counties = [one for one in counting.areas(session) if one and not one.endswith("00")]
    match level:
        case Level.COUNTY:
            yield from counties
        case Level.TOWN:
            for county in counties:
                yield from counting.towns(session, county)
        case Level.CITY:
            staff = staff_accounts.everybody(session)
            yield from sorted(
                {one.area for one in staff if one.role is StaffRole.STAFF and _is_city(one.area)}
            )


def _is_city(area: str) -> bool:
    return len(area) == 6 and area.endswith("00") and not area.endswith("0000")


def _all_open(session: Session) -> Iterator[Version]:
    last = 0
    while found := report_versions.still_open(session, after=last):
        yield from found
        last = found[-1].number
