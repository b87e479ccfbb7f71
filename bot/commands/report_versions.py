"""`guiyan report …` for papers: made, checked, signed, frozen, corrected, exported, proven."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.cli import CommandError
from bot.commands.in_store import Lines, Work, printed
from bot.counting_rules import rules_of
from bot.settings import Settings
from bot.wiring import App
from outreach.calendars import CHINA
from outreach.reports.notices import registry
from outreach.reports.periods import PeriodFault, parse
from outreach.reports.places import namer
from outreach.reports.table import Asked
from outreach.reports.versions import (
    making,
    noting,
    printing,
    reading,
    schedule,
    steps,
    taking,
    telling,
)
from outreach.reports.versions.paper import Paper
from outreach.reports.versions.reading import WHOLE
from outreach.reports.versions.refusal import NOT_YOURS, ReportRefusal
from outreach.reports.versions.schedule import Owed
from outreach.reports.versions.verifying import verify as verified
from outreach.reports.writing import layout
from records import audit, report_versions, staff_accounts
from records.database import Session
from records.incidents import ExportsFrozen
from records.report_versions import OPEN, State, Version
from records.rights import Right, may
from records.scope import is_local
from records.staff_accounts import Staff

_MOST = 200  # papers in a list


def papers(options: argparse.Namespace, settings: Settings) -> int:
    """The papers of an area, the newest first."""
    place, options.area = _town(options)

    def work(session: Session, app: App, area: str) -> Lines:
        states = sorted(OPEN) if options.open else ()
        named, now = namer(session), app.now()
        found = report_versions.visible(session, place or area, states=states, limit=_MOST)
        return [_line(one, named, now) for one in found] or ["no paper yet"]

    return _run(options, settings, work)


def make(options: argparse.Namespace, settings: Settings) -> int:
    """Draft a paper, or count it anew where it is open."""
    place, options.area = _town(options)

    def work(session: Session, app: App, area: str) -> Lines:
        paper = _paper(options.name)
        period = parse(options.period)
        if period.kind not in paper.kinds:
            kinds = " or ".join(sorted(one.value for one in paper.kinds))
            raise CommandError(f"{options.name} is made of a {kinds}: give one")
        owed, named = Owed(paper, place or area, period), namer(session)
        rules = rules_of(settings)
        version = schedule.draft(session, app.vault, owed, named, app.now(), rules=rules)
        return [_line(version, named, app.now())]

    return _run(options, settings, work)


def show(options: argparse.Namespace, settings: Settings) -> int:
    """A paper without the names of people in it."""

    def work(session: Session, app: App, area: str) -> Lines:
        version = _version(session, options.number)
        known = reading.opened(session, app.vault, version)
        lines = [_line(version, namer(session), app.now()), *known.content.body]
        for n, row in enumerate(known.table.rows, 1):
            if version.has_people and not row.is_total:
                continue
            cells = (
                f"{one.title}（{one.key}）={layout.shown(row.cells.get(one.key))}"
                for one in known.table.columns
                if not one.is_personal
            )
            lines.append(f"{n}  {'  '.join(cells)}")
        return [*lines, *printing.beneath(known)]

    return _run(options, settings, work)


def check(options: argparse.Namespace, settings: Settings) -> int:
    """Somebody has gone through it."""
    return _step(options, settings, steps.check)


def sign(options: argparse.Namespace, settings: Settings) -> int:
    """Another answers for it."""
    return _step(options, settings, steps.sign)


def take_back(options: argparse.Namespace, settings: Settings) -> int:
    """Undo the last step."""
    return _step(options, settings, steps.take_back)


def freeze(options: argparse.Namespace, settings: Settings) -> int:
    """From now on it stays as it is."""

    def work(session: Session, app: App, area: str) -> Lines:
        version, by = _version(session, options.number), _staff(session, options.staff)
        done = steps.freeze(session, app.vault, version, now=app.now(), by=by)
        telling.settled(session, done, app.now())
        return [_line(done, namer(session), app.now()), f"sha256:{done.sha}"]

    return _run(options, settings, work)


def again(options: argparse.Namespace, settings: Settings) -> int:
    """A new version beside a frozen one."""

    def work(session: Session, app: App, area: str) -> Lines:
        frozen, by = _version(session, options.number), _staff(session, options.staff)
        _theirs(by, frozen)
        paper, named, now = _paper(frozen.report), namer(session), app.now()
        period, rules = parse(frozen.period), rules_of(settings)
        asked = Asked(frozen.area, period, now, app.vault, named, rules=rules)
        made = making.correcting(session, paper, asked, frozen)
        return [_line(made, named, now)]

    return _run(options, settings, work)


def note(options: argparse.Namespace, settings: Settings) -> int:
    """A remark on the whole, or on a cell."""

    def work(session: Session, app: App, area: str) -> Lines:
        version, by = _version(session, options.number), _staff(session, options.staff)
        line = options.line - 1 if options.line else WHOLE
        told = noting.remark(
            session,
            app.vault,
            version,
            options.said,
            line=line,
            cell=options.cell,
            why=options.why,
            by=by,
            now=app.now(),
        )
        return [_line(told, namer(session), app.now())]

    return _run(options, settings, work)


def fill(options: argparse.Namespace, settings: Settings) -> int:
    """A cell that nothing counts."""
    return _write(options, settings, noting.type_in)


def correct(options: argparse.Namespace, settings: Settings) -> int:
    """What a frozen cell should be; the cell stays."""
    return _write(options, settings, noting.correct)


def behind(options: argparse.Namespace, settings: Settings) -> int:
    """The ids of what a figure was counted from; the trail says who looked."""

    def work(session: Session, app: App, area: str) -> Lines:
        version, by = _version(session, options.number), _staff(session, options.staff)
        _theirs(by, version)
        known = reading.opened(session, app.vault, version)
        if not 1 <= options.line <= len(known.table.rows):
            raise CommandError(f"line {options.line} is not in it: it has {len(known.table.rows)}")
        row = known.table.rows[options.line - 1]
        name, place = row.opens.get(options.cell, ""), row.area or version.area
        found = reading.open_list(session, app.vault, version.number, name, place)
        if found is None:
            raise CommandError(f"nothing is listed behind {options.cell} of line {options.line}")
        _trail(session, "report.list", version, by, app.now())
        gone = [f"{found.gone} are erased since"] if found.gone else []
        return [found.listed.subject.value, *found.listed.ids, *gone]

    return _run(options, settings, work)


def export(options: argparse.Namespace, settings: Settings) -> int:
    """A paper as a file that says who took it and when."""
    target = Path(options.file)
    if target.suffix not in printing.endings():
        raise CommandError(f"{target.name}: give one of {', '.join(printing.endings())}")

    def work(session: Session, app: App, area: str) -> Lines:
        version, by = _version(session, options.number), _staff(session, options.staff)
        paper = _paper(version.report)
        body, number = taking.take(
            session, app.vault, version, paper, ending=target.suffix, by=by, now=app.now()
        )
        target.write_bytes(body)
        return [f"{target}  {number}"]

    return _run(options, settings, work)


def verify(options: argparse.Namespace, settings: Settings) -> int:
    """Recompute every hash of the frozen papers; status 1 where anything does not fit."""
    faults = 0

    def work(session: Session, app: App, area: str) -> Lines:
        nonlocal faults
        lines, count = [], 0
        for version in _to_verify(session, options.number):
            count += 1
            found = verified(session, app.vault, version)
            faults += bool(found.faults)
            lines += [f"{version.number}  FAULT  {each}" for each in found.faults]
            lines += [f"{version.number}  note  {each}" for each in found.remarks]
            if found.erased:
                lines.append(
                    f"{version.number}  note  {found.erased} lines went with their people"
                )
        return [*lines, f"{count} frozen papers verified, {faults} do not fit"]

    done = _run(options, settings, work)
    return 1 if faults else done


Step = Callable[..., Version]


def _step(options: argparse.Namespace, settings: Settings, step: Step) -> int:
    def work(session: Session, app: App, area: str) -> Lines:
        version, by = _version(session, options.number), _staff(session, options.staff)
        done = step(session, app.vault, version, seen=version.sha, by=by, now=app.now())
        return [_line(done, namer(session), app.now())]

    return _run(options, settings, work)


def _write(options: argparse.Namespace, settings: Settings, step: Step) -> int:
    def work(session: Session, app: App, area: str) -> Lines:
        version, by = _version(session, options.number), _staff(session, options.staff)
        place = {"line": options.line - 1, "cell": options.cell, "why": options.why}
        done = step(session, app.vault, version, options.said, **place, by=by, now=app.now())
        return [_line(done, namer(session), app.now())]

    return _run(options, settings, work)


def _run(options: argparse.Namespace, settings: Settings, work: Work) -> int:
    try:
        return printed(options, settings, work)
    except (ReportRefusal, PeriodFault, ExportsFrozen) as fault:
        raise CommandError(str(fault)) from fault


def _town(options: argparse.Namespace) -> tuple[str, str | None]:
    """A town's id as it is; anything else is an area to be found by name or code."""
    given = options.area or ""
    return (given, None) if is_local(given) else ("", options.area)


