"""Exports: asked for, made, fetched; and the permits that another person gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web
from pydantic import Field

from console.desk import Desk, NotHere, Refused
from console.download import sent
from console.exports import asking, making
from console.exports.asking import EXPORT
from console.exports.catalog import CATALOG
from console.exports.kinds import Asked, ExportRefusal, Kind, Shape
from console.exports.mark import code
from console.forms import Filled, Form, blank, filled, wrong
from console.page import Door, Page
from records import background, permits
from records.background import BackgroundWork, WorkState
from records.database import Session
from records.incidents import ExportsFrozen
from records.permits import Permit, PermitRefusal
from records.rights import Post, Right
from records.staff_accounts import Staff
from records.vault import Vault

SHAPES = {
    Shape.XLSX: "Excel 表格",
    Shape.CSV: "CSV 文本",
    Shape.DOCX: "Word 文档",
    Shape.ZIP: "压缩包",
}
STATES = {
    WorkState.HELD: ("等批准", "warn"),
    WorkState.WAITING: ("排队中", "info"),
    WorkState.RUNNING: ("正在做", "info"),
    WorkState.DONE: ("做好了", "good"),
    WorkState.FAILED: ("没做成", "bad"),
    WorkState.CANCELLED: ("取消了", "plain"),
}
REFUSALS = (ExportRefusal, ExportsFrozen, PermitRefusal)
_MOST = 20
LONGEST = 200


class _Wanted(Form):
    shape: Shape = Shape.XLSX
    why: str = Field(default="", max_length=LONGEST)


@dataclass(frozen=True, slots=True)
class Line:
    """An export as it is shown; `permit` where it needs another's word."""

    row: BackgroundWork
    kind: Kind | None
    values: Mapping[str, str]
    shape: str
    permit: Permit | None = None
    is_there: bool = False

    @property
    def title(self) -> str:
        return self.kind.title if self.kind else "导出"

    @property
    def code(self) -> str:
        return code(self.row.number)


def way(what: str, **values: str) -> str:
    """Where an export of this kind with these filters is asked for, below /console."""
    given = {name: value for name, value in values.items() if value}
    return f"/exports/new?{urlencode({'what': what, **given})}"


async def exports(desk: Desk) -> web.StreamResponse:
    """What I asked for, the newest first."""
    before = desk.query.get("before", "")
    key = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    lines = await desk.read(_mine, desk.means.vault, desk.staff, desk.now, key)
    older = f"/console/exports?before={lines[-1].row.number}" if len(lines) == _MOST else ""
    offered = [one for one in CATALOG.values() if desk.may(one.right) and not one.filters.keys()]
    named = await desk.named(*places_of(lines))
    return desk.render(
        "exports/exports.html",
        lines=lines,
        older=older,
        named=named,
        states=STATES,
        offered=offered,
        is_city=desk.post is Post.CITY,
        tabs=tabs(desk),
    )


def tabs(desk: Desk) -> list[tuple[str, str, None]]:
    """The pages of exports that somebody may open."""
    decides = [("/exports/permits", "等我批准的", None)] if desk.may(Right.GRANT) else []
    return [("/exports", "我的导出", None), *decides]


def places_of(lines: Sequence[Line]) -> list[str]:
    """The codes of places that these lines name."""
    return [line.values["place"] for line in lines if "place" in line.values]


def _mine(
    session: Session, vault: Vault, staff: Staff, now: datetime, before: int | None
) -> list[Line]:
    rows = background.of(session, staff.name, [EXPORT], before=before, most=_MOST)
    return [line_of(session, vault, row, now) for row in rows]


def line_of(session: Session, vault: Vault, row: BackgroundWork, now: datetime) -> Line:
    asked = background.asked(vault, row)
    kind = CATALOG.get(str(asked.get("what")))
    values = {name: str(value) for name, value in dict(asked["values"]).items()}
    permit = session.get(Permit, row.permit) if row.permit else None
    is_there = row.state == WorkState.DONE and making.is_there(session, vault, row.number, now)
    return Line(row, kind, values, SHAPES[Shape(asked["shape"])], permit, is_there)


async def export(desk: Desk) -> web.StreamResponse:
    """One of mine."""
    line = await desk.read(_one, desk.means.vault, desk.staff, desk.number("number"), desk.now)
    named = await desk.named(*places_of([line]))
    return desk.render("exports/export.html", line=line, named=named, states=STATES)


def _one(session: Session, vault: Vault, staff: Staff, number: int, now: datetime) -> Line:
    row = background.find(session, number)
    if row is None or row.by != staff.name or row.kind != EXPORT:
        raise NotHere
    return line_of(session, vault, row, now)


