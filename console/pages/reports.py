"""Reports of every kind: chosen, made, looked at; each figure opens its list; files to take."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere, Refused
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Door, Page
from console.pages.exports import way
from console.reports import behind as lists
from console.reports import making
from console.reports.making import BY_NAME, Wanted, may_make
from knowledge.areas import Gazetteer
from outreach.calendars import CHINA
from outreach.reports import exporting
from outreach.reports.periods import Period, PeriodFault, PeriodKind, containing, parse
from outreach.reports.registry import REPORTS
from outreach.reports.table import Report, Row, Table
from outreach.reports.writing import layout
from outreach.reports.writing.files import WRITERS
from outreach.reports.writing.mark import Mark
from records import audit, background, incidents
from records.background import BackgroundWork, WorkState
from records.database import Session
from records.incidents import ExportsFrozen
from records.rights import Right, may
from records.staff_accounts import Staff
from records.vault import Vault
from registry import naming, villages
from registry.naming import NoSuchPlace

FORMS = {
    ".xlsx": "Excel 表格",
    ".docx": "Word 文档",
    ".csv": "CSV 文本",
    ".html": "打印页",
    ".md": "纯文本",
}
SPANS = {
    PeriodKind.DAY: "某一天，如 2026-11-22",
    PeriodKind.MONTH: "月，如 2026-11",
    PeriodKind.TWO_MONTHS: "两个月，如 2026-B6 是11、12月",
    PeriodKind.QUARTER: "季度，如 2026-Q4",
    PeriodKind.YEAR: "年，如 2026",
}
_TYPES = {
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".csv": "text/csv; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".md": "text/markdown; charset=utf-8",
}
_LATELY, _MOST = 10, 300  # tables in the list; lines that a page shows
_LONGEST = 5_000  # lines of a list that is opened
_CHOICES = 6  # periods that are over, to choose from


class _Asked(Form):
    place: str = Field(min_length=1, max_length=40)
    period: str = Field(min_length=4, max_length=12)
    is_public: bool = False


@dataclass(frozen=True, slots=True)
class Made:
    """A piece of work with what it was asked for."""

    row: BackgroundWork
    wanted: Wanted
    area: str

    @property
    def report(self) -> Report:
        return self.wanted.report

    @property
    def title(self) -> str:
        return f"{self.area} {parse(self.wanted.period).spoken} {self.report.title}"


async def reports(desk: Desk) -> web.StreamResponse:
    """All that can be made, and what was made lately."""
    offered = [one for one in REPORTS if may_make(desk.staff, one)]
    lately = await desk.read(_lately, desk.means.vault, desk.staff)
    named = await desk.named(*(one.area for one in lately))
    lines = [replace(one, area=named(one.area)) for one in lately]
    return desk.render("reports/reports.html", offered=offered, lines=lines, spans=SPANS)


def _lately(session: Session, vault: Vault, staff: Staff) -> list[Made]:
    rows = background.of(session, staff.name, [making.REPORT], most=_LATELY)
    found = [(row, making.wanted_of(vault, row)) for row in rows]
    return [Made(row, one, one.area) for row, one in found if one.name in BY_NAME]


async def new(desk: Desk) -> web.StreamResponse:
    """Of which area, of which period."""
    return await _new(desk, blank())


async def _new(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    report = _report(desk)
    now = _now(report, desk.now)
    named = await desk.named(desk.staff.area)
    choices = [(str(one), one.spoken) for one in (now, *_before(now))]
    return desk.render(
        "reports/new.html",
        status,
        f=f,
        report=report,
        place=named(desk.staff.area) if desk.staff.area else "",
        choices=choices,
        span=SPANS[report.period],
        is_day=report.period is PeriodKind.DAY,
    )


def _report(desk: Desk) -> Report:
    report = BY_NAME.get(desk.path("name"))
    if report is None or not may_make(desk.staff, report):
        raise NotHere
    return report


def _now(report: Report, now: datetime) -> Period:
    return containing(report.period, now.astimezone(CHINA).date())


def _before(now: Period) -> list[Period]:
    found = [now.before()]
    while len(found) < _CHOICES:
        found.append(found[-1].before())
    return found


async def ask(desk: Desk) -> web.StreamResponse:
    """Make it."""
    report, f = _report(desk), filled(_Asked, desk.form)
    if f.value is None:
        return await _new(desk, f, 422)
    try:
        period = exporting.fitting(report, parse(f.value.period))
    except PeriodFault:
        period = None
    if period is None:
        return await _new(desk, wrong(f.typed, period=f"请这样填：{SPANS[report.period]}"), 422)
    gazetteer = await desk.gazetteer()
    area = await desk.read(_place, f.value.place, gazetteer, desk.staff)
    if not area:
        said = "没有这个地方，或者不归您负责：请写县名、镇名或村名"
        return await _new(desk, wrong(f.typed, place=said), 422)
    wanted = Wanted(report.name, area, str(period), f.value.is_public)
    number = await desk.write(making.ask, desk.means.vault, wanted, desk.staff, desk.now)
    return desk.go(f"/reports/made/{number}")


def _place(session: Session, text: str, gazetteer: Gazetteer, staff: Staff) -> str:
    """The code of a place in what they look after; "" where it is none."""
    try:
        area = naming.code_of(text, gazetteer, villages.known(session))
    except NoSuchPlace:
        return ""
    return area if making.is_in_reach(session, staff, area) else ""


async def made(desk: Desk) -> web.StreamResponse:
    """The table as it was made, or how far it is."""
    found, table = await _made(desk)
    if table is not None and found.report.has_people:
        await desk.note("report.read", f"work:{found.row.number}")
    rows = list(table.rows) if table else []
    return desk.render(
        "reports/made.html",
        made=found,
        table=table,
        heads=_header(table) if table else [],
        head=_head(table) if table else "",
        rows=rows[:_MOST],
        more=max(len(rows) - _MOST, 0),
        may_open=desk.may(Right.PEOPLE),
        forms=FORMS,
        export=way(making.REPORT, made=str(found.row.number)),
        is_done=found.row.state == WorkState.DONE,
    )


def _head(table: Table) -> str:
    """The column that says whose line it is: the first that is no running number."""
    return next((one.key for one in table.columns if one.key != "no"), "")


def _header(table: Table) -> list[list[layout.Head]]:
    """The cells of the header by line."""
    lines: list[list[layout.Head]] = [[] for _ in range(layout.lines_of(table.columns))]
    for head in layout.header(table.columns):
        lines[head.line].append(head)
    return lines


async def _made(desk: Desk) -> tuple[Made, Table | None]:
    """What they asked for, and the table where it is there."""
    number = desk.number("number")
    row, wanted = await desk.read(_work, desk.means.vault, desk.staff, number)
    named = await desk.named(wanted.area)
    found = Made(row, wanted, named(wanted.area))
    file = await desk.read(making.shown, desk.means.vault, number, desk.now)
    if file is None:
        return found, None
    return found, await making.table_of(desk.means, file)


def _work(
    session: Session, vault: Vault, staff: Staff, number: int
) -> tuple[BackgroundWork, Wanted]:
    row = background.find(session, number)
    if row is None or row.by != staff.name or row.kind != making.REPORT:
        raise NotHere
    wanted = making.wanted_of(vault, row)
    if wanted.name not in BY_NAME or not may_make(staff, wanted.report):
        raise NotHere
    if not making.is_in_reach(session, staff, wanted.area):
        raise NotHere
    return row, wanted


async def behind(desk: Desk) -> web.StreamResponse:
    """The list behind a figure: masked, and only who is in reach."""
    found, table = await _made(desk)
    if table is None:
        raise NotHere
    row, column = _cell(desk, table)
    figure = row.cells.get(column)
    if isinstance(figure, int) and figure > _LONGEST:
        raise Refused(f"名单有 {figure} 行，太长了：请从镇或村的那一行点开，或者按镇再生成一份。")
    after = desk.query.get("after", "")[:24]
    asked = (found.wanted, row, column, after)
    listed = await desk.read(
        lists.listed, desk.means.vault, desk.staff, asked, desk.means.rules, desk.now
    )
    if listed.people:
        await desk.write(_seen, listed.people, desk.actor, desk.now)
    here = f"/console/reports/made/{found.row.number}/behind"
    place = f"line={desk.query['line']}&cell={quote(column)}"
    titles = dict(zip((c.key for c in table.columns), layout.flat(table.columns), strict=True))
    return desk.render(
        "reports/behind.html",
        made=found,
        row=row,
        title=titles[column],
        name=next((v for v in row.cells.values() if isinstance(v, str) and v), ""),
        figure=figure,
        listed=listed,
        older=f"{here}?{place}&after={quote(listed.next)}" if listed.next else "",
    )


def _cell(desk: Desk, table: Table) -> tuple[Row, str]:
    """The line and the column that the address names; not there where nothing opens."""
    line, column = desk.query.get("line", ""), desk.query.get("cell", "")
    if not (line.isascii() and line.isdigit()) or int(line) >= len(table.rows):
        raise NotHere
    row = table.rows[int(line)]
    if column not in row.opens:
        raise NotHere
    return row, column


def _seen(session: Session, ids: list[str], actor: str, now: datetime) -> None:
    audit.write_all(session, "person.seen", ids, at=now, actor=actor[:60])


async def file(desk: Desk) -> web.StreamResponse:
    """The table as a file; what has people in it goes the way of exports."""
    found, table = await _made(desk)
    ending = f".{desk.path('ending')}"
    if table is None or ending not in WRITERS or found.report.has_people:
        raise NotHere
    try:
        number = await desk.write(_taken, found, table, desk.means.vault, desk.staff, desk.now)
    except ExportsFrozen as refusal:
        raise Refused(str(refusal)) from refusal
    mark = Mark(desk.staff.name, desk.now, number)
    data = await asyncio.to_thread(WRITERS[ending], table, mark)
    name = quote(f"{found.title}{ending}", safe="")
    headers = {
        "Content-Type": _TYPES[ending],
        "Content-Disposition": f"attachment; filename=\"report{ending}\"; filename*=UTF-8''{name}",
    }
    return web.Response(body=data, headers=headers)


def _taken(
    session: Session, found: Made, table: Table, vault: Vault, staff: Staff, now: datetime
) -> str:
    incidents.refuse_if_frozen(session)
    asked = making.asked_of(session, vault, found.wanted, making.OWN, now)
    return exporting.note(session, found.report, asked, table, by=staff.name)


def _version(session: Session, staff: Staff, key: str, now: datetime) -> str:
    row = background.find(session, int(key)) if key.isascii() and key.isdigit() else None
    is_theirs = row is not None and row.by == staff.name and may(staff, Right.REPORTS)
    return f"{row.state}{row.done}" if row is not None and is_theirs else ""


TOPICS = {"made": _version}
PAGES = (
    Page("GET", "/reports", reports, Right.REPORTS, menu="reports"),
    Page("GET", "/reports/new/{name}", new, Right.REPORTS),
    Page("POST", "/reports/new/{name}", ask, Right.REPORTS),
    Page("GET", "/reports/made/{number}", made, Right.REPORTS),
    Page("GET", "/reports/made/{number}/behind", behind, Right.PEOPLE),
    Page("POST", "/reports/made/{number}/file/{ending}", file, Right.REPORTS, Door.FRESH),
)
