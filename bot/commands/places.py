"""`guiyan places`: the towns and villages that are known, and the homes that are not."""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Iterator

from bot.cli import BAD_USE, OK, CommandError
from bot.packs import library_of, usable_pages
from bot.settings import Settings
from bot.wiring import App, build
from knowledge.areas import Area, Gazetteer
from knowledge.villages import Level, Place
from records import audit
from records.database import Session, StoreUnavailable
from records.vault import VaultError
from registry import naming, villages
from registry.naming import NoSuchPlace
from registry.villages import Villages

_WIDE = ("country", "province", "city")
_ACTOR = "staff:terminal"


def show(options: argparse.Namespace, settings: Settings) -> int:
    """The places of a county or a town, a line each; or the homes that nobody could place."""
    try:
        lines = asyncio.run(_act(options, settings))
    except (StoreUnavailable, VaultError) as fault:
        raise CommandError(str(fault)) from fault
    except NoSuchPlace as fault:
        raise CommandError(str(fault), BAD_USE) from fault
    sys.stdout.writelines(line + "\n" for line in lines)
    return OK


async def _act(options: argparse.Namespace, settings: Settings) -> list[str]:
    app = build(settings, channels={})
    try:
        await app.open()
        gazetteer = library_of(settings.areas, await usable_pages(app.database)).areas
        return await app.database.run(_do, options, app, gazetteer)
    finally:
        await app.database.close()


def _do(
    session: Session, options: argparse.Namespace, app: App, gazetteer: Gazetteer
) -> list[str]:
    here = villages.known(session)
    code = naming.code_of(options.area, gazetteer, here)
    place, area = here.place(code), gazetteer.area(code)
    if options.unplaced:
        counties = _counties(code, area, gazetteer)
        audit.write(session, "homes.read", at=app.now(), actor=_ACTOR, subject=code)
        return list(_unplaced(session, app, counties, gazetteer, here))
    if place is not None:
        return _inside(place, here, gazetteer)
    if area is None or area.level in _WIDE:
        raise CommandError(f"{options.area} is no county: name one of its counties", BAD_USE)
    return _of_county(area, here)


def _of_county(area: Area, here: Villages) -> list[str]:
    county = here.county(area.code)
    if not county.towns():
        return [f"还没有{area.name}的乡镇名单：请用 guiyan import places 导入。"]
    return [
        f"{_line(town)}  {len(county.villages(town.id))}个村（社区）"
        for town in sorted(county.towns(), key=lambda town: town.id)
    ]


def _inside(place: Place, here: Villages, gazetteer: Gazetteer) -> list[str]:
    if place.level is Level.VILLAGE:
        return [f"{_line(place)}  {naming.spoken(place.id, gazetteer, here)}"]
    found = here.county(place.parent).villages(place.id)
    return [_line(village) for village in sorted(found, key=lambda one: one.id)]


def _line(place: Place) -> str:
    also = f"（又叫{'、'.join(place.called)}）" if place.called else ""
    return f"{place.id:<12}  {place.name}{also}"


def _counties(code: str, area: Area | None, gazetteer: Gazetteer) -> list[str]:
    """The codes of the counties below an area that people may be registered under."""
    if area is None:
        raise CommandError("--unplaced takes a county, a city or a province", BAD_USE)
    return [one for one in gazetteer.codes() if code in gazetteer.lineage(one)]


def _unplaced(
    session: Session, app: App, counties: list[str], gazetteer: Gazetteer, here: Villages
) -> Iterator[str]:
    found = villages.unplaced(session, app.vault, counties)
    for one in found:
        place = naming.spoken(one.town or one.area, gazetteer, here)
        yield f"{one.person_id}  {place}  {one.words}"
    if not found:
        yield "没有认不出的村镇。"
