"""An import of people is taken back: what would become of each, then done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import orjson
from aiohttp import web

from console.desk import Desk, NotHere, Refused
from console.download import sent
from console.imports.doing import IMPORT
from console.imports.undoing import LOOK, UNDO
from console.keeping import content
from console.page import Door, Page
from console.pages.exports import STATES
from records import background, import_touches, kept_files
from records.background import BackgroundWork, NewWork, WorkState
from records.database import Session
from records.kept_files import Kept, Purpose
from records.rights import Right
from records.staff_accounts import Staff
from records.vault import Vault
from registry.taking_back import Fate

_NOTHING = "这次导入没有可以退回的：收进来的人都已经不在，改过的也都改回了。"


@dataclass(frozen=True, slots=True)
class One:
    """A piece of work that looks at it, or does it; `source`: the import's own page."""

    row: BackgroundWork
    run_id: int
    source: int
    files: dict[Purpose, Kept]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many become what."""
        counted = self.row.outcome.get("fates", {})
        return [(fate.value, int(counted.get(fate.name.lower(), 0))) for fate in Fate]


async def look(desk: Desk) -> web.StreamResponse:
    """First it is only looked at."""
    number = desk.number("number")
    done = await desk.write(_look, desk, number)
    if not done:
        raise Refused(_NOTHING)
    return desk.go(f"/imports/undo/{done}", "正在算退回去会怎样，现在什么都没有动。")


def _look(session: Session, desk: Desk, number: int) -> int:
    row = background.find(session, number)
    if row is None or row.by != desk.staff.name or row.kind != IMPORT:
        raise NotHere
    asked = background.asked(desk.means.vault, row)
    run = int(row.outcome.get("run", 0))
    if row.state != WorkState.DONE or asked.get("kind") != "people" or not run:
        raise NotHere
    if not import_touches.can_take_back(session, run):
        return 0
    return _ask(session, desk, LOOK, run, number)


def _ask(session: Session, desk: Desk, kind: str, run: int, source: int) -> int:
    asked = {"run": run, "source": source}
    new = NewWork(kind, desk.staff.name, asked, desk.staff.area)
    return background.add(session, desk.means.vault, new, desk.now)


async def one(desk: Desk) -> web.StreamResponse:
    """How far it is, and what stays with the reason."""
    found = await _found(desk)
    shown = []
    if Purpose.SHOWN in found.files:
        kept = found.files[Purpose.SHOWN]
        shown = orjson.loads(await content(desk.means.database, desk.means.vault, kept))
    return desk.render(
        "imports/undo.html",
        one=found,
        shown=shown,
        state=STATES[WorkState(found.row.state)],
        is_trial=found.row.kind == LOOK,
        changes=sum(count for word, count in found.counts if word != Fate.STAYS.value),
        has_report=Purpose.REPORT in found.files,
    )


async def _found(desk: Desk) -> One:
    return await desk.read(_one, desk.means.vault, desk.staff, desk.number("number"), desk.now)


def _one(session: Session, vault: Vault, staff: Staff, number: int, now: datetime) -> One:
    row = background.find(session, number)
    if row is None or row.by != staff.name or row.kind not in (LOOK, UNDO):
        raise NotHere
    asked = background.asked(vault, row)
    files = kept_files.of_work(session, vault, number, now)
    return One(row, int(asked["run"]), int(asked["source"]), files)


async def undo(desk: Desk) -> web.StreamResponse:
    """It is taken back as it was looked at; whoever moved on since stays."""
    found = await _found(desk)
    if found.row.kind != LOOK or found.row.state != WorkState.DONE:
        raise NotHere
    number = await desk.write(_ask, desk, UNDO, found.run_id, found.source)
    return desk.go(f"/imports/undo/{number}", "正在退回，可以先去做别的事。")


async def report(desk: Desk) -> web.StreamResponse:
    """Everybody for whom something stays."""
    found = await _found(desk)
    if Purpose.REPORT not in found.files:
        raise NotHere
    return await sent(desk, found.files[Purpose.REPORT])


PAGES = (
    Page("POST", "/imports/{number:[0-9]+}/undo", look, Right.IMPORT),
    Page("GET", "/imports/undo/{number:[0-9]+}", one, Right.IMPORT),
    Page("POST", "/imports/undo/{number:[0-9]+}/go", undo, Right.IMPORT, Door.FRESH),
    Page("GET", "/imports/undo/{number:[0-9]+}/report", report, Right.IMPORT),
)
