"""`guiyan knowledge import|export|booklet`: entries in and out, and on paper."""

from __future__ import annotations

import argparse
import asyncio
import errno
import os
from collections.abc import Callable, Sequence
from pathlib import Path

from bot.cli import BAD_USE, FAILED, OK, CommandError
from bot.commands.asking import warn
from bot.commands.editors_desk import Desk, at_desk, write
from bot.packs import edited_pages, library_of, usable_pages
from bot.settings import Settings
from bot.wiring import build, clock, in_china
from knowledge.exchange import storing
from knowledge.exchange.booklet import plain
from knowledge.exchange.booklet.contents import Booklet, Office, booklet_of
from knowledge.exchange.booklet.layout import A4, A5
from knowledge.exchange.changes import from_workbook
from knowledge.exchange.content import Content
from knowledge.exchange.edits import Edits
from knowledge.exchange.folder import from_folder, write_folder
from knowledge.exchange.guard import LARGEST_FILE, FileRefused
from knowledge.exchange.lines import LineFault
from knowledge.exchange.report import Outcome
from knowledge.exchange.settling import Ground
from knowledge.exchange.storing import OPERATOR
from knowledge.exchange.workbook import workbook_of
from knowledge.library import EntryFault, Library, our_shelf
from knowledge.shelf import Pack
from outreach.projects.handbook import with_projects
from outreach.projects.library import Library as Goods
from outreach.projects.library import of_counties
from records import page_imports, policies
from records.edit_refusals import Moved
from records.page_imports import Drafts
from records.policies import Served

_TABLE = ".xlsx"
_AS_LIVE = "已上线 {count} 份，撤下 {gone} 份：下一个回答就按新的，不用重启。"
_AS_DRAFTS = (
    "成了 {count} 份草稿，等另一个人审：guiyan knowledge review {ids} --staff 姓名；"
    "审过上线：guiyan knowledge release {ids} --staff 姓名。"
)
_WHY = {
    errno.ENOENT: "没有这个文件或文件夹，看看名字和位置写对了没有",
    errno.ENOTDIR: "它前面的那个名字不是文件夹",
    errno.EISDIR: "那是一个文件夹",
    errno.EACCES: "没有权限，请管理员开一下",
    errno.EROFS: "那个地方只能读，不能写",
    errno.ENOSPC: "磁盘满了",
    errno.ENAMETOOLONG: "名字太长",
}
_Read = Callable[[Ground], Edits]


def take_out(options: argparse.Namespace, settings: Settings) -> int:
    """Write what is served as files, or as a spreadsheet."""
    target = Path(options.target)
    is_table = target.suffix.lower() == _TABLE
    if target.suffix and not is_table and not target.is_dir():
        raise CommandError(f"{target} 不行：请写一个文件夹，或者以 .xlsx 结尾的名字。", BAD_USE)
    ground = _ground(settings)
    content = _chosen(Content(ground.pages), _library(settings, ground), options.area)
    try:
        if is_table:
            _write(target, workbook_of(content))
            count = sum(len(section.entries) for section in content)
        else:
            count = write_folder(content, target)
    except (FileRefused, LineFault) as refusal:
        raise CommandError(str(refusal), BAD_USE) from refusal
    except OSError as fault:
        raise _lost(f"没有写成 {target}", fault) from fault
    write([f"已导出到 {target}：{count} {'条' if is_table else '个文件'}。"])
    return OK


def bring_in(options: argparse.Namespace, settings: Settings) -> int:
    """Hold a spreadsheet or a folder against what is served, and store what differs.

    It is the operator's own act and served at once, unless `--staff` names somebody: then others
    are to read it first.
    """
    read = _reader(Path(options.source))
    options.live = options.live or options.staff is None
    options.staff = OPERATOR if options.staff is None else options.staff.strip()
    if not options.staff:
        raise CommandError("--staff 后面要写是谁导入的，比如 --staff 小刘。", BAD_USE)
    if options.dry_run:
        return _reported(_edits(read, _ground(settings)), ["只是试一遍，什么都没有存。"])
    found: list[Edits] = []
    at_desk(lambda desk: _store(desk, read, found), options, settings)
    return _status(found[-1])


async def _store(desk: Desk, read: _Read, found: list[Edits]) -> list[str]:
    while True:
        served: Served = await desk.database.read(policies.served)
        ground = Ground(our_shelf(), dict(await usable_pages(desk.database)))
        edits = await asyncio.to_thread(_edits, read, ground)
        found.append(edits)
        if not edits.pages:
            return _report(edits, "什么都没有改，还按原来的回答。")
        try:
            done = await _stored(desk, edits, ground, served.revision)
        except Moved:
            continue  # somebody released another page: hold it all against the new one
        return _report(edits, done)


def _report(edits: Edits, done: str) -> list[str]:
    """Row by row; what was done, what is next."""
    lost = edits.report.count(Outcome.FAULTY)
    rest = f"有错的 {lost} 行没有收，照上面说的改好，再导入一次。" if lost else ""
    return [*edits.report.said(), done + rest]


async def _stored(desk: Desk, edits: Edits, ground: Ground, checked: int) -> str:
    """What became of it, and what to do next; prepared before anybody's write has to wait."""
    author, run = desk.options.staff, desk.database.run
    make = storing.as_live if desk.options.live else storing.as_drafts
    brought = await asyncio.to_thread(
        make, edits, ground, author=author, at=desk.now, checked=checked
    )
    if not desk.options.live:
        return _drafted(await run(page_imports.draft, brought))
    await run(page_imports.serve, brought, OPERATOR)
    return _AS_LIVE.format(count=len(brought.pages), gone=len(brought.gone))


