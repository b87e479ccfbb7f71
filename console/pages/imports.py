"""Lists brought in: handed in, tried, columns matched, taken, differences decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from aiohttp import web

from console.desk import Desk, NotHere, Refused
from console.download import sent
from console.forms import Filled, blank, wrong
from console.imports import differing
from console.imports.differing import DECIDE, KEEP, TAKE, Which
from console.imports.doing import IMPORT, TRIAL
from console.imports.lists import LISTS, offered
from console.keeping import content
from console.page import Page, Waiting
from console.pages.exports import STATES
from console.uploads import receive
from records import background, kept_files
from records.background import BackgroundWork, NewWork, WorkState
from records.database import Session
from records.kept_files import Kept, Purpose
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault
from registry.columns import Labels, bare
from registry.differences import DecisionRefused
from registry.kinds import KINDS
from registry.lists import Outcome

_MOST = 20
_BASIS = 80
_KINDS = (TRIAL, IMPORT, DECIDE)
_OUTCOMES = {one.name.lower(): one.value for one in Outcome}


@dataclass(frozen=True, slots=True)
class One:
    """A piece of work on a list, as it is shown."""

    row: BackgroundWork
    asked: Mapping[str, Any]
    files: Mapping[Purpose, Kept] = field(default_factory=dict)

    @property
    def title(self) -> str:
        if self.row.kind == DECIDE:
            return "不一样的一起定"
        what = LISTS[self.asked["kind"]].title
        return f"{'试收' if self.row.kind == TRIAL else '收进'}{what}名单"

    @property
    def counts(self) -> list[tuple[str, int]]:
        """What became of the rows, in words."""
        counted = self.row.outcome.get("counts", {})
        return [(word, int(counted.get(name, 0))) for name, word in _OUTCOMES.items()]


async def imports(desk: Desk) -> web.StreamResponse:
    """What I brought, and the form for another list."""
    return await _imports(desk, blank())


async def _imports(desk: Desk, f: Filled[Any], status: int = 200) -> web.StreamResponse:
    before = desk.query.get("before", "")
    key = int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None
    found = await desk.read(_mine, desk.means.vault, desk.staff, key)
    older = f"/console/imports?before={found[-1].row.number}" if len(found) == _MOST else ""
    return desk.render(
        "imports/imports.html",
        status,
        f=f,
        found=found,
        older=older,
        states=STATES,
        kinds=[(name, one.title) for name, one in offered(desk.staff).items()],
        tabs=await _tabs(desk),
    )


async def _tabs(desk: Desk) -> list[tuple[str, str, str | None]]:
    waiting = await desk.read(differing.total, desk.staff, desk.now)
    return [("/imports", "导入", None), ("/imports/differences", "不一样的", _capped(waiting))]


def _capped(count: int) -> str:
    return f"{count}+" if count >= differing.MOST else str(count)


def _mine(session: Session, vault: Vault, staff: Staff, before: int | None) -> list[One]:
    rows = background.of(session, staff.name, _KINDS, before=before, most=_MOST)
    return [One(row, background.asked(vault, row)) for row in rows]


async def hand_in(desk: Desk) -> web.StreamResponse:
    """A list comes; it is tried first."""
    upload = await receive(desk)
    kind, basis = upload.fields.get("kind", ""), upload.fields.get("basis", "")
    f: Filled[Any] = blank(upload.fields)
    if kind not in offered(desk.staff):
        f = wrong(upload.fields, kind="请选是哪种名单")
    elif not upload.file:
        f = wrong(upload.fields, file="请选一个文件")
    elif len(basis) > _BASIS or not basis.isprintable():
        f = wrong(upload.fields, basis=f"最多 {_BASIS} 个字，写在一行")
    if f.faults:
        await desk.write(kept_files.drop, [upload.file])
        return await _imports(desk, f, 422)
    asked = {
        "file": upload.file,
        "name": upload.name,
        "kind": kind,
        "basis": basis,
        "columns": {},
    }
    number = await desk.write(_ask, desk, TRIAL, asked)
    return desk.go(f"/imports/{number}", "文件收到了，正在试收，现在什么都还没有存。")


def _ask(session: Session, desk: Desk, kind: str, asked: Mapping[str, Any]) -> int:
    new = NewWork(kind, desk.staff.name, asked, desk.staff.area)
    return background.add(session, desk.means.vault, new, desk.now)


async def one(desk: Desk) -> web.StreamResponse:
    """How far it is, and what came of it row by row."""
    found = await _found(desk)
    shown: Mapping[str, Any] = {}
    if Purpose.SHOWN in found.files:
        kept = found.files[Purpose.SHOWN]
        shown = orjson.loads(await content(desk.means.database, desk.means.vault, kept))
    return desk.render(
        "imports/import.html",
        one=found,
        shown=shown,
        states=STATES,
        f=blank(),
        columns=_columns(found, shown),
        ours=_ours(found),
        has_report=Purpose.REPORT in found.files,
        has_faulty=Purpose.FAULTY in found.files and _count(found, "refused"),
        can_take=found.row.kind == TRIAL and found.row.state == WorkState.DONE and bool(shown),
        taken=_count(found, "new") + _count(found, "merged"),
    )


def _count(found: One, name: str) -> int:
    return int(found.row.outcome.get("counts", {}).get(name, 0))


def _columns(found: One, shown: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each heading of the file with what it is read as, "" where it is not."""
    if found.row.kind != TRIAL:
        return []
    labels = Labels(KINDS[found.asked["kind"]].columns, found.asked["columns"])
    known = [(heading, labels.column(heading)) for heading in shown.get("known", {})]
    read = [(heading, column.key if column else "") for heading, column in known]
    return read + [(heading, "") for heading in shown.get("unknown", [])]


