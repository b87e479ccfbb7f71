"""The library: found, looked at, reviewed by another, published, verified, paused, closed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from aiohttp import web

from console.desk import Desk, NotHere, Refused
from console.page import Page, Waiting
from console.projects import reading
from console.projects.fitting import FIT
from console.projects.reading import Sought, Whole
from console.projects.words import ACTS, STATES, differing, written
from matching.words import label, words
from outreach.projects import keeping, reverse
from outreach.projects.keeping import WAYS, Form, ProjectRefusal
from records import background, scope
from records.background import NewWork
from records.database import Session
from records.projects import ProjectChange, ProjectKind, ProjectRow, ProjectState, Provenance
from records.rights import Right
from registry.projects_rows import file

_LATELY = 20  # counts of whom a project fits, among which its own is looked for
_NOTE = 200
_LISTED = 50


async def projects(desk: Desk) -> web.StreamResponse:
    """A page of the library, narrowed as the address says."""
    sought, before = _sought(desk), desk.query.get("before", "")
    key = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    places, staff = await desk.gazetteer(), desk.staff
    rows = await desk.read(reading.page, staff, places, sought, key)
    counts = await desk.read(reading.by_state, staff, places)
    named = await desk.named(*(row.county for row in rows))
    older = _older(desk, rows[-1].number) if len(rows) == reading.PAGE else ""
    return desk.render(
        "projects/projects.html",
        rows=rows,
        counts=counts,
        sought=sought,
        named=named,
        older=older,
        states=STATES,
        lines=list(words("lines").items()),
        kinds=list(zip([one.value for one in ProjectKind], map(_kind, ProjectKind), strict=True)),
        label=label,
        is_made_up=_is_made_up,
    )


def _kind(kind: ProjectKind) -> str:
    codes = file().words["kind"]
    return next(word for word, code in codes.items() if code == kind.value)


def _sought(desk: Desk) -> Sought:
    given = {name: desk.query.get(name, "")[:40] for name in ("state", "kind", "category", "q")}
    return Sought(given["state"], given["kind"], given["category"], given["q"].strip())


def _older(desk: Desk, before: int) -> str:
    query = {**dict(desk.query), "before": str(before)}
    return str(desk.request.rel_url.with_query(query))


def _is_made_up(row: ProjectRow) -> bool:
    return row.provenance == Provenance.DEMO.value


async def project(desk: Desk) -> web.StreamResponse:
    """One of them, with all that was done to it."""
    return await _project(desk, {})


async def _project(desk: Desk, faults: Mapping[str, str], status: int = 200) -> web.StreamResponse:
    number, staff = desk.number("number"), desk.staff
    found = await desk.read(reading.whole, staff, await desk.gazetteer(), number)
    named = await desk.named(found.row.county)
    return desk.render(
        "projects/project.html",
        status,
        found=found,
        row=found.row,
        told=_told(found.row),
        last_day=keeping.last_day(found.row) if found.row.verified_on else None,
        ways=_ways(desk, found),
        questions=keeping.QUESTIONS,
        hard=keeping.HARD,
        typed=desk.form,
        faults=faults,
        fit=await desk.read(_fit, desk, number),
        versions=sorted({one.version for one in found.changes}, reverse=True),
        named=named,
        states=STATES,
        acts=ACTS,
        label=label,
        is_made_up=_is_made_up,
        who=_who,
    )


def _told(row: ProjectRow) -> list[tuple[str, str]]:
    """What it says, under the headings of the list."""
    said = written(row)
    return [(file().heading(key), text) for key, text in said.items() if text]


def _who(by: str) -> str:
    return by.removeprefix("staff:") if by.startswith("staff:") else "系统"


def _ways(desk: Desk, found: Whole) -> frozenset[str]:
    """What this one may do with it now; nobody reviews what they wrote."""
    state = ProjectState(found.row.state)
    ways = frozenset(act for act, froms in WAYS.items() if state in froms and may(desk, act))
    writers = (one.by for one in found.changes if one.act in keeping.EDITS)
    return ways - {"review"} if next(writers, "") == desk.actor else ways


def may(desk: Desk, act: str) -> bool:
    """Whether somebody may do this to projects at all: towns enter and verify, counties decide."""
    is_town = scope.is_local(desk.staff.area)
    return desk.may(Right.PROJECTS) and (not is_town or act in ("edit", "verify"))


def _fit(session: Session, desk: Desk, number: int) -> background.BackgroundWork | None:
    """The last count of whom it fits that they asked for."""
    rows = background.of(session, desk.staff.name, [FIT], most=_LATELY)
    vault = desk.means.vault
    return next((r for r in rows if background.asked(vault, r)["project"] == number), None)


async def count(desk: Desk) -> web.StreamResponse:
    """Count anew whom it fits."""
    row = await mine(desk)
    await desk.write(_ask_count, desk, row.number)
    return desk.go(f"/projects/{row.number}", "正在数，过一会儿看。")


def _ask_count(session: Session, desk: Desk, number: int) -> int:
    new = NewWork(FIT, desk.staff.name, {"project": number, "rows": 0}, desk.staff.area)
    return background.add(session, desk.means.vault, new, desk.now)


async def mine(desk: Desk, act: str = "") -> ProjectRow:
    """The project of this address as it stands, if they may do this; not there otherwise."""
    if act and not may(desk, act):
        raise NotHere
    places = await desk.gazetteer()
    return await desk.read(reading.one, desk.staff, places, desk.number("number"))


def refuse_stale(desk: Desk, row: ProjectRow) -> None:
    """A form that was filled for what is no more."""
    seen = desk.form.get("seen", "")
    if seen and seen != f"{row.version}/{row.state}":
        raise Refused("这个项目刚有人改过，请返回刷新，看了新的再办。")


async def _act(
    desk: Desk, act: str, change: Callable[..., None], said: str, undo: str = "", **more: Any
) -> web.StreamResponse:
    row = await mine(desk, act)
    refuse_stale(desk, row)

    def change_it(session: Session) -> None:
        change(session, row.number, by=desk.actor, now=desk.now, **more)

    try:
        await desk.write(change_it)
    except ProjectRefusal as refusal:
        raise Refused(refusal.said) from refusal
    path = f"/projects/{row.number}"
    return desk.go(path, said, f"{path}/{undo}" if undo else "")


async def review(desk: Desk) -> web.StreamResponse:
    """Another one's form about a draft."""
    row = await mine(desk, "review")
    refuse_stale(desk, row)
    given = {name: desk.form.get(name, "") for name in keeping.QUESTIONS}
    if not set(given.values()) <= {"0", "1", "2"}:
        return await _project(desk, {"marks": "每一条都要选"}, 422)
    note, is_back = desk.form.get("note", "").strip(), desk.form.get("back") == "yes"
    if len(note) > _NOTE:
        return await _project(desk, {"note": f"最多 {_NOTE} 个字"}, 422)
    form = Form({name: int(mark) for name, mark in given.items()}, note, is_back)
    try:
        passed = await desk.write(_review, desk, row.number, form)
    except ProjectRefusal as refusal:
        return await _project(desk, {"review": refusal.said}, 409)
    said = "审过了，可以发布。" if passed else "退回了，还是草稿。"
    return desk.go(f"/projects/{row.number}", said)


