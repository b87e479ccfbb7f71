"""A command that does one piece of work in the store, for an area, and prints what came of it."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable

from bot.cli import BAD_USE, OK, CommandError
from bot.packs import library_of, usable_pages
from bot.settings import Settings
from bot.wiring import App, build
from knowledge.areas import Gazetteer
from outreach.courses.booking import CourseRefused
from outreach.events.inviting import EventRefused
from records.database import Session, StoreUnavailable
from records.staff_accounts import StaffRefusal
from records.vault import VaultError

Lines = list[str]
Work = Callable[[Session, App, str], Lines]


def printed(options: argparse.Namespace, settings: Settings, work: Work) -> int:
    """Do it and print its lines; a refusal is one sentence."""
    try:
        lines = asyncio.run(_run(options, settings, work))
    except (StoreUnavailable, VaultError, CourseRefused, EventRefused, StaffRefusal) as fault:
        raise CommandError(str(fault)) from fault
    sys.stdout.writelines(line + "\n" for line in lines)
    if not lines:
        sys.stderr.write("there is nothing yet\n")
    return OK


async def _run(options: argparse.Namespace, settings: Settings, work: Work) -> Lines:
    app = build(settings, channels={})
    try:
        await app.open()
        places = library_of(settings.areas, await usable_pages(app.database)).areas
        area = _area(getattr(options, "area", None), places)
        return await app.database.run(work, app, area)
    finally:
        await app.database.close()


def _area(named: str | None, places: Gazetteer) -> str:
    if not named:
        return ""
    found = places.resolve(named)
    if found is None:
        raise CommandError(f"no area is called {named}: give its name or its code", BAD_USE)
    return found.code
