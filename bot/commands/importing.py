"""`guiyan import KIND FILE`: a list into the register, every row accounted for."""

from __future__ import annotations

import argparse
import asyncio
import errno
import hashlib
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from bot.cli import BAD_USE, FAILED, OK, CommandError
from bot.commands.editors_desk import write
from bot.packs import library_of, usable_pages
from bot.settings import Settings
from bot.wiring import App, build
from knowledge.areas import Area, Gazetteer
from knowledge.exchange.guard import FileRefused
from records import audit, imports, trial
from records.database import Session, StoreUnavailable
from records.imports import Opening
from records.people import Source
from records.vault import VaultError
from registry import reading, villages, wording
from registry.beside import Cut
from registry.columns import Wording
from registry.importing import Batch, Import, Told, opened
from registry.kinds import KINDS
from registry.lists import Follow, Kind, Origin, Outcome, Terms
from registry.report import Report
from registry.sheets import Book
from registry.wording import WordingRefused

OPERATOR = "operator"
_SHOWN = 20  # rows that the summary names
_LONGEST = {"basis": 80, "staff": 40}
_WORTH_SAYING = (Outcome.REFUSED, Outcome.DIFFERS)
_REPORTS = (".csv", ".xlsx")
_WHY = {
    errno.ENOENT: "there is no such file or folder",
    errno.EISDIR: "it is a folder",
    errno.EACCES: "it may not be opened: check who owns it",
    errno.EROFS: "the disk is read-only",
    errno.ENOSPC: "the disk is full",
}


@dataclass(slots=True)
class _Said:
    """What is said at once; all of it goes into the report."""

    report: Report
    rows: list[Told] = field(default_factory=list)
    sentences: list[str] = field(default_factory=list)
    is_cut: bool = False  # the file could not be read to its end

    def add(self, told: list[Told]) -> None:
        self.report.write(told)
        worth = (one for one in told if one.outcome in _WORTH_SAYING)
        self.rows += [one for one, _ in zip(worth, range(_SHOWN - len(self.rows)), strict=False)]


@dataclass(frozen=True, slots=True)
class _Task:
    """What is asked for."""

    options: argparse.Namespace
    settings: Settings
    kind: Kind
    wording: Wording
    data: bytes
    report: Path

    @property
    def file_print(self) -> str:
        """Of the bytes and of all that they are read by: the same again goes on where it was."""
        o = self.options
        how = f"{self.kind.name}/{self.wording}/{o.area}/{o.basis}/{o.source}"
        return hashlib.sha256(self.data + how.encode()).hexdigest()


def bring_in(options: argparse.Namespace, settings: Settings) -> int:
    """Import a list; a failure where no row at all could be taken."""
    source, kind = Path(options.file), KINDS[options.kind]
    task = _Task(
        options, settings, kind, _wording(options.map, kind), _bytes(source), _report(options)
    )
    try:
        return asyncio.run(_import(task, reading.read(task.data)))
    except FileRefused as refusal:
        raise CommandError(str(refusal), BAD_USE) from refusal
    except (StoreUnavailable, VaultError, Cut) as fault:
        raise CommandError(str(fault)) from fault


async def _import(task: _Task, book: Book) -> int:
    app = build(task.settings, channels={})
    try:
        await app.open()
        job = opened(book, task.kind, await _terms(task, app))
        with _opened(task.report) as report:
            said = _Said(report)
            if task.options.dry_run:
                await trial.run(app.database, _tried, job, said)
            else:
                await _stored(task, job, app, said)
    finally:
        await app.database.close()
    said.sentences += _begin_map(task, job)
    write(_summary(task, job, said))
    is_in_vain = job.rows and job.counts[Outcome.REFUSED] == job.rows
    return FAILED if is_in_vain or said.is_cut else OK


async def _stored(task: _Task, job: Import, app: App, said: _Said) -> None:
    """Batch after batch, each in a transaction with how far it is."""
    origin = job.terms.origin
    run_id = 0
    for batch in _readable(job, said):
        if not run_id:
            opening = _opening(task, job)
            run_id, is_going_on = await app.database.run(
                imports.begin, app.vault, opening, origin.at
            )
            origin = replace(origin, run_id=run_id)
            if is_going_on:
                said.sentences.append(f"第{run_id}次导入上次没做完，这次接着做完了。")
        told = await app.database.run(job.store, batch, origin)
        job.count(told)
        said.add(told)
    if run_id:
        await app.database.run(_end, job, origin, app.now())
    if task.kind.follow is not None:
        found = await _followed(task.kind.follow, app)
        said.sentences += [f"登记过的人里，又有{found}人知道是哪个村镇的了。"] if found else []


def _readable(job: Import, said: _Said) -> Iterator[Batch]:
    """The batches; of a file that is broken further down, those before. They are stored then."""
    try:
        yield from job.batches()
    except FileRefused as refusal:
        if not job.rows:
            raise
        said.is_cut = True
        said.sentences.append(
            f"{refusal}坏的地方前面 {job.rows} 行已经照报告处理；后面的没有收。"
            "文件修好以后整个再导入一次，收过的不会重复。"
        )


async def _followed(follow: Follow, app: App) -> int:
    """What follows from a list, step by step; how many records changed."""
    total, after = 0, ""
    while True:
        found, after = await app.database.run(follow, app.vault, after)
        total += found
        if not after:
            return total


