"""`guiyan campaign prepare`: a draft of a letter, of the story of the week, of new projects."""

from __future__ import annotations

import argparse
import asyncio
import sys

from bot.cli import BAD_USE, OK, CommandError
from bot.packs import library_of, usable_pages
from bot.settings import Settings
from bot.wiring import App, build
from knowledge.shelf import Library
from outreach.campaigns import preparing, texts
from outreach.campaigns.materials import Place
from outreach.campaigns.refusing import CampaignRefused
from records.database import Session, StoreUnavailable
from records.vault import VaultError


def prepare(options: argparse.Namespace, settings: Settings) -> int:
    """Draft it, and say what to do next."""
    try:
        lines = asyncio.run(_prepared(options, settings))
    except CampaignRefused as refusal:
        raise CommandError(str(refusal), BAD_USE) from refusal
    except (StoreUnavailable, VaultError) as fault:
        raise CommandError(str(fault)) from fault
    sys.stdout.writelines(line + "\n" for line in lines)
    return OK


async def _prepared(options: argparse.Namespace, settings: Settings) -> list[str]:
    app = build(settings, channels={})
    try:
        await app.open()
        library = library_of(settings.areas, await usable_pages(app.database))
        return await app.database.run(_drafted, options, app, library)
    finally:
        await app.database.close()


def _drafted(
    session: Session, options: argparse.Namespace, app: App, library: Library
) -> list[str]:
    area = library.areas.resolve(options.area)
    if area is None:
        raise CampaignRefused(f"不知道“{options.area}”是哪里：请写区县名或六位代码。")
    place, now = Place(area.code, area.short, area.name), app.now()
    entries = library.entries.values()
    by, kind = options.staff, options.kind
    number, found = preparing.prepare(session, app.vault, kind, place, entries, by=by, now=now)
    when = "" if found.at else f'，还要写什么时候发：guiyan campaign waves {number} "…"'
    return [
        f"群发任务{number}《{found.title}》，草稿，发给：{found.audience}。",
        texts.footed(found.text),
        f"改好再提交：guiyan campaign submit {number}{when}。",
    ]