def _to_verify(session: Session, number: int | None) -> list[Version]:
    if number is not None:
        version = _version(session, number)
        if version.state is not State.FROZEN:
            raise CommandError(f"report {number} is {version.state.value}: nothing to prove yet")
        return [version]
    found: list[Version] = []
    while some := report_versions.frozen(session, after=found[-1].number if found else 0):
        found += some
    return found


def _theirs(by: Staff, version: Version) -> None:
    if not (may(by, Right.REPORTS) and report_versions.may_see(by.area, version)):
        raise ReportRefusal(NOT_YOURS)


def _staff(session: Session, name: str) -> Staff:
    return staff_accounts.named(session, name)


def _version(session: Session, number: int) -> Version:
    version = report_versions.find(session, number)
    if version is None:
        raise CommandError(f"there is no report {number}: `guiyan report papers` lists them")
    return version


def _paper(name: str) -> Paper:
    paper = registry.find(name)
    if paper is None:
        raise CommandError(f"no report is called {name}: `guiyan report --list` names them")
    return paper


def _line(version: Version, named: Callable[[str], str], now: datetime) -> str:
    paper = registry.find(version.report)
    title = paper.report.title if paper else version.report
    due = f"  due {version.due_on}" if version.is_open else ""
    late = "  late" if telling.is_late(version, now) else ""
    who = f"  checked {version.checked_by}" if version.checked_by else ""
    who += f"  signed {version.signed_by}" if version.signed_by else ""
    corrects = f"  corrects {version.corrects}" if version.corrects else ""
    made = f"{version.made_at.astimezone(CHINA):%Y-%m-%d}"
    return (
        f"{version.number}  {version.report} {title}  {named(version.area)}  {version.period}  "
        f"{version.state.value}  made {made}{due}{late}{who}{corrects}"
    )


def _trail(session: Session, act: str, version: Version, by: Staff, now: datetime) -> None:
    actor, subject = f"staff:{by.name}"[:60], f"report:{version.number}"
    audit.write(session, act, at=now, actor=actor, subject=subject)
