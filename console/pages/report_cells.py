"""One cell of a paper: what it was counted from, what was written about it, and how to write."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Page
from console.pages.report_versions import Line, lines_of, theirs
from console.reports import lines as lists
from outreach.reports.table import Column, Listed, Row
from outreach.reports.versions import noting, reading
from outreach.reports.versions.reading import OpenedList, Said
from outreach.reports.versions.refusal import ReportRefusal
from outreach.reports.writing import layout
from records import rights
from records.database import Session
from records.report_versions import NoteKind, State, Version
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault

_PAGE = 50
_KINDS = {
    NoteKind.REMARK: "备注",
    NoteKind.TYPED: "手填",
    NoteKind.CORRECTION: "更正",
}
_REMARK = "remark"
_WAYS: dict[str, Callable[..., Version]] = {"typed": noting.type_in, "correction": noting.correct}


class _Words(Form):
    said: str = Field(min_length=1, max_length=noting.LONGEST)
    why: str = Field(default="", max_length=noting.LONGEST)


class _Remark(Form):
    """The same with names of their own: both forms stand on one page."""

    remark: str = Field(min_length=1, max_length=noting.LONGEST)
    remark_why: str = Field(default="", max_length=noting.LONGEST)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with all that a page shows of it."""

    line: Line
    row: Row
    column: Column
    title: str
    remark: str
    notes: Sequence[Said]
    may_type: bool
    listed: OpenedList | None
    shown: Sequence[lists.Line]
    elsewhere: int  # of the list, out of reach
    next: int  # where the next page of the list begins; 0 for none


async def cell(desk: Desk) -> web.StreamResponse:
    """The cell, its list page by page; reading a list is in the trail."""
    return await _cell(desk, blank())


async def _cell(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    place = (desk.number("line") - 1, desk.path("cell"))
    number, first = desk.number("number"), _first(desk)
    found = await desk.read(_read, desk.means.vault, desk.staff, (number, *place), first, desk.now)
    if found.shown:
        await desk.note("report.list", f"report:{number}")
    return desk.render(
        "report_versions/cell.html",
        status,
        f=f,
        cell=found,
        version=found.line.version,
        worded=layout.shown,
        kinds=_KINDS,
        called=lists.TITLES,
        unit=lists.unit_of(found.listed.listed.subject) if found.listed else "",
        frozen=State.FROZEN,
        path=f"/owed/{number}/{desk.path('line')}/{found.column.key}",
        first=first,
    )


def _first(desk: Desk) -> int:
    text = desk.query.get("from", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _read(
    session: Session,
    vault: Vault,
    staff: Staff,
    place: tuple[int, int, str],
    first: int,
    now: datetime,
) -> Cell:
    number, line, key = place
    version = theirs(session, staff, number)
    known = reading.opened(session, vault, version)
    columns = {column.key: column for column in known.table.columns}
    if not 0 <= line < len(known.table.rows) or key not in columns or columns[key].is_personal:
        raise NotHere
    row, column = known.table.rows[line], columns[key]
    listed = _list(session, vault, version, row, key)
    ids = listed.listed.ids if listed else ()
    shown = _page(session, vault, staff, listed.listed, first, now) if listed else []
    return Cell(
        line=lines_of(session, [version], now)[0],
        row=row,
        column=column,
        title=layout.name_of(known.table, row) or f"第{line + 1}行",
        remark=known.remarks.get((line, key), ""),
        notes=[one for one in known.notes if (one.line, one.cell) == (line, key)],
        may_type=noting.may_type(known.made.tables[0].rows[line], column),
        listed=listed,
        shown=shown,
        elsewhere=len(ids[first : first + _PAGE]) - len(shown),
        next=first + _PAGE if first + _PAGE < len(ids) else 0,
    )


def _list(
    session: Session, vault: Vault, version: Version, row: Row, key: str
) -> OpenedList | None:
    name = row.opens.get(key)
    if name is None:
        return None
    return reading.open_list(session, vault, version.number, name, row.area or version.area)


def _page(
    session: Session, vault: Vault, staff: Staff, listed: Listed, first: int, now: datetime
) -> list[lists.Line]:
    """A page of what is in reach."""
    if not rights.may(staff, Right.PEOPLE):
        return []
    some = list(listed.ids[first : first + _PAGE])
    return lists.lines_of(session, vault, staff, listed.subject, some, now)[0]


async def write(desk: Desk) -> web.StreamResponse:
    """A remark, a number that nothing counts, or a correction of what is frozen."""
    kind = desk.path("kind")
    if kind != _REMARK and kind not in _WAYS:
        raise NotHere
    f: Filled[Any] = filled(_Remark if kind == _REMARK else _Words, desk.form)
    if f.value is None:
        return await _cell(desk, f, 422)
    try:
        await desk.write(_write, desk, kind, f.value)
    except ReportRefusal as refusal:
        field = _REMARK if kind == _REMARK else "said"
        return await _cell(desk, wrong(f.typed, **{field: str(refusal)}), 422)
    number, line = desk.number("number"), desk.number("line")
    return desk.go(f"/owed/{number}/{line}/{desk.path('cell')}", "写上了，改前的和原因都留着。")


def _write(session: Session, desk: Desk, kind: str, given: _Words | _Remark) -> None:
    version = theirs(session, desk.staff, desk.number("number"))
    if isinstance(given, _Remark):
        text, why = given.remark, given.remark_why
    else:
        text, why = given.said, given.why
    step = _WAYS.get(kind, noting.remark)
    step(
        session,
        desk.means.vault,
        version,
        text,
        line=desk.number("line") - 1,
        cell=desk.path("cell"),
        why=why,
        by=desk.staff,
        now=desk.now,
    )


PAGES = (
    Page("GET", "/owed/{number}/{line}/{cell}", cell, Right.REPORTS),
    Page("POST", "/owed/{number}/{line}/{cell}/{kind}", write, Right.SIGN),
)
