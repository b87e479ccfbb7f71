"""`guiyan gaps …`: what people asked in vain, and the entries that close it."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from bot.cli import BAD_USE, CommandError
from bot.commands.editors_desk import Desk, at_desk
from bot.packs import library_of, usable_pages
from bot.settings import Settings
from knowledge.answer import Answerer
from knowledge.candidates import Candidate
from knowledge.quoting import one_line
from knowledge.shelf import Library
from knowledge.skeleton import asked_as, skeleton
from outreach.calendars import CHINA
from outreach.gap_desk import REASONS, STATES, close, nearest, note, place, question
from outreach.gaps import area_of
from records import gaps
from records.gaps import Closing, Gap, GapState, NoSuchGap, Wording

_LONGEST_TEXT = 300  # characters of a question as data


def list_gaps(options: argparse.Namespace, settings: Settings) -> int:
    """What is asked most comes first."""
    return at_desk(_list, options, settings)


def show(options: argparse.Namespace, settings: Settings) -> int:
    """The wordings of a gap, and the entries that come nearest."""
    return at_desk(_show, options, settings)


def draft(options: argparse.Namespace, settings: Settings) -> int:
    """Begin an entry file for a gap."""
    return at_desk(_draft, options, settings)


def answered(options: argparse.Namespace, settings: Settings) -> int:
    """An entry that is live closes a gap; the askers are told."""
    return at_desk(_answered, options, settings)


def dismiss(options: argparse.Namespace, settings: Settings) -> int:
    """There is nothing for us to answer."""
    return at_desk(_dismiss, options, settings)


def merge(options: argparse.Namespace, settings: Settings) -> int:
    """Two gaps mean the same."""
    return at_desk(_merge, options, settings)


async def _list(desk: Desk) -> list[str]:
    library = await _served(desk)
    areas = _areas(desk.options.area, library) if desk.options.area else None
    found = await desk.database.read(gaps.listed, GapState(desk.options.state), areas)
    if desk.options.json:
        return [orjson.dumps([_as_dict(gap, library) for gap in found]).decode()]
    return [_line(gap, library) for gap in found] or ["没有。"]


async def _show(desk: Desk) -> list[str]:
    library = await _served(desk)
    gap = await _gap(desk)
    wordings = (await desk.database.read(gaps.wordings, [desk.options.number]))[gap.id or 0]
    lines = [_line(gap, library), *_closing(gap), "", "大家是这样问的："]
    lines += [_asked(wording, library) for wording in wordings]
    nearest = await asyncio.to_thread(_nearest, gap, library, desk.now)
    lines += ["", "现有的条目里最接近的：", *map(_candidate, nearest)]
    return [*lines, "", *_ways(gap)]


async def _draft(desk: Desk) -> list[str]:
    library = await _served(desk)
    gap = await _gap(desk)
    pack = library.packs.get(gap.area)
    if pack is None:
        raise CommandError(
            f"还没有{place(gap.area, library)}的文件：先按 docs/howto/add-an-area.md 加地区。"
        )
    number = gap.id or 0
    file = Path(desk.options.out or f"{pack.folder}-gap-{number}.toml")
    wordings = (await desk.database.read(gaps.wordings, [number]))[number]
    texts = asked_as([wording.text for wording in wordings] or [gap.text])
    answerer = await asyncio.to_thread(Answerer, library)
    meanings = [answerer.meaning(text, area=gap.area, now=desk.now) for text in texts]
    _write_new(file, skeleton(file.stem, meanings, texts))
    await desk.database.run(note, "draft_gap", number, desk.options.staff, desk.now)
    return [f"{file} 已写好。填完所有【待填】，再：guiyan knowledge draft {file} --staff 姓名"]


async def _answered(desk: Desk) -> list[str]:
    library, entry = await _served(desk), desk.options.entry
    found = library.entries.get(entry)
    if found is None or not found.is_served(desk.now.date()):
        raise CommandError(
            f"{entry} 现在没有在用，不能拿它回答。先让它上线：guiyan knowledge release"
        )
    closing = Closing(GapState.ANSWERED, by=desk.options.staff, at=desk.now, entry=entry)
    number = await _close(desk, closing)
    return [f"缺口{number}已由 {entry} 回答。问过的人白天会收到答案。"]


async def _dismiss(desk: Desk) -> list[str]:
    note = desk.options.note
    closing = Closing(GapState.DISMISSED, by=desk.options.staff, at=desk.now, note=note)
    return [f"缺口{await _close(desk, closing)}不办：{note}"]


async def _merge(desk: Desk) -> list[str]:
    number, into = desk.options.number, desk.options.into
    if number == into:
        raise CommandError("give two different numbers", BAD_USE)
    try:
        await desk.database.run(gaps.merge, number, into)
    except NoSuchGap as fault:
        raise _no_such(fault) from fault
    return [f"缺口{number}并进了{into}。"]


async def _close(desk: Desk, closing: Closing) -> int:
    try:
        await desk.database.run(close, desk.options.number, closing)
    except NoSuchGap as fault:
        raise _no_such(fault) from fault
    return int(desk.options.number)


async def _served(desk: Desk) -> Library:
    """The entries as the service has them at this moment."""
    pages = await usable_pages(desk.database)
    return await asyncio.to_thread(library_of, desk.settings.areas, pages)


async def _gap(desk: Desk) -> Gap:
    try:
        return await desk.database.read(gaps.get, desk.options.number)
    except NoSuchGap as fault:
        raise _no_such(fault) from fault


def _no_such(fault: NoSuchGap) -> CommandError:
    return CommandError(f"没有编号是{fault.number}的待办缺口。用 guiyan gaps list 看看有哪些。")


def _areas(name: str, library: Library) -> list[str]:
    area = library.areas.resolve(name)
    if area is None:
        raise CommandError(f"不知道「{name}」是哪里：请写县、市、区的名字或行政区划代码", BAD_USE)
    return sorted({area.code, area_of(area.code, library)})


def _line(gap: Gap, library: Library) -> str:
    reasons = "、".join(f"{REASONS[name]}{n}" for name, n in gap.reasons.items() if n)
    days = f"{_day(gap.opened_at)}至{_day(gap.last_at)}"
    text = question(gap.text, library)
    return f"{gap.id}  {gap.asked}次  {place(gap.area, library)}  {days}  {reasons}  {text}"


def _as_dict(gap: Gap, library: Library) -> dict[str, Any]:
    return {
        "id": gap.id,
        "area": gap.area,
        "place": place(gap.area, library),
        "text": one_line(gap.text, _LONGEST_TEXT),
        "asked": gap.asked,
        "reasons": gap.reasons,
        "state": gap.state,
        "entry": gap.entry,
        "first": gap.opened_at,
        "last": gap.last_at,
    }


def _closing(gap: Gap) -> list[str]:
    if gap.closed_at is None:
        return []
    note = one_line(gap.note, _LONGEST_TEXT)
    how = "，".join(filter(None, (STATES[gap.state], gap.entry, note, gap.closed_by)))
    return [f"{_day(gap.closed_at)}：{how}"]


def _asked(wording: Wording, library: Library) -> str:
    told = f"（答的是 {' '.join(wording.entries)}）" if wording.entries else ""
    text = question(wording.text, library)
    return f"  {_day(wording.at)}  {REASONS[wording.reason]}  {text}{told}"


def _nearest(gap: Gap, library: Library, now: datetime) -> Sequence[Candidate]:
    return nearest(gap, Answerer(library), now)


def _candidate(candidate: Candidate) -> str:
    if candidate.entry is None:
        return f"  unknowns.toml：{candidate.matter}的“{candidate.slot}”，文件没写"
    return f"  {candidate.id}  {candidate.entry.title}"


def _ways(gap: Gap) -> list[str]:
    if gap.state != GapState.OPEN:
        return []
    return [
        "改一条：guiyan knowledge export 文件夹，改好它的文件，再 guiyan knowledge draft 文件",
        f"写一条新的：guiyan gaps draft {gap.id} --staff 姓名",
        f"已经有答案：guiyan gaps answered {gap.id} --entry 条目 --staff 姓名",
        f"不归我们答：guiyan gaps dismiss {gap.id} --staff 姓名 --note 为什么",
    ]


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(CHINA):%m-%d}"


def _write_new(file: Path, text: str) -> None:
    try:
        with file.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError:
        raise CommandError(
            f"{file} is there already: remove it, or name another with --out"
        ) from None
    except OSError as fault:
        raise CommandError(f"cannot write {file}: {fault.strerror}", BAD_USE) from fault
