"""A project is entered, or changed: its fields read as a row of a list would be."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from aiohttp import web

from console.desk import Desk, Refused
from console.forms import Filled, blank, wrong
from console.imports.lists import county_of, kind_for
from console.page import Page
from console.pages.projects import mine, refuse_stale
from console.projects.words import CHOICES, FIXED, choices, written
from knowledge.exchange.cells import Cell, Made
from outreach.projects import keeping
from outreach.projects.keeping import ProjectRefusal
from records.database import Session
from records.people import Source
from records.projects import ProjectRow, Provenance
from records.rights import Right
from registry import projects_store
from registry.editing import EditRefused, edited
from registry.lists import Origin, Outcome, Stored, Terms
from registry.lists import Refused as RowRefused
from registry.offers import Owned
from registry.projects_rows import file
from registry.tables import Line

_LONGEST = 400
_AT = re.compile(r"“([^”]+)”列：")
_HINTS = {
    "capital": "比如 3万—5万",
    "payback": "几个月，比如 12—18",
    "town": "几个镇用顿号隔开，全县就不填",
    "certificates": "比如 中级电工证、健康证",
}
_NEEDED = ("title", "category", "county", "source_dept", "capital", "risk_line", "expires_on")


async def new(desk: Desk) -> web.StreamResponse:
    """An empty form."""
    return await _new(desk, blank())


async def _new(
    desk: Desk, f: Filled[Any], status: int = 200, said: str = ""
) -> web.StreamResponse:
    county = await desk.read(county_of, desk.staff, await desk.gazetteer())
    return desk.render(
        "projects/form.html",
        status,
        f=f,
        title="录一个项目",
        path="/projects/new",
        row=None,
        fields=_fields(()),
        now={"county": county.name if county else "", "kind": "项目", "slots": "1"},
        fault=said,
        seen="",
    )


@dataclass(frozen=True, slots=True)
class Field:
    """A column as a field: `words` to choose from, or `hint`, what may be written."""

    key: str
    heading: str
    words: list[tuple[str, str]]
    hint: str
    is_needed: bool


def _fields(but: tuple[str, ...]) -> list[Field]:
    return [
        Field(
            column.key,
            column.heading,
            choices(column.key) if column.key in CHOICES else [],
            _HINTS.get(column.key) or file().examples.get(column.key, ""),
            column.key in _NEEDED,
        )
        for column in file().columns
        if column.key not in but
    ]


def _typed(desk: Desk) -> dict[str, str]:
    keys = {column.key for column in file().columns}
    return {k: v.strip()[:_LONGEST] for k, v in desk.form.items() if k in keys}


async def enter(desk: Desk) -> web.StreamResponse:
    """A draft, which another one reviews."""
    typed = _typed(desk)
    read = await desk.read(_read, desk, await desk.gazetteer(), typed)
    if isinstance(read, RowRefused):
        faults = {_key(one.heading): f"{one.sentence}" for one in read.faults}
        return await _new(desk, wrong(typed, **faults), 422, faults.get("", ""))
    stored = await desk.write(_store, desk, replace(read, provenance=Provenance.DEPARTMENT))
    if stored.outcome is not Outcome.NEW:
        said = f"库里已经有同名的 {stored.subject} 号项目，没有再存；要改请到那个项目里改。"
        return await _new(desk, wrong(typed, title=said), 409)
    return desk.go(f"/projects/{stored.subject}", "存成了草稿，等另一位同事审。")


def _read(
    session: Session, desk: Desk, gazetteer: Any, typed: Mapping[str, str]
) -> Owned | RowRefused:
    """The form as a row of a list."""
    cells = {key: Cell(text, Made.TEXT) for key, text in typed.items() if text}
    county = county_of(session, desk.staff, gazetteer)
    origin = Origin(desk.means.vault, desk.staff.name, desk.now, Source.COUNTER)
    terms = Terms(origin, gazetteer, secrets.token_hex(12), county)
    found: Owned | RowRefused = kind_for("projects", desk.staff).reader(terms)(Line("", 0, cells))
    return found


def _store(session: Session, desk: Desk, owned: Owned) -> Stored:
    """Stored where there is none of this name; what is there is never overwritten by a form."""
    known = projects_store.known(session, owned)
    if known is not None:
        return Stored(Outcome.SAME, str(known.number))
    origin = Origin(desk.means.vault, desk.staff.name, desk.now, Source.COUNTER)
    return projects_store.store_all(session, [owned], origin)[0]


def _key(heading: str) -> str:
    return next((column.key for column in file().columns if column.heading == heading), "")


async def change(desk: Desk) -> web.StreamResponse:
    """The form with what it says now."""
    row = await mine(desk, "edit")
    return _change(desk, row, blank())


def _change(
    desk: Desk, row: ProjectRow, f: Filled[Any], status: int = 200, said: str = ""
) -> web.StreamResponse:
    return desk.render(
        "projects/form.html",
        status,
        f=f,
        title=f"改{row.title}",
        path=f"/projects/{row.number}/edit",
        row=row,
        fields=_fields(FIXED),
        now=written(row),
        fault=said,
        seen=f"{row.version}/{row.state}",
    )


async def edit(desk: Desk) -> web.StreamResponse:
    """A new version, a draft again."""
    row, typed = await mine(desk, "edit"), _typed(desk)
    refuse_stale(desk, row)
    was = written(row)
    given = [
        f"{file().heading(key)}={text}"
        for key, text in typed.items()
        if key not in FIXED and text != was.get(key, "")
    ]
    if not given:
        return _change(desk, row, blank(typed), 422, "什么都没有改。")
    try:
        values = edited(row, given, await desk.gazetteer(), desk.now)
        await desk.write(_edit, desk, row.number, values)
    except EditRefused as refusal:
        faults = {_at(one): one for one in str(refusal).split("；")}
        return _change(desk, row, wrong(typed, **faults), 422, faults.get("", ""))
    except ProjectRefusal as refusal:
        raise Refused(refusal.said) from refusal
    return desk.go(f"/projects/{row.number}", "改好了，是新的一版草稿，要另一位同事再审。")


def _edit(session: Session, desk: Desk, number: int, values: Mapping[str, Any]) -> None:
    keeping.edit(session, number, values, by=desk.actor, now=desk.now)


def _at(sentence: str) -> str:
    """The column that a sentence is about."""
    found = _AT.match(sentence)
    return _key(found[1]) if found else ""


PAGES = (
    Page("GET", "/projects/new", new, Right.PROJECTS),
    Page("POST", "/projects/new", enter, Right.PROJECTS),
    Page("GET", "/projects/{number:[0-9]+}/edit", change, Right.PROJECTS),
    Page("POST", "/projects/{number:[0-9]+}/edit", edit, Right.PROJECTS),
)