def _ours(found: One) -> list[tuple[str, str]]:
    if found.row.kind != TRIAL:
        return []
    return [(one.key, one.heading) for one in KINDS[found.asked["kind"]].columns if not one.aside]


async def _found(desk: Desk) -> One:
    return await desk.read(_look, desk.means.vault, desk.staff, desk.number("number"), desk.now)


def _look(session: Session, vault: Vault, staff: Staff, number: int, now: datetime) -> One:
    row = background.find(session, number)
    if row is None or row.by != staff.name or row.kind not in _KINDS:
        raise NotHere
    files = kept_files.of_work(session, vault, number, now)
    return One(row, background.asked(vault, row), files)


async def match(desk: Desk) -> web.StreamResponse:
    """Columns are read as somebody says; it is tried again."""
    found = await _found(desk)
    if found.row.kind != TRIAL:
        raise NotHere
    keys = {key for key, _ in _ours(found)}
    headings, ours = desk.lists.get("heading", []), desk.lists.get("ours", [])
    chosen = dict(zip(map(bare, headings), ours, strict=False))
    if not set(chosen.values()) <= {"", *keys}:
        raise Refused("列名要从给出的里面选。")
    twice = [key for key in keys if list(chosen.values()).count(key) > 1]
    if twice:
        name = dict(_ours(found))[twice[0]]
        raise Refused(f"两列都选了“{name}”，请只留一列。")
    asked = {**found.asked, "columns": {**found.asked["columns"], **chosen}}
    number = await desk.write(_ask, desk, TRIAL, asked)
    return desk.go(f"/imports/{number}", "按新的对照再试一遍。")


async def take(desk: Desk) -> web.StreamResponse:
    """It is brought in as it was tried."""
    found = await _found(desk)
    if found.row.kind != TRIAL or found.row.state != WorkState.DONE:
        raise NotHere
    asked = {**found.asked, "rows": found.row.outcome["rows"]}
    number = await desk.write(_take, desk, asked)
    if not number:
        raise Refused("这个文件已经收过一次了，到导入页看结果。")
    return desk.go(f"/imports/{number}", "正在收，可以先去做别的事。")


def _take(session: Session, desk: Desk, asked: Mapping[str, Any]) -> int:
    """0 where the file is used up: a second click."""
    number = _ask(session, desk, IMPORT, asked)
    if kept_files.claim(session, int(asked["file"]), number):
        return number
    background.cancel(session, number, desk.staff.name, at=desk.now)
    return 0


async def cancel(desk: Desk) -> web.StreamResponse:
    """Enough; what is stored stays, and the file can be brought in again."""
    found = await _found(desk)
    number = found.row.number
    is_over = not await desk.write(_cancel, number, desk.staff.name, desk.now)
    return desk.go(f"/imports/{number}", "已经做完了，没有停。" if is_over else "停了。")


def _cancel(session: Session, number: int, by: str, now: datetime) -> bool:
    return background.cancel(session, number, by, at=now)


async def report(desk: Desk) -> web.StreamResponse:
    """What became of every row, as a file; nothing personal is in it."""
    return await _file(desk, Purpose.REPORT)


async def faulty(desk: Desk) -> web.StreamResponse:
    """The rows that were not taken, with reasons: theirs, to mend."""
    await desk.note("import.faulty_taken", f"work:{desk.number('number')}")
    return await _file(desk, Purpose.FAULTY)


async def _file(desk: Desk, purpose: Purpose) -> web.StreamResponse:
    found = await _found(desk)
    if purpose not in found.files:
        raise NotHere
    return await sent(desk, found.files[purpose])


