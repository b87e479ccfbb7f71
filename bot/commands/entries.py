"""`guiyan knowledge list|show|due`: the entries, shipped and edited, and where they stand."""

from __future__ import annotations

import argparse
import asyncio

from bot.cli import BAD_USE, OK, CommandError
from bot.commands.asking import warn
from bot.commands.editors_desk import POLICIES, Desk, at_desk, id_of, path_of, write
from bot.packs import from_store, usable_pages
from bot.settings import Settings
from bot.wiring import clock
from knowledge.expiry import Due, Reason, due
from knowledge.library import Library, in_service, our_shelf
from knowledge.pages import Page
from knowledge.previewing import Preview
from records import policies
from records.database import Database
from records.policies import PageVersion, Stage

_WHEN = {Reason.ENDS: "到期", Reason.REVIEW: "复核"}
_SHOWN = (Stage.DRAFT, Stage.REVIEWED, Stage.LIVE, Stage.WITHDRAWN)


def show(options: argparse.Namespace, settings: Settings) -> int:
    """A page's words, where it stands, and how the bot will say it."""
    return at_desk(_show, options, settings)


def list_entries(options: argparse.Namespace, settings: Settings) -> int:
    """The entries, shipped and edited, with where they stand."""
    return at_desk(_list, options, settings)


def list_due(options: argparse.Namespace, settings: Settings) -> int:
    """What ends or is to be reviewed soon; no database needed."""
    nothing: _Edits = ({}, {})
    pages, owners = asyncio.run(from_store(settings, _edits, nothing, say=warn))
    library, _ = in_service(pages)
    today = clock(settings)().date()
    found = due(library.entries.values(), today, options.days)
    write([_due_line(each, library, owners) for each in found] or ["没有快到期或要复核的条目。"])
    return OK


_Edits = tuple[dict[str, str | None], dict[str, str]]  # pages, and who answers for which entry


async def _edits(database: Database) -> _Edits:
    pages = dict(await usable_pages(database))
    owners = await database.read(policies.owners) if pages else {}
    return pages, {id_of(path): owner for path, owner in owners.items()}


async def _show(desk: Desk) -> list[str]:
    name = desk.options.id
    if name.isdecimal():
        rows = [await desk.database.read(policies.version, int(name))]
        path = rows[0].path
    else:
        path = await path_of(desk, name)
        known = await desk.database.read(policies.versions, path)
        rows = [row for row in known if desk.options.versions or row.stage != Stage.DROPPED]
    lines = [_headline(desk, row) for row in (rows if desk.options.versions else rows[:1])]
    text = rows[0].text if rows else our_shelf().shipped(path) or ""
    is_leaving = bool(rows) and rows[0].withdraws
    told = "（不再说这一条。）" if is_leaving else await _told(desk, path, text)
    return [*(lines or [f"自带  {path}"]), "", text.rstrip(), "", "机器人会这样说：", told]


async def _told(desk: Desk, path: str, text: str) -> str:
    """How a page would be said if it were live."""
    pages = dict(await usable_pages(desk.database))
    preview = await asyncio.to_thread(Preview, pages, path, text)
    said = await asyncio.to_thread(preview.told, desk.now)
    note = f"（{said.note}）" if said.note else ""
    return "\n".join(filter(None, (said.text, note)))


async def _list(desk: Desk) -> list[str]:
    rows = await desk.database.read(policies.at_stages, *_SHOWN)
    library, _ = await asyncio.to_thread(in_service, dict(await usable_pages(desk.database)))
    fronts = {row.path for row in rows if row.stage in (Stage.LIVE, Stage.WITHDRAWN)}
    wanted = desk.options.stage
    folder = _folder(library, desk.options.area)
    lines = [
        (row.path, _row_line(row))
        for row in _foremost(rows)
        if wanted in (None, row.stage) and row.path.startswith(folder)
    ]
    if wanted in (None, Stage.LIVE):
        for pack in library.packs.values():
            paths = ((f"{pack.folder}{POLICIES}{e.id}.toml", e) for e in pack.entries)
            lines += [
                (path, f"     —  自带  {entry.id}  {entry.title}")
                for path, entry in paths
                if path not in fronts and path.startswith(folder)
            ]
    return [line for _, line in sorted(lines)] or ["没有。"]


def _foremost(rows: list[PageVersion]) -> list[PageVersion]:
    """Without withdrawals that a newer version stands in front of."""
    newest = {row.path: row.number for row in rows if row.stage == Stage.LIVE}
    return [
        row for row in rows if row.stage != Stage.WITHDRAWN or row.number > newest.get(row.path, 0)
    ]


def _due_line(each: Due, library: Library, owners: dict[str, str]) -> str:
    entry = each.entry
    place = library.packs[entry.area].place.area.short
    owner = owners.get(entry.id) or entry.owner or "没写负责人"
    return f"{each.day}  {_WHEN[each.reason]}  {place}  {entry.id}  {entry.title}  （{owner}）"


def _headline(desk: Desk, row: PageVersion) -> str:
    day = row.made_at.astimezone(desk.settings.timezone)
    reviewer = f"，{row.reviewer}审" if row.reviewer else ""
    note = f"，{row.note}" if row.note else ""
    owner = f"，负责人{row.owner}" if row.owner else ""
    return (
        f"编号 {row.id}  第{row.number}版  {row.stands}  {row.path}  "
        f"（{row.author}写于{day:%Y-%m-%d %H:%M}{reviewer}{owner}{note}）"
    )


def _row_line(row: PageVersion) -> str:
    name = id_of(row.path) if POLICIES in row.path else row.path
    title = Page(row.path, row.text.encode("utf-8", "replace")).top.data.get("title", "")
    return f"{row.id:>6}  {row.stands}  {name}  {title}  （{row.author}）"


def _folder(library: Library, area: str | None) -> str:
    """The paths of an area begin so."""
    if not area:
        return ""
    folders = {pack.folder for pack in library.packs.values()}
    if area in folders:
        return f"{area}/"
    found = library.areas.resolve(area)
    pack = library.packs.get(found.code) if found else None
    if pack is None:
        raise CommandError(f"不知道「{area}」是哪里，或者那里没有条目", BAD_USE)
    return f"{pack.folder}/"
