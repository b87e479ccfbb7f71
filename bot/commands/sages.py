"""`guiyan sages`: the address book of 乡贤, those who agreed to stand in it, to print or copy."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path

from bot.cli import BAD_USE, OK, CommandError
from bot.packs import library_of, usable_pages
from bot.settings import Settings
from bot.wiring import App, build
from knowledge.areas import Gazetteer
from records import incidents, rights, scope, staff_accounts
from records.database import Session, StoreUnavailable
from records.incidents import ExportsFrozen
from records.rights import Right
from records.staff_accounts import StaffRefusal
from records.vault import VaultError
from registry import address_book
from registry.address_book import Book

_TITLE = "乡贤通讯录（本人同意的才有，不要外传）"
_TERMINAL = "terminal"


def book(options: argparse.Namespace, settings: Settings) -> int:
    """Write the book of an area as a workbook, or as text to copy; the trail says who took it."""
    target = Path(options.out)
    if target.suffix.lower() not in (".xlsx", ".txt"):
        raise CommandError("--out takes a name that ends in .xlsx or .txt", BAD_USE)
    found = _read(options, settings)
    text = "\n".join((_TITLE, *address_book.as_text(found.listed), "")).encode()
    is_sheet = target.suffix.lower() == ".xlsx"
    try:
        target.write_bytes(address_book.as_xlsx(_TITLE, found.listed) if is_sheet else text)
    except OSError as fault:
        raise CommandError(f"not written: {target}: {fault.strerror}", BAD_USE) from fault
    left_out = f"{len(found.others)} 乡贤 have not agreed and are not in it"
    sys.stderr.write(f"{len(found.listed)} people in {target}; {left_out}\n")
    return OK


def _read(options: argparse.Namespace, settings: Settings) -> Book:
    def work(session: Session, app: App, places: Gazetteer) -> Book:
        area = _area(session, options, places)
        found = address_book.read(session, app.vault, area, places)
        by = options.staff or _TERMINAL
        incidents.refuse_if_frozen(session)
        address_book.note_export(session, found, by=by, at=app.now())
        return found

    async def run() -> Book:
        app = build(settings, channels={})
        try:
            await app.open()
            places = library_of(settings.areas, await usable_pages(app.database)).areas
            return await app.database.run(work, app, places)
        finally:
            await app.database.close()

    try:
        return asyncio.run(run())
    except (StoreUnavailable, VaultError, StaffRefusal, ExportsFrozen) as fault:
        raise CommandError(str(fault)) from fault


def _area(session: Session, options: argparse.Namespace, places: Gazetteer) -> str:
    """Whose book: the area that was named; of the staff only the county's, and only their own."""
    named = places.resolve(options.area) if options.area else None
    if options.area and named is None:
        raise CommandError(f"no area is called {options.area}: give its name or code", BAD_USE)
    area = named.code if named else ""
    if not options.staff:
        return area
    staff = staff_accounts.named(session, options.staff)
    may = rights.may(staff, Right.STANDINGS)
    if not may or (area and not scope.is_within(area, staff.area)):
        raise CommandError(f"{options.staff} does not look after this book: nothing was read")
    return area or staff.area
