"""`guiyan campaign kits` and `kit`: what there is to begin from, and its files to print."""

from __future__ import annotations

import argparse
import asyncio
import sys
from pathlib import Path
from urllib.parse import urlsplit

from bot.cli import BAD_USE, OK, CommandError
from bot.packs import library_of, usable_pages
from bot.settings import Settings
from bot.wiring import build
from handlers.places import country
from knowledge.shelf import Library
from outreach.campaigns.kits import loading, printing
from outreach.campaigns.kits.loading import Kit
from outreach.campaigns.kits.printing import Here
from outreach.campaigns.refusing import CampaignRefused
from records.database import StoreUnavailable
from records.vault import VaultError


def list_kits(options: argparse.Namespace, settings: Settings) -> int:
    """All of them with what they are for."""
    sys.stdout.writelines(f"{one.name}  {one.goal}\n" for one in loading.kits())
    return OK


def write_kit(options: argparse.Namespace, settings: Settings) -> int:
    """The files of one, into a folder; nothing that is there is written over."""
    try:
        made = asyncio.run(_made(options, settings))
    except CampaignRefused as refusal:
        raise CommandError(str(refusal), BAD_USE) from refusal
    except (StoreUnavailable, VaultError) as fault:
        raise CommandError(str(fault)) from fault
    folder = Path(options.out)
    there = [name for name in made if (folder / name).exists()]
    if there:
        raise CommandError(f"{folder} 里已经有{there[0]}：请换一个文件夹，免得盖掉。", BAD_USE)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            (folder / name).write_bytes(content)
    except OSError as fault:
        raise CommandError(f"写不进 {folder}（{fault.strerror}）。") from fault
    sys.stdout.writelines(f"{folder / name}\n" for name in made)
    return OK


async def _made(options: argparse.Namespace, settings: Settings) -> dict[str, bytes]:
    kit, app = loading.kit(options.name), build(settings, channels={})
    try:
        await app.open()
        library = library_of(settings.areas, await usable_pages(app.database))
    finally:
        await app.database.close()
    return printing.printed(kit, *_here(options, settings, kit, library), app.now())


def _here(
    options: argparse.Namespace, settings: Settings, kit: Kit, library: Library
) -> tuple[Here, Library, str]:
    area = library.areas.resolve(options.area)
    if area is None:
        raise CampaignRefused(f"不知道“{options.area}”是哪里：请写区县名或六位代码。")
    url = options.url or settings.public_url
    if kit.poster and not url:
        raise CampaignRefused(
            "海报上的码扫了去哪里还不知道：加 --url 网址，或设好 GUIYAN_PUBLIC_URL。"
        )
    if kit.poster and urlsplit(url).scheme not in ("http", "https"):
        raise CampaignRefused(f"“{url}”不是网址：要以https://开头。")
    named = country().area(area.code)
    county = named.name if named else area.name
    here = Here(county, settings.office_name, settings.office_phone, options.place, url)
    return here, library, area.code
