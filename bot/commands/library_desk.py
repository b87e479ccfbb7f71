"""What the commands on projects and places share: a store, places by name, refusals said."""

from __future__ import annotations

import argparse
import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.cli import BAD_USE, OK, CommandError
from bot.commands import acting
from bot.commands.editors_desk import write
from bot.packs import library_of, usable_pages
from bot.settings import Settings
from bot.wiring import App, build
from knowledge.areas import Gazetteer
from outreach.projects.keeping import ProjectRefusal
from records.database import Session, StoreUnavailable
from records.vault import Vault, VaultError

_LONGEST = 40


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks for what, over which store."""

    options: argparse.Namespace
    vault: Vault
    places: Gazetteer
    now: datetime

    @property
    def staff(self) -> str:
        """The name that the trail gets."""
        name = str(self.options.staff).strip()
        if not name or len(name) > _LONGEST or not name.isprintable():
            raise CommandError(f"--staff takes a name of 1 to {_LONGEST} characters", BAD_USE)
        return f"staff:{name}"

    def within(self, codes: Iterable[str]) -> set[str] | None:
        """Those of the counties that lie in the --area; None where none was named."""
        named = self.options.area
        if not named:
            return None
        area = self.places.resolve(named)
        if area is None:
            raise CommandError(f"no area is called {named}: give its name or its code", BAD_USE)
        return {code for code in codes if area.code in self.places.lineage(code)} | {area.code}

    def place(self, code: str) -> str:
        """A county by its short name."""
        area = self.places.area(code)
        return area.short if area else code


Work = Callable[[Session, Desk], Iterable[str]]


def done(options: argparse.Namespace, settings: Settings, work: Work) -> int:
    """Do the work in one transaction and print its lines."""
    try:
        lines = asyncio.run(_done(options, settings, work))
    except ProjectRefusal as refusal:
        raise CommandError(str(refusal)) from refusal
    except (StoreUnavailable, VaultError) as fault:
        raise CommandError(str(fault)) from fault
    write(lines)
    return OK


async def _done(options: argparse.Namespace, settings: Settings, work: Work) -> list[str]:
    app: App = build(settings, channels={})
    try:
        await app.open()
        places = library_of(settings.areas, await usable_pages(app.database)).areas
        desk = Desk(options, app.vault, places, app.now())
        return await app.database.run(_worked, work, desk)
    finally:
        await app.database.close()


def _worked(session: Session, work: Work, desk: Desk) -> list[str]:
    """The lines, where the project that is named is theirs."""
    options = desk.options
    if "staff" in options and "number" in options:
        acting.in_the_library(session, options.staff, options.number)
    return list(work(session, desk))