def _review(session: Session, desk: Desk, number: int, form: Form) -> bool:
    return keeping.review(session, number, form, by=desk.actor, now=desk.now)


async def publish(desk: Desk) -> web.StreamResponse:
    """Shown to people from now on."""
    return await _act(
        desk, "publish", keeping.publish, "发布了，马上就会推荐给合适的人。", "pause"
    )


async def verify(desk: Desk) -> web.StreamResponse:
    """Asked again, and it still holds."""
    text = desk.form.get("until", "").strip()
    try:
        until = date.fromisoformat(text) if text else None
    except ValueError:
        return await _project(desk, {"until": "请按 2027-06-30 这样填日期"}, 422)
    return await _act(desk, "verify", keeping.verify, "核实了。", until=until)


async def pause(desk: Desk) -> web.StreamResponse:
    """Not for the time being."""
    note = desk.form.get("note", "").strip()[:_NOTE]
    return await _act(desk, "pause", keeping.pause, "停了，不再给人看。", "publish", note=note)


async def close(desk: Desk) -> web.StreamResponse:
    """Over for good."""
    note = desk.form.get("note", "").strip()[:_NOTE]
    if not note:
        return await _project(desk, {"close": "请写为什么结束"}, 422)
    return await _act(desk, "close", keeping.close, "结束了。", note=note)