def _drafted(drafts: Drafts) -> str:
    """Which drafts there are now, and which were there before."""
    said = ""
    if drafts.new:
        said = _AS_DRAFTS.format(count=len(drafts.new), ids=_numbers(drafts.new, " "))
    if drafts.waiting:
        said += f"一样的内容已经是草稿{_numbers(drafts.waiting)}，等人审，没有再存一份。"
    if drafts.reviewed:
        said += f"一样的内容已经审过，编号{_numbers(drafts.reviewed)}，等上线，没有再存一份。"
    return said


def _numbers(ids: Sequence[int], between: str = "、") -> str:
    return between.join(map(str, ids))


def _edits(read: _Read, ground: Ground) -> Edits:
    try:
        return read(ground)
    except FileRefused as refusal:
        raise CommandError(str(refusal), BAD_USE) from refusal
    except OSError as fault:
        raise _lost(f"读不了 {fault.filename}", fault) from fault


def _lost(what: str, fault: OSError) -> CommandError:
    """Why a file could not be read or written, for people in offices."""
    why = _WHY.get(fault.errno or 0, f"系统说 {fault.strerror}")
    return CommandError(f"{what}：{why}。", BAD_USE)


def _reported(edits: Edits, more: list[str]) -> int:
    write([*edits.report.said(), *more])
    return _status(edits)


def _status(edits: Edits) -> int:
    """A failure where no row at all could be taken."""
    lines = edits.report.lines
    is_lost = bool(lines) and all(line.outcome is Outcome.FAULTY for line in lines)
    return FAILED if is_lost else OK


def _reader(source: Path) -> _Read:
    if source.is_dir():
        return lambda ground: from_folder(source, ground)
    try:
        with source.open("rb") as file:
            data = file.read(LARGEST_FILE + 1)
    except OSError as fault:
        raise _lost(f"读不了 {source}", fault) from fault
    return lambda ground: from_workbook(data, ground)


def print_booklet(options: argparse.Namespace, settings: Settings) -> int:
    """The booklet of an area, to print or to read."""
    target = Path(options.target)
    make = _MAKERS.get(target.suffix.lower())
    if make is None:
        raise CommandError(f"{target} 不行：请写以 .pdf、.txt 或 .md 结尾的名字。", BAD_USE)
    library = _library(settings, _ground(settings))
    office = Office(settings.office_name, settings.office_phone)
    pack, now = _pack(library, options.area), in_china(clock(settings))()
    booklet = booklet_of(library, pack, office, now)
    if options.projects:
        goods = asyncio.run(_goods(settings))
        booklet = with_projects(booklet, goods, pack.place.area.code, _namer(library))
    try:
        _write(target, make(booklet, options.a5))
    except OSError as fault:
        raise _lost(f"没有写成 {target}", fault) from fault
    write([f"已印好 {target}：{booklet.area}，{booklet.count} 问。"])
    return OK


async def _goods(settings: Settings) -> Goods:
    """Every project that is published."""
    app = build(settings, channels={})
    try:
        await app.open()
        return await app.database.read(of_counties, None)
    finally:
        await app.database.close()


def _namer(library: Library) -> Callable[[str], str]:
    return lambda code: area.name if (area := library.areas.resolve(code)) else code


def _pdf(booklet: Booklet, is_small: bool) -> bytes:
    from knowledge.exchange.booklet import pdf  # its library loads for print only

    missing = pdf.missing_characters(booklet)
    if missing:
        warn(f"字体里没有这些字，印成了“〓”，请换个写法：{' '.join(missing)}")
    return pdf.as_pdf(booklet, A5 if is_small else A4)


_MAKERS: dict[str, Callable[[Booklet, bool], bytes]] = {
    ".pdf": _pdf,
    ".txt": lambda booklet, _: plain.as_text(booklet).encode(),
    ".md": lambda booklet, _: plain.as_markdown(booklet).encode(),
}


def _ground(settings: Settings) -> Ground:
    return Ground(our_shelf(), dict(asyncio.run(edited_pages(settings, warn))))


def _library(settings: Settings, ground: Ground) -> Library:
    try:
        return library_of(settings.areas, tuple(sorted(ground.edited.items())))
    except EntryFault as fault:
        raise CommandError(str(fault)) from fault


def _chosen(content: Content, library: Library, name: str | None) -> Content:
    """The pages of the area named, or of all that we serve."""
    if not name:
        return content.only(frozenset(pack.folder for pack in library.packs.values()))
    named = content.section_named(name)
    return content.only(frozenset({named.folder if named else _pack(library, name).folder}))


def _pack(library: Library, name: str) -> Pack:
    """The pack of an area by name or code, or of the one that it lies in."""
    found = library.areas.resolve(name)
    code = library.areas.pack_for(found.code) if found else None
    if code is None:
        known = "、".join(area.area.short for area in library.areas.packs.values())
        raise CommandError(f"没有“{name}”的政策，有的是：{known}", BAD_USE)
    return library.packs[code]


def _write(target: Path, data: bytes) -> None:
    """The whole file or none of it: what was there stays until the new one is complete."""
    part = target.with_name(f".{target.name}.part")
    try:
        part.write_bytes(data)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