async def new(desk: Desk) -> web.StreamResponse:
    """How many rows it has, as what it is wanted, and what for."""
    return await _new(desk, blank())


async def _new(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    asked = _asked(desk, Shape.XLSX, "")
    try:
        kind = asking.kind_of(asked.what)
        size = await desk.read(asking.size, _in_shape(asked, kind))
    except REFUSALS as refusal:
        raise Refused(str(refusal)) from refusal
    named = await desk.named(asked.values.get("place", ""))
    return desk.render(
        "exports/new.html",
        status,
        f=f,
        kind=kind,
        values=asked.values,
        size=size,
        most=permits.ALONE,
        named=named,
        shapes=[(shape.value, SHAPES[shape]) for shape in kind.shapes],
        way="/exports/new?" + urlencode(dict(desk.query)),
    )


def _in_shape(asked: Asked, kind: Kind) -> Asked:
    return Asked(asked.what, asked.staff, asked.now, kind.shapes[0], asked.values)


def _asked(desk: Desk, shape: Shape, why: str) -> Asked:
    """What the address says; filters that the kind does not know are left aside."""
    what = desk.query.get("what", "")
    kind = CATALOG.get(what)
    if kind is None:
        raise NotHere
    values = {n: desk.query[n][:80] for n in kind.filters if desk.query.get(n)}
    return Asked(what, desk.staff, desk.now, shape, values, why)


async def ask(desk: Desk) -> web.StreamResponse:
    """Make it, or ask somebody to permit it."""
    f = filled(_Wanted, desk.form)
    if f.value is None:
        return await _new(desk, f, 422)
    try:
        asked = _asked(desk, f.value.shape, f.value.why)
        number = await desk.write(asking.ask, desk.means.vault, asked)
    except PermitRefusal as refusal:
        return await _new(desk, wrong(f.typed, why=str(refusal)), 422)
    except REFUSALS as refusal:
        raise Refused(str(refusal)) from refusal
    return desk.go(f"/exports/{number}", "收到了，办到哪一步，看这一页。")


async def begin(desk: Desk) -> web.StreamResponse:
    """It was permitted: make it."""
    number = desk.number("number")
    await desk.read(_one, desk.means.vault, desk.staff, number, desk.now)
    try:
        await desk.write(asking.begin, desk.means.vault, number, desk.staff, desk.now)
    except REFUSALS as refusal:
        raise Refused(str(refusal)) from refusal
    return desk.go(f"/exports/{number}", "开始做了，做好以后在这里取。")


async def cancel(desk: Desk) -> web.StreamResponse:
    """I do not want it any more."""
    number = desk.number("number")
    await desk.read(_one, desk.means.vault, desk.staff, number, desk.now)
    is_over = not await desk.write(_cancel, number, desk.staff.name, desk.now)
    return desk.go(f"/exports/{number}", "已经做完了，没有取消。" if is_over else "取消了。")


def _cancel(session: Session, number: int, by: str, now: datetime) -> bool:
    return background.cancel(session, number, by, at=now)


async def fetch(desk: Desk) -> web.StreamResponse:
    """The file."""
    number = desk.number("number")
    await desk.read(_one, desk.means.vault, desk.staff, number, desk.now)
    try:
        kept = await desk.write(making.take, desk.means.vault, number, desk.staff, desk.now)
    except REFUSALS as refusal:
        raise Refused(str(refusal)) from refusal
    return await sent(desk, kept)


def _work(session: Session, staff: Staff, key: str, now: datetime) -> str:
    """The version of one piece of work of theirs, or of all."""
    if not key:
        rows = background.of(session, staff.name, [EXPORT], most=_MOST)
        return ",".join(f"{row.number}{row.state}{row.done}" for row in rows)
    row = background.find(session, int(key)) if key.isascii() and key.isdigit() else None
    return f"{row.state}{row.done}" if row is not None and row.by == staff.name else ""


TOPICS = {"work": _work}
PAGES = (
    Page("GET", "/exports", exports, Right.REPORTS, menu="exports"),
    Page("GET", "/exports/new", new, Right.REPORTS, Door.FRESH),
    Page("POST", "/exports/new", ask, Right.REPORTS, Door.FRESH),
    Page("GET", "/exports/{number:[0-9]+}", export, Right.REPORTS),
    Page("POST", "/exports/{number:[0-9]+}/begin", begin, Right.REPORTS, Door.FRESH),
    Page("POST", "/exports/{number:[0-9]+}/cancel", cancel, Right.REPORTS),
    Page("GET", "/exports/{number:[0-9]+}/file", fetch, Right.REPORTS, Door.FRESH),
)