def _end(session: Session, job: Import, origin: Origin, at: datetime) -> None:
    job.end(session, origin.run_id, at)
    actor, subject = f"staff:{origin.staff}"[:60], f"import:{origin.run_id}"
    audit.write(session, "list.imported", at=at, actor=actor, subject=subject)


def _tried(session: Session, job: Import, said: _Said) -> None:
    for batch in job.batches():
        told = job.store(session, batch, job.terms.origin)
        job.count(told)
        said.add(told)


def _opening(task: _Task, job: Import) -> Opening:
    terms = job.terms
    return Opening(
        kind=task.kind.name,
        file_print=task.file_print,
        name=Path(task.options.file).name,
        staff=terms.origin.staff,
        area=terms.area.code if terms.area else "",
        basis=terms.origin.basis,
    )


async def _terms(task: _Task, app: App) -> Terms:
    o = task.options
    staff, basis = _given("staff", o.staff or OPERATOR), _given("basis", o.basis)
    origin = Origin(app.vault, staff, app.now(), Source(o.source), basis)
    places = library_of(task.settings.areas, await usable_pages(app.database)).areas
    area = _area(o.area, places) if o.area else None
    known = await app.database.read(villages.known)
    return Terms(origin, places, secrets.token_hex(12), area, task.wording, known)


def _given(name: str, text: str) -> str:
    if len(text.strip()) > _LONGEST[name] or not text.isprintable():
        raise CommandError(f"--{name} takes up to {_LONGEST[name]} characters, one line", BAD_USE)
    return text.strip()


def _area(named: str, places: Gazetteer) -> Area:
    found = places.resolve(named)
    if found is None:
        raise CommandError(f"no area is called {named}: give its name or its code", BAD_USE)
    return found


def _wording(named: str | None, kind: Kind) -> Wording:
    """What the map file says; one that is not there yet is begun after the import."""
    path = Path(named) if named else None
    if path is None or not path.exists():
        return Wording()
    try:
        return wording.read(_bytes(path).decode("utf-8-sig"), kind)
    except UnicodeDecodeError as fault:
        raise CommandError(f"{path}: it is no UTF-8 text", BAD_USE) from fault
    except WordingRefused as refusal:
        raise CommandError(f"{path}: {refusal}", BAD_USE) from refusal


def _begin_map(task: _Task, job: Import) -> Iterator[str]:
    path = Path(task.options.map) if task.options.map else None
    if path is None or path.exists():
        return
    try:
        path.write_text(wording.begun(task.kind, job.spare.known, job.spare.unknown), "utf-8")
    except OSError as fault:
        raise _lost("not written", path, fault) from fault
    yield f"列名对照写在 {path}，改好以后再带着它导入。"


def _report(options: argparse.Namespace) -> Path:
    source = Path(options.file)
    if not options.report:
        return source.with_name(f"{source.stem}-导入结果.csv")
    target = Path(options.report)
    if target.suffix.lower() not in _REPORTS:
        raise CommandError("--report takes a name that ends in .csv or .xlsx", BAD_USE)
    if target.exists() and source.exists() and target.samefile(source):
        raise CommandError("--report must not be the file that is imported", BAD_USE)
    return target


def _opened(target: Path) -> Report:
    report = Report(target)
    try:
        report.open()
    except OSError as fault:
        raise _lost("name another with --report; not written", target, fault) from fault
    return report


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(reading.LARGEST_FILE + 1)
    except OSError as fault:
        raise _lost("not read", path, fault) from fault
    return data


def _lost(what: str, path: Path, fault: OSError) -> CommandError:
    why = _WHY.get(fault.errno or 0, str(fault.strerror))
    return CommandError(f"{what}: {path}: {why}", BAD_USE)


def _summary(task: _Task, job: Import, said: _Said) -> Iterator[str]:
    """What became of the rows: the first that need somebody, the notices, the counts."""
    for one in said.rows:
        where = f"“{one.sheet}”表第{one.line}行" if one.sheet else f"第{one.line}行"
        yield f"{one.outcome.value}  {where}  {'；'.join(one.remarks)}"
    more = sum(job.counts[outcome] for outcome in _WORTH_SAYING) - len(said.rows)
    if more > 0:
        yield f"……还有 {more} 行，都在报告里。"
    yield from job.spare.notices
    yield from _aside(job)
    yield from said.sentences
    yield "，".join(f"{outcome.value} {job.counts[outcome]} 行" for outcome in Outcome) + "。"
    yield from _what_next(task, job)


def _aside(job: Import) -> Iterator[str]:
    if job.spare.aside:
        counts = "、".join(f"{reason} {n} 行" for reason, n in job.spare.aside.items())
        yield f"不是数据、没有读的：{counts}。"


def _what_next(task: _Task, job: Import) -> Iterable[str]:
    if job.counts[Outcome.REFUSED]:
        yield "没收的行照报告改好，整个文件再导入一次就行，收过的不会重复。"
    if task.options.dry_run:
        yield f"只是试一遍，什么都没有存。每一行的结果在 {task.report}。"
        return
    if job.counts[Outcome.DIFFERS] and task.kind.needs_basis:  # of others, the row says how
        yield "不一样的请人来定：guiyan import differences"
    yield f"每一行的结果在 {task.report}。"