async def versions(desk: Desk) -> web.StreamResponse:
    """Two versions side by side, as far as they differ."""
    places = await desk.gazetteer()
    found = await desk.read(reading.whole, desk.staff, places, desk.number("number"))
    known = reading.versions(found.changes)
    old, new = _version(desk, "old", known), _version(desk, "new", known)
    by = {one.version: one for one in sorted(found.changes, key=_id)}
    return desk.render(
        "projects/versions.html",
        row=found.row,
        old=old,
        new=new,
        by=by,
        who=_who,
        known=sorted(known),
        lines=differing(known[old], known[new]),
    )


def _id(change: ProjectChange) -> int:
    return change.id or 0


def _version(desk: Desk, name: str, known: Mapping[int, Any]) -> int:
    """The version that the address names; the last two where it names none."""
    text = desk.query.get(name, "")
    if not text:
        return max(known) if name == "new" else sorted(known)[-2:][0]
    if not (text.isascii() and text.isdigit() and int(text) in known):
        raise NotHere
    return int(text)


async def twins(desk: Desk) -> web.StreamResponse:
    """Projects that may be in the library twice."""
    desk.need(Right.PROJECTS)
    pairs = await desk.read(reading.twins, desk.staff, await desk.gazetteer())
    named = await desk.named(*(one.county for one, _ in pairs))
    return desk.render("projects/twins.html", pairs=pairs, named=named, states=STATES)


async def interested(desk: Desk) -> web.StreamResponse:
    """Who wants to know more; whom nobody may name yet stays masked."""
    desk.need(Right.PEOPLE)
    row = await mine(desk, "edit")
    seen = await desk.read(reverse.interested, desk.means.vault, [row.number], desk.now)
    await desk.note("project.interested_read", f"project:{row.number}")
    return desk.render("projects/interested.html", row=row, seen=seen[:_LISTED], count=len(seen))


def _version_of(session: Session, staff: Any, key: str, now: Any) -> str:
    row = session.get(ProjectRow, int(key)) if key.isascii() and key.isdigit() else None
    fits = background.of(session, staff.name, [FIT], most=1)
    counted = f"{fits[0].number}{fits[0].state}" if fits else ""
    return f"{row.version}{row.state}{row.verified_on}{counted}" if row else ""


TOPICS = {"project": _version_of}
WAITING = (
    Waiting("项目等审核", "/projects?state=draft", Right.PROJECTS, reading.to_review),
    Waiting("项目等发布", "/projects?state=checked", Right.PROJECTS, reading.to_publish),
)
PAGES = (
    Page("GET", "/projects", projects, Right.SEE_PROJECTS, menu="projects"),
    Page("GET", "/projects/twins", twins, Right.PROJECTS),
    Page("GET", "/projects/{number:[0-9]+}", project, Right.SEE_PROJECTS),
    Page("GET", "/projects/{number:[0-9]+}/versions", versions, Right.PROJECTS),
    Page("GET", "/projects/{number:[0-9]+}/interested", interested, Right.PROJECTS),
    Page("POST", "/projects/{number:[0-9]+}/count", count, Right.PROJECTS),
    Page("POST", "/projects/{number:[0-9]+}/review", review, Right.PROJECTS),
    Page("POST", "/projects/{number:[0-9]+}/publish", publish, Right.PROJECTS),
    Page("POST", "/projects/{number:[0-9]+}/verify", verify, Right.PROJECTS),
    Page("POST", "/projects/{number:[0-9]+}/pause", pause, Right.PROJECTS),
    Page("POST", "/projects/{number:[0-9]+}/close", close, Right.PROJECTS),
)
