"""The papers that are owed: what waits for me, one of them, its steps, its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import TypeVar
from urllib.parse import quote

from aiohttp import web

from console.desk import Desk, NotHere, Refused
from console.page import Door, Page, Waiting
from outreach.reports.notices import registry
from outreach.reports.periods import parse
from outreach.reports.places import namer
from outreach.reports.table import Asked, Row, Value
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
from outreach.reports.versions.reading import WHOLE, Opened
from outreach.reports.versions.refusal import ReportRefusal
from outreach.reports.versions.schedule import Owed
from outreach.reports.writing import layout
from records import report_versions, rights
from records.database import Session
from records.incidents import ExportsFrozen
from records.permits import PermitRefusal
from records.report_versions import State, Version
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault

REFUSALS = (ReportRefusal, ExportsFrozen, PermitRefusal)
STATES = {
    State.DRAFTED: ("等核对", "warn"),
    State.CHECKED: ("等签字", "info"),
    State.SIGNED: ("已签字，今晚定稿", "good"),
    State.FROZEN: ("已定稿", "good"),
    State.REPLACED: ("已被新草稿代替", "plain"),
}
T = TypeVar("T")
_PAGE = 30
_MOST = 300  # lines that a page shows; more are in the file
_TYPES = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A paper in a list."""

    version: Version
    title: str
    area: str
    period: str
    is_late: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A paper as its page shows it."""

    line: Line
    known: Opened | None  # None: too long for a page
    before: dict[tuple[str, str, int], Row]
    beneath: Sequence[str]
    later: Version | None
    is_permitted: bool


async def owed(desk: Desk) -> web.StreamResponse:
    """What waits for me, the first due ahead."""
    lines = await desk.read(_owed, desk.staff, desk.now)
    return desk.render(
        "report_versions/owed.html", lines=lines, states=STATES, tabs=_TABS, tab="/owed"
    )


def _owed(session: Session, staff: Staff, now: datetime) -> list[Line]:
    found = sorted(telling.owed_by(session, staff), key=lambda one: str(one.due_on))
    return lines_of(session, found, now)


async def everything(desk: Desk) -> web.StreamResponse:
    """All papers of my area, the newest first."""
    given = desk.query.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 19 else 0
    lines = await desk.read(_all, desk.staff, desk.now, before)
    older = f"/console/owed/all?before={lines[-1].version.number}" if len(lines) == _PAGE else ""
    return desk.render(
        "report_versions/owed.html",
        lines=lines,
        states=STATES,
        tabs=_TABS,
        tab="/owed/all",
        older=older,
    )


def _all(session: Session, staff: Staff, now: datetime, before: int) -> list[Line]:
    found = report_versions.visible(
        session,
        staff.area,
        before=before,
        limit=_PAGE,
        with_people=rights.may(staff, Right.REVEAL),
    )
    return lines_of(session, found, now)


def lines_of(session: Session, found: Sequence[Version], now: datetime) -> list[Line]:
    """Papers with their names in words."""
    named = namer(session, [one.area for one in found])
    return [_line(one, named, now) for one in found]


def _line(version: Version, named: Callable[[str], str], now: datetime) -> Line:
    paper = registry.find(version.report)
    title = paper.report.title if paper else version.report
    period = parse(version.period).spoken
    return Line(version, title, named(version.area), period, telling.is_late(version, now))


def theirs(session: Session, staff: Staff, number: int) -> Version:
    """The paper of this number; not there for who may not see it."""
    version = report_versions.find(session, number)
    if version is None or not report_versions.may_see(staff.area, version):
        raise NotHere
    if not _may_read(staff, version):
        raise NotHere
    return version


def _may_read(staff: Staff, version: Version) -> bool:
    """Whose posts see totals only do not read line by line of people either."""
    return not version.has_people or rights.may(staff, Right.REVEAL)


async def one(desk: Desk) -> web.StreamResponse:
    """One paper beside the last period, with what may be done with it."""
    number = desk.number("number")
    shown = await desk.read(_one, desk.means.vault, desk.staff, number, desk.now)
    if shown.line.version.has_people:
        await desk.note("report.read", f"report:{number}")
    return desk.render(
        "report_versions/one.html",
        shown=shown,
        line=shown.line,
        version=shown.line.version,
        known=shown.known,
        states=STATES,
        whole=WHOLE,
        was=_was,
        header_of=layout.header,
        depth_of=layout.lines_of,
        endings=printing.endings(),
        is_fresh=desk.is_fresh,
    )


def _one(session: Session, vault: Vault, staff: Staff, number: int, now: datetime) -> Shown:
    version = theirs(session, staff, number)
    [line] = lines_of(session, [version], now)
    head = report_versions.head(session, vault, number)
    is_short = sum(len(table["rows"]) for table in head["tables"]) <= _MOST
    known = reading.opened(session, vault, version) if is_short else None
    same = report_versions.of(session, version.report, version.area, version.period)
    later = next((each for each in same if each.corrects == number), None)
    return Shown(
        line=line,
        known=known,
        before=_before(session, vault, version) if known else {},
        beneath=printing.beneath(known) if known else (),
        later=later,
        is_permitted=taking.is_permitted(session, version, staff, now),
    )


def _before(session: Session, vault: Vault, version: Version) -> dict[tuple[str, str, int], Row]:
    """The lines of the paper of the period before, by what they are of."""
    last = str(parse(version.period).before())
    found = reading.newest(session, version.report, version.area, last)
    if found is None:
        return {}
    rows = reading.opened(session, vault, found).corrected.rows
    return {_key(n, row): row for n, row in enumerate(rows)}


def _key(line: int, row: Row) -> tuple[str, str, int]:
    return row.area, row.subject, -1 if row.area or row.subject else line


def _was(shown: Shown, line: int, row: Row, cell: str) -> tuple[Value, int | float] | None:
    """What a figure was in the period before, and how far it has moved; None where it has not."""
    old = shown.before.get(_key(line, row))
    now, then = row.cells.get(cell), old.cells.get(cell) if old else None
    if not isinstance(now, int | float) or not isinstance(then, int | float) or now == then:
        return None
    return then, now - then


async def check(desk: Desk) -> web.StreamResponse:
    """I have gone through it."""
    await _step(desk, steps.check)
    return _back_to(desk, "核对过了，请另一位同事签字。", f"{_own(desk)}/back")


async def sign(desk: Desk) -> web.StreamResponse:
    """I answer for it."""
    await _step(desk, steps.sign)
    return _back_to(desk, "签字了，今晚定稿；定稿前可以收回。", f"{_own(desk)}/back")


async def back(desk: Desk) -> web.StreamResponse:
    """Undo the last step."""
    await _step(desk, steps.take_back)
    return _back_to(desk, "收回了。")


async def freeze(desk: Desk) -> web.StreamResponse:
    """It stays as it is from now on."""
    await _write(desk, _freeze)
    return _back_to(desk, "定稿了，从现在起只能写更正说明。")


def _freeze(session: Session, desk: Desk, version: Version) -> None:
    seen = desk.form.get("seen") or "-"
    done = steps.freeze(session, desk.means.vault, version, now=desk.now, by=desk.staff, seen=seen)
    telling.settled(session, done, desk.now)


async def count(desk: Desk) -> web.StreamResponse:
    """Count it anew, or begin a version that corrects a frozen one."""
    number = await _write(desk, _count)
    is_same = number == desk.number("number")
    said = "重新算过，数没有变。" if is_same else "重新算好了，写过的备注和手填的数都带过来了。"
    return desk.go(f"/owed/{number}", said)


def _count(session: Session, desk: Desk, version: Version) -> int:
    paper = registry.find(version.report)
    if paper is None or not desk.may(Right.SIGN):
        raise NotHere
    named, period = namer(session), parse(version.period)
    if version.state is State.FROZEN:
        rules = desk.means.rules
        asked = Asked(version.area, period, desk.now, desk.means.vault, named, rules=rules)
        return making.correcting(session, paper, asked, version).number
    owed_ = Owed(paper, version.area, period)
    vault, rules = desk.means.vault, desk.means.rules
    return schedule.draft(session, vault, owed_, named, desk.now, rules=rules).number


async def remark(desk: Desk) -> web.StreamResponse:
    """Something about the whole of it."""
    await _write(desk, _remark)
    return _back_to(desk, "备注写上了。")


def _remark(session: Session, desk: Desk, version: Version) -> None:
    noting.remark(
        session,
        desk.means.vault,
        version,
        desk.form.get("said", ""),
        why=desk.form.get("why", ""),
        by=desk.staff,
        now=desk.now,
    )


async def ask_file(desk: Desk) -> web.StreamResponse:
    """Ask a colleague for the file of a paper with people in it."""
    await _write(desk, _ask_file)
    return _back_to(desk, "交给同事批准了，批准以后三天内能下载一次。")


def _ask_file(session: Session, desk: Desk, version: Version) -> None:
    why = desk.form.get("why", "")
    taking.ask(session, desk.means.vault, version, why=why, by=desk.staff, now=desk.now)


async def fetch(desk: Desk) -> web.StreamResponse:
    """The paper as a file."""
    ending = f".{desk.path('ending')}"
    if ending not in printing.endings():
        raise NotHere
    name, body = await _write(desk, _file, ending)
    kind = _TYPES[PurePath(name).suffix]
    told = f"attachment; filename=\"report{ending}\"; filename*=UTF-8''{quote(name, safe='')}"
    return web.Response(body=body, headers={"Content-Type": kind, "Content-Disposition": told})


def _file(session: Session, desk: Desk, version: Version, ending: str) -> tuple[str, bytes]:
    paper = registry.find(version.report)
    if paper is None:
        raise NotHere
    body, number = taking.take(
        session, desk.means.vault, version, paper, ending=ending, by=desk.staff, now=desk.now
    )
    [line] = lines_of(session, [version], desk.now)
    return f"{line.area}{line.period}{line.title}-{number}{ending}", body


async def _step(desk: Desk, step: Callable[..., Version]) -> None:
    await _write(desk, _stepped, step)


def _stepped(session: Session, desk: Desk, version: Version, step: Callable[..., Version]) -> None:
    # A step is taken on what its page showed; taking back by the undo has seen nothing new.
    seen = desk.form.get("seen") or (version.sha if step is steps.take_back else "")
    step(session, desk.means.vault, version, seen=seen, by=desk.staff, now=desk.now)


async def _write(desk: Desk, function: Callable[..., T], *args: object) -> T:
    """Do something with the paper that the address names."""

    def work(session: Session) -> T:
        version = theirs(session, desk.staff, desk.number("number"))
        return function(session, desk, version, *args)

    try:
        return await desk.write(work)
    except REFUSALS as refusal:
        raise Refused(str(refusal)) from refusal


def _own(desk: Desk) -> str:
    return f"/owed/{desk.number('number')}"


def _back_to(desk: Desk, said: str, undo: str = "") -> web.Response:
    return desk.go(_own(desk), said, undo)


def _waiting(session: Session, staff: Staff, now: datetime) -> int:
    return len(telling.owed_by(session, staff))


def _version(session: Session, staff: Staff, key: str, now: datetime) -> str:
    """Another one whenever something of what they owe has moved."""
    if not rights.may(staff, Right.REPORTS):
        return ""
    return ",".join(f"{one.number}{one.sha[:6]}" for one in telling.owed_by(session, staff))


_TABS = (("/owed", "等我办的", None), ("/owed/all", "全部", None))
WAITING = (Waiting("报表等您核对或签字", "/owed", Right.SIGN, _waiting, "owed"),)
TOPICS = {"owed": _version}
PAGES = (
    Page("GET", "/owed", owed, Right.REPORTS, menu="owed"),
    Page("GET", "/owed/all", everything, Right.REPORTS),
    Page("GET", "/owed/{number}", one, Right.REPORTS),
    Page("POST", "/owed/{number}/check", check, Right.SIGN),
    Page("POST", "/owed/{number}/sign", sign, Right.SIGN, Door.FRESH),
    Page("POST", "/owed/{number}/back", back, Right.SIGN),
    Page("POST", "/owed/{number}/freeze", freeze, Right.SIGN, Door.FRESH),
    Page("POST", "/owed/{number}/count", count, Right.SIGN),
    Page("POST", "/owed/{number}/remark", remark, Right.SIGN),
    Page("POST", "/owed/{number}/ask", ask_file, Right.EXPORT),
    Page("POST", "/owed/{number}/file/{ending}", fetch, Right.REPORTS),
)
