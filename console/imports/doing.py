"""A list is tried, or brought in: read beside the pages, stored in short steps, gone on with."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from console.imports.lists import LISTS, county_of, kind_for, offered
from console.imports.results import Results
from console.keeping import content
from console.work import Task, WorkRefusal
from knowledge.exchange.guard import FileRefused
from records import audit, imports, kept_files, staff_accounts, trial
from records.database import Session
from records.imports import ImportRun, Opening
from records.people import Source
from records.staff_accounts import Staff
from registry import reading, villages
from registry.columns import Wording
from registry.importing import Batch, Import, Told, opened
from registry.lists import Follow, Origin, Outcome, Refused, Terms

TRIAL, IMPORT = "trial", "import"
_TRIED, _STORED = 5_000, 1_000  # rows of one step: others write in between
_BEFORE = "中途断过，这一行断以前已经处理好"

Store = Callable[[Batch], Awaitable[list[Told]]]


@dataclass(frozen=True, slots=True)
class _Job:
    """A list, opened, with the print of its bytes and of all that it is read by."""

    job: Import
    terms: Terms
    print: str
    title: str
    name: str


async def try_out(task: Task) -> Mapping[str, Any]:
    """Bring it in, and keep nothing of it."""
    found = await _job(task)
    results = await Results.begin(task, found.job, found.title)
    async with trial.opened(task.means.database) as run:

        async def store(batch: Batch) -> list[Told]:
            told: list[Told] = await run(found.job.store, batch, found.terms.origin)
            return told

        await _through(task, found.job, results, store, _TRIED)
    await results.end()
    return _outcome(found.job)


async def bring_in(task: Task) -> Mapping[str, Any]:
    """Bring it in; what was stored before a kill is not stored again."""
    found = await _job(task)
    results = await Results.begin(task, found.job, found.title)
    run_id, before = await task.write(_begin, task, found)
    found.job.counts, found.job.rows = before, before.total()
    origin = replace(found.terms.origin, run_id=run_id)
    rest = before.total()

    async def store(batch: Batch) -> list[Told]:
        nonlocal rest
        if rest >= len(batch.places) > 0:
            rest -= len(batch.places)
            return _again(batch)
        return await task.write(found.job.store, batch, origin)

    await _through(task, found.job, results, store, _STORED)
    await task.write(_end, found.job, origin, task.means.now())
    if found.job.kind.follow is not None:
        results.said += await _followed(task, found.job.kind.follow)
    await results.end()
    return {**_outcome(found.job), "run": run_id}


async def _job(task: Task) -> _Job:
    means, asked = task.means, task.asked
    staff = await task.read(staff_accounts.active, task.row.by)
    if staff is None or asked["kind"] not in offered(staff):
        raise WorkRefusal("您没有导入这种名单的权限。")
    kept = await task.read(kept_files.find, means.vault, asked["file"], means.now())
    if kept is None or kept.by != staff.name:
        raise WorkRefusal("交来的文件只保存一天，已经没有了，请重新交。")
    data = await content(means.database, means.vault, kept)
    try:
        book = await asyncio.to_thread(reading.read, data)
    except FileRefused as refusal:
        raise WorkRefusal(str(refusal)) from refusal
    terms = await _terms(task, staff)
    area = terms.area.code if terms.area else ""
    how = f"{asked['kind']}/{terms.wording}/{area}/{asked['basis']}/{staff.area}"
    made = hashlib.sha256(data + how.encode()).hexdigest()
    job = opened(book, kind_for(asked["kind"], staff), terms)
    return _Job(job, terms, made, LISTS[asked["kind"]].title, kept.name)


async def _terms(task: Task, staff: Staff) -> Terms:
    gazetteer = (await task.means.answerer()).library.areas
    area = await task.read(county_of, staff, gazetteer)
    known = await task.read(villages.known)
    asked = task.asked
    origin = Origin(task.means.vault, staff.name, task.means.now(), Source.BULK, asked["basis"])
    wording = Wording(columns=dict(asked["columns"]))
    return Terms(origin, gazetteer, secrets.token_hex(12), area, wording, known)


async def _through(task: Task, job: Import, results: Results, store: Store, most: int) -> None:
    """Every row; of a file that is broken further down, those before."""
    batches = job.read(results.kept(job.tables.lines()), most)
    seen = 0
    while True:
        try:
            batch = await asyncio.to_thread(next, batches, None)
        except FileRefused as refusal:
            if not seen:
                raise WorkRefusal(str(refusal)) from refusal
            results.said.append(f"{refusal}坏的地方前面 {seen} 行已经处理，后面的没有读到。")
            job.spare = job.tables.spare
            return
        if batch is None:
            return
        if batch.spare is not None:
            job.spare = batch.spare
            continue
        seen += len(batch.places)
        told = await store(batch)
        if seen > job.rows:
            job.count(told)
        await results.add(told)
        await task.tell(seen, int(task.asked.get("rows", 0)))


def _again(batch: Batch) -> list[Told]:
    """The rows of a batch that was stored before a kill."""
    told = []
    for (sheet, line), value in zip(batch.places, batch.read, strict=True):
        if isinstance(value, Refused):
            told.append(Told(sheet, line, Outcome.REFUSED, "", tuple(map(str, value.faults))))
        else:
            told.append(Told(sheet, line, Outcome.SAME, "", (_BEFORE,)))
    return told


def _begin(session: Session, task: Task, found: _Job) -> tuple[int, Counter[Outcome]]:
    """The number of the import, and what it had come to before a kill."""
    terms = found.terms
    opening = Opening(
        kind=found.job.kind.name,
        file_print=found.print,
        name=found.name,
        staff=terms.origin.staff,
        area=terms.area.code if terms.area else "",
        basis=terms.origin.basis,
    )
    run_id, _ = imports.begin(session, task.means.vault, opening, terms.origin.at)
    known = session.get_one(ImportRun, run_id).counts
    return run_id, Counter({one: int(known.get(one.name.lower(), 0)) for one in Outcome})


def _end(session: Session, job: Import, origin: Origin, at: datetime) -> None:
    job.end(session, origin.run_id, at)
    actor, subject = f"staff:{origin.staff}"[:60], f"import:{origin.run_id}"
    audit.write(session, "list.imported", at=at, actor=actor, subject=subject)


async def _followed(task: Task, follow: Follow) -> list[str]:
    """What follows from a list, step by step, in words."""
    total, after = 0, ""
    while True:
        found, after = await task.write(follow, task.means.vault, after)
        total += found
        if not after:
            return [f"登记过的人里，又有{total}人知道是哪个村镇的了。"] if total else []


def _outcome(job: Import) -> dict[str, Any]:
    counts = {one.name.lower(): job.counts[one] for one in Outcome}
    return {"counts": counts, "rows": job.rows}
