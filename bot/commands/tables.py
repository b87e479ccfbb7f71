"""`guiyan report NAME`: an official table counted now, as a file or as text."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.cli import BAD_USE, OK, CommandError
from bot.counting_rules import rules_of
from bot.packs import library_of, usable_pages
from bot.settings import Settings
from bot.wiring import App, build
from knowledge.areas import Gazetteer
from outreach.reports import exporting
from outreach.reports.exporting import Made
from outreach.reports.periods import Period, PeriodFault, PeriodKind, parse
from outreach.reports.registry import REPORTS
from outreach.reports.table import Asked, Report
from outreach.reports.writing.files import WRITERS
from records import rights, staff_accounts
from records.database import Session, StoreUnavailable
from records.rights import Right
from records.scope import is_local, is_within
from records.staff_accounts import StaffRefusal
from records.vault import VaultError
from registry import naming, villages
from registry.naming import NoSuchPlace
from registry.villages import Villages

_TERMINAL = "terminal"
_TEXT = ".md"
_SPANS = {
    PeriodKind.DAY: "a day, as 2026-11-22",
    PeriodKind.MONTH: "a month, as 2026-11",
    PeriodKind.TWO_MONTHS: "two months, as 2026-B6",
    PeriodKind.QUARTER: "a quarter, as 2026-Q4",
    PeriodKind.YEAR: "a year, as 2026",
}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What the command line asks for."""

    report: Report
    period: Period
    area: str
    ending: str
    by: str
    is_public: bool


def named(options: argparse.Namespace, settings: Settings) -> int:
    """`report` without a name: all of them, where that is asked for."""
    if not options.list:
        raise CommandError("name a report: `guiyan report --list` names them all", BAD_USE)
    sys.stdout.writelines(line + "\n" for line in _listed())
    return OK


def _listed() -> Sequence[str]:
    """A line for each report: its name, its title, its span, what it is."""
    wide = max((len(one.name) for one in REPORTS), default=0)
    return [
        f"{one.name.ljust(wide)}  {one.title}  [{_spans(one)}]  {one.about}" for one in REPORTS
    ]


def write(options: argparse.Namespace, settings: Settings) -> int:
    """Make the table; where a file is named, into it, and what is to be known on stderr."""
    wanted = _wanted(options)
    target = _target(options.out)
    try:
        made = asyncio.run(_run(wanted, settings))
    except (StoreUnavailable, VaultError, StaffRefusal) as fault:
        raise CommandError(str(fault)) from fault
    except NoSuchPlace as fault:
        raise CommandError(str(fault), BAD_USE) from fault
    if target is None:
        sys.stdout.write(made.data.decode())
        return OK
    _put(target, made.data)
    rows = sum(not row.is_total for row in made.table.rows)
    sys.stderr.write(f"{target}: {rows} rows of {made.table.title}\n")
    sys.stderr.writelines(line + "\n" for line in made.changes)
    return OK


def _wanted(options: argparse.Namespace) -> _Wanted:
    report = next((one for one in REPORTS if one.name == options.name), None)
    if report is None:
        known = ", ".join(one.name for one in REPORTS)
        raise CommandError(f"no report is called {options.name}: there are {known}", BAD_USE)
    try:
        period = parse(options.period)
    except PeriodFault as fault:
        raise CommandError(str(fault), BAD_USE) from fault
    span = exporting.fitting(report, period)
    if span is None:
        raise CommandError(f"{report.name} is of {_spans(report)}, not {period}", BAD_USE)
    ending = Path(options.out).suffix.lower() if options.out else _TEXT
    return _Wanted(report, span, options.area, ending, options.staff or _TERMINAL, options.public)


def _spans(report: Report) -> str:
    kinds = [report.period, *(kind for kind in PeriodKind if kind in report.also)]
    return " or ".join(_SPANS[kind] for kind in kinds)


def _target(named: str | None) -> Path | None:
    if not named:
        return None
    target = Path(named)
    if target.suffix.lower() not in WRITERS:
        raise CommandError(f"--out takes a name that ends in {', '.join(WRITERS)}", BAD_USE)
    if not target.parent.is_dir():
        raise CommandError(f"--out names a folder that is not there: {target.parent}", BAD_USE)
    return target


def _put(target: Path, data: bytes) -> None:
    try:
        target.write_bytes(data)
    except OSError as fault:
        raise CommandError(f"not written: {target}: {fault.strerror}", BAD_USE) from fault


async def _run(wanted: _Wanted, settings: Settings) -> Made:
    app = build(settings, channels={})
    try:
        await app.open()
        gazetteer = library_of(settings.areas, await usable_pages(app.database)).areas
        return await app.database.run(_make, app, gazetteer, wanted)
    finally:
        await app.database.close()


def _make(session: Session, app: App, gazetteer: Gazetteer, wanted: _Wanted) -> Made:
    here = villages.known(session)
    area = naming.code_of(wanted.area, gazetteer, here)
    if wanted.by != _TERMINAL:
        _refuse_beyond(session, wanted, area, here)
    asked = Asked(
        area=area,
        period=wanted.period,
        now=app.now(),
        vault=app.vault,
        named=lambda code: naming.spoken(code, gazetteer, here) or code,
        is_public=wanted.is_public,
        rules=rules_of(app.settings),
    )
    return exporting.made(session, wanted.report, asked, ending=wanted.ending, by=wanted.by)


def _refuse_beyond(session: Session, wanted: _Wanted, area: str, here: Villages) -> None:
    """Staff take reports of what is in their area; files with people need that right."""
    staff = staff_accounts.named(session, wanted.by)
    right = Right.EXPORT if wanted.report.has_people else Right.REPORTS
    if not rights.may(staff, right):
        raise CommandError(f"{wanted.by} may not take this report: nothing was written")
    if not any(is_within(one, staff.area) for one in _around(area, here)):
        raise CommandError(f"{wanted.by} does not look after this area: nothing was written")


def _around(area: str, here: Villages) -> list[str]:
    """An area with what it lies in, up to its county."""
    found = [area]
    while is_local(found[-1]) and (place := here.place(found[-1])) is not None:
        found.append(place.parent)
    return found
