"""What the commands on entries share: the editors' desk, and finding the page that is meant."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable, Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.cli import BAD_USE, FAILED, OK, CommandError
from bot.packs import usable_pages
from bot.settings import Settings
from bot.wiring import clock
from knowledge.editing import Editor, Faulty
from knowledge.library import EntryFault, in_service
from knowledge.pages import Fault
from records import policies, schema
from records.database import Database, StoreUnavailable
from records.edit_refusals import EditRefused
from records.policies import STAGE_WORDS, Stage

POLICIES = "/policies/"


@dataclass(frozen=True, slots=True)
class Desk:
    """What an editing command works with."""

    options: argparse.Namespace
    settings: Settings
    database: Database
    editor: Editor
    now: datetime


Work = Callable[[Desk], Coroutine[Any, Any, list[str]]]


def at_desk(work: Work, options: argparse.Namespace, settings: Settings) -> int:
    """Do one thing at the desk and print its lines; refusals become sentences."""
    if not getattr(options, "staff", "x").strip():
        raise CommandError("--staff must name who does it", BAD_USE)
    try:
        write(asyncio.run(_worked(work, options, settings)))
    except Faulty as refusal:
        complain(refusal.faults)
        return FAILED
    except (EditRefused, EntryFault, StoreUnavailable) as fault:
        raise CommandError(str(fault)) from fault
    return OK


async def _worked(work: Work, options: argparse.Namespace, settings: Settings) -> list[str]:
    database = Database(settings.database_url)
    try:
        await schema.migrate(database)
        now = clock(settings)
        return await work(Desk(options, settings, database, Editor(database, now=now), now()))
    finally:
        await database.close()


async def waiting(desk: Desk, name: str, *stages: Stage) -> int:
    """The number that is meant: given itself, or the one version of this page that waits so."""
    if name.isdecimal():
        return int(name)
    path = await path_of(desk, name)
    rows = await desk.database.read(policies.versions, path)
    numbers = [str(row.id) for row in rows if row.stage in stages]
    if len(numbers) > 1:
        raise EditRefused(f"{name} 有几份在等：{'、'.join(numbers)}。请写编号。")
    if not numbers:
        words = "或".join(STAGE_WORDS[stage] for stage in stages)
        raise EditRefused(f"{name} 没有{words}的版本。先起草：guiyan knowledge draft 文件")
    return int(numbers[0])


async def path_of(desk: Desk, name: str) -> str:
    """The page that an entry's id, or a path, means."""
    if "/" in name:
        return name
    library, _ = await asyncio.to_thread(in_service, dict(await usable_pages(desk.database)))
    rows = await desk.database.read(policies.at_stages, *Stage)
    paths = [row.path for row in rows]
    paths += [
        f"{p.folder}{POLICIES}{e.id}.toml" for p in library.packs.values() for e in p.entries
    ]
    found = next((path for path in paths if path.endswith(f"{POLICIES}{name}.toml")), None)
    if found is None:
        raise EditRefused(f"没有叫 {name} 的条目。用 guiyan knowledge list 看看有哪些。")
    return found


def id_of(path: str) -> str:
    """The id of the entry on a page."""
    return Path(path).stem


def complain(faults: Iterable[Fault]) -> None:
    """Name file, line and fault, one a line."""
    for fault in faults:
        sys.stderr.write(f"{fault}\n")


def write(lines: Iterable[str]) -> None:
    """Give the data."""
    sys.stdout.writelines(line + "\n" for line in lines)
