"""`guiyan village` and `guiyan paper`: the list of a village, sheets to take along."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from bot.cli import BAD_USE, OK, CommandError
from bot.packs import library_of, usable_pages
from bot.settings import Settings
from bot.wiring import App, build
from knowledge.areas import Gazetteer
from records import incidents, rights, scope, staff_accounts, sweeps
from records.database import Session, StoreUnavailable
from records.incidents import ExportsFrozen
from records.rights import Right
from records.scope import Spot
from records.staff_accounts import StaffRefusal
from records.vault import VaultError
from registry import naming, paper, village_list, villages
from registry.naming import NoSuchPlace
from registry.paper import Heading
from registry.villages import Villages

T = TypeVar("T")
_TERMINAL = "terminal"
Work = Callable[[Session, App, Gazetteer], T]


def listed(options: argparse.Namespace, settings: Settings) -> int:
    """一村一清单, on the terminal or as a workbook."""

    def work(
        session: Session, app: App, gazetteer: Gazetteer
    ) -> tuple[str, list[village_list.Row]]:
        code, name = _place(session, options.place, gazetteer)
        by = _reader(session, options.staff, code, villages.known(session))
        if options.out:
            incidents.refuse_if_frozen(session)
        village_list.note_read(session, code, by=by, at=app.now())
        return name, village_list.rows(session, app.vault, code)

    title, rows = _done(work, settings)
    if options.out:
        _write(options.out, village_list.as_xlsx(f"{title}一村一清单", rows), ".xlsx")
    else:
        sys.stdout.writelines(line + "\n" for line in village_list.as_text(rows))
    sys.stderr.write(f"{len(rows)} people of {title}\n")
    return OK


def sheet(options: argparse.Namespace, settings: Settings) -> int:
    """Empty sheets for the door, with the numbers of the form."""
    if not 0 < options.pages <= paper.MOST_PAGES:
        raise CommandError(f"--pages takes 1 to {paper.MOST_PAGES}", BAD_USE)

    def work(session: Session, app: App, gazetteer: Gazetteer) -> Heading:
        _, name = _place(session, options.village, gazetteer)
        return _heading(name, app)

    heading = _done(work, settings)
    _write(options.out, paper.sheet(heading, options.pages), ".pdf")
    return OK


def doors(options: argparse.Namespace, settings: Settings) -> int:
    """The doors of the newest round through a village, to tick off."""

    def work(session: Session, app: App, gazetteer: Gazetteer) -> bytes:
        code, name = _place(session, options.village, gazetteer)
        by = _reader(session, options.staff, code, villages.known(session))
        found = sweeps.of_place(session, app.vault, code)
        if found is None:
            raise CommandError(
                f"nobody has begun a round through {name}: in chat, 开始摸排 begins one"
            )
        village_list.note_read(session, code, by=by, at=app.now())
        return paper.doors(_heading(name, app), found)

    _write(options.out, _done(work, settings), ".pdf")
    return OK


def _heading(name: str, app: App) -> Heading:
    return Heading(name, app.settings.office_name, app.settings.office_phone, app.now())


def _place(session: Session, named: str, gazetteer: Gazetteer) -> tuple[str, str]:
    here = villages.known(session)
    code = naming.code_of(named, gazetteer, here)
    if here.place(code) is None:
        raise CommandError(f"{named} is no village and no town: name one of its villages", BAD_USE)
    return code, naming.spoken(code, gazetteer, here)


def _reader(session: Session, name: str, code: str, here: Villages) -> str:
    """Who reads; of the staff only those who look after the place (domain P-20)."""
    if not name:
        return _TERMINAL
    staff = staff_accounts.named(session, name)
    place = here.place(code)
    parent = here.place(place.parent) if place else None
    town, area = (parent.id, parent.parent) if parent else (code, place.parent if place else "")
    if not rights.may(staff, Right.SWEEP) or not scope.may_see(staff.area, Spot(area, town, code)):
        raise CommandError(f"{name} does not look after this place: nothing was read")
    return name


def _done(work: Work[T], settings: Settings) -> T:
    try:
        return asyncio.run(_run(work, settings))
    except (StoreUnavailable, VaultError, StaffRefusal, ExportsFrozen) as fault:
        raise CommandError(str(fault)) from fault
    except NoSuchPlace as fault:
        raise CommandError(str(fault), BAD_USE) from fault


async def _run(work: Work[T], settings: Settings) -> T:
    app = build(settings, channels={})
    try:
        await app.open()
        gazetteer = library_of(settings.areas, await usable_pages(app.database)).areas
        return await app.database.run(work, app, gazetteer)
    finally:
        await app.database.close()


def _write(named: str, data: bytes, suffix: str) -> None:
    target = Path(named)
    if target.suffix.lower() != suffix:
        raise CommandError(f"--out takes a name that ends in {suffix}", BAD_USE)
    try:
        target.write_bytes(data)
    except OSError as fault:
        raise CommandError(f"not written: {target}: {fault.strerror}", BAD_USE) from fault