async def differences(desk: Desk) -> web.StreamResponse:
    """Where lists say something else than the register."""
    which, after = _which(desk), desk.query.get("after", "")
    key = int(after) if after.isascii() and after.isdigit() and len(after) < 19 else 0
    fields = await desk.read(differing.counted, desk.staff, desk.now)
    shown = await desk.read(differing.page, desk.means.vault, desk.staff, which, key, desk.now)
    if shown:
        await desk.write(differing.note_read, shown, desk.staff.name, desk.now)
    full = len(shown) == differing.PAGE
    query = f"field={which.field or ''}&run={which.run_id or ''}"
    count = next((n for name, _, n in fields if name == which.field), 0)
    return desk.render(
        "imports/differences.html",
        shown=shown,
        fields=[(name, heading, _capped(n)) for name, heading, n in fields],
        which=which,
        is_chosen=which.field is not None,
        count=count,
        counted=_capped(count),
        older=f"/console/imports/differences?{query}&after={shown[-1].number}" if full else "",
        tabs=await _tabs(desk),
    )


def _which(desk: Desk, form: Mapping[str, str] | None = None) -> Which:
    given = desk.query if form is None else form
    run = given.get("run", "")
    is_run = run.isascii() and run.isdigit() and len(run) < 19
    chosen = given.get("field") if given.get("chosen") or given.get("field") else None
    return Which(chosen, int(run) if is_run else 0)


async def decide(desk: Desk) -> web.StreamResponse:
    """One of them."""
    word = desk.form.get("word", "")
    if word not in (TAKE, KEEP):
        raise Refused("请选用新的，还是不动。")
    number, vault = desk.number("number"), desk.means.vault
    try:
        await desk.write(differing.decide, vault, desk.staff, number, word, desk.now)
    except DecisionRefused as refusal:
        raise Refused(f"{refusal}。") from refusal
    return desk.go(_back(desk), "用了名单上的。" if word == TAKE else "没有改，原来的留着。")


def _back(desk: Desk) -> str:
    chosen = "chosen=yes&" if desk.form.get("chosen") else ""
    which = _which(desk, desk.form)
    return f"/imports/differences?{chosen}field={which.field or ''}&run={which.run_id or ''}"


async def decide_all(desk: Desk) -> web.StreamResponse:
    """All of a kind at once."""
    word, which = desk.form.get("word", ""), _which(desk, desk.form)
    if word not in (TAKE, KEEP) or which.field is None:
        raise Refused("请先选一种，再选用新的还是不动。")
    upto, count = await desk.read(differing.newest, desk.staff, which, desk.now)
    if not count:
        raise Refused("这一种已经没有要定的了。")
    asked = {
        "field": which.field,
        "run": which.run_id,
        "word": word,
        "upto": upto,
        "rows": count,
    }
    number = await desk.write(_ask, desk, DECIDE, asked)
    return desk.go(f"/imports/{number}", f"{count} 条正在一起处理。")


def _lists(session: Session, staff: Staff, key: str, now: datetime) -> str:
    """The version of all lists of theirs."""
    rows = background.of(session, staff.name, _KINDS, most=_MOST)
    return ",".join(f"{row.number}{row.state}{row.done}" for row in rows)


def _list(session: Session, staff: Staff, key: str, now: datetime) -> str:
    row = background.find(session, int(key)) if key.isascii() and key.isdigit() else None
    return f"{row.state}{row.done}" if row is not None and row.by == staff.name else ""


TOPICS = {"lists": _lists, "list": _list}
WAITING = (
    Waiting(
        *("名单和登记不一样的", "/imports/differences", Right.IMPORT, differing.total),
        most=differing.MOST,
    ),
)
PAGES = (
    Page("GET", "/imports", imports, Right.IMPORT, menu="imports"),
    Page("POST", "/imports", hand_in, Right.IMPORT, takes_files=True),
    Page("GET", "/imports/differences", differences, Right.IMPORT),
    Page("POST", "/imports/differences/all", decide_all, Right.IMPORT),
    Page("POST", "/imports/differences/{number:[0-9]+}", decide, Right.IMPORT),
    Page("GET", "/imports/{number:[0-9]+}", one, Right.IMPORT),
    Page("POST", "/imports/{number:[0-9]+}/columns", match, Right.IMPORT),
    Page("POST", "/imports/{number:[0-9]+}/take", take, Right.IMPORT),
    Page("POST", "/imports/{number:[0-9]+}/cancel", cancel, Right.IMPORT),
    Page("GET", "/imports/{number:[0-9]+}/report", report, Right.IMPORT),
    Page("GET", "/imports/{number:[0-9]+}/faulty", faulty, Right.IMPORT),
)
