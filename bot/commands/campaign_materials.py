"""`guiyan campaign prepare`: a draft of a letter, of the story of the week, of new projects."""

from __future__ import annotations

import argparse
import asyncio
import sys
from datetime import datetime

from bot.cli import BAD_USE, OK, CommandError
from bot.packs import library_of, usable_pages
from bot.settings import Settings
from bot.wiring import App, build
from knowledge.shelf import Library
from outreach.campaigns import materials, rights, texts
from outreach.campaigns.materials import Material, Place
from outreach.campaigns.refusing import CampaignRefused
from outreach.cases import cards
from records import schema
from records.database import Session, StoreUnavailable
from records.vault import Vault, VaultError


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
        await schema.migrate(app.database)
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
    if not rights.may_run(rights.named(session, options.staff), place.area):
        raise CampaignRefused(f"{options.staff}不管{place.name}的群发：要本县的工作人员来写。")
    found = _material(session, app.vault, options.kind, place, library, now)
    number = materials.keep(session, place, found, options.staff, now)
    if number is None:
        raise CampaignRefused(f"{place.name}已经有一份《{found.title}》或同类的草稿了。")
    when = "" if found.at else f'，还要写什么时候发：guiyan campaign waves {number} "…"'
    return [
        f"群发任务{number}《{found.title}》，草稿，发给：{found.audience}。",
        texts.footed(found.text),
        f"改好再提交：guiyan campaign submit {number}{when}。",
    ]


def _material(
    session: Session, vault: Vault, kind: str, place: Place, library: Library, now: datetime
) -> Material:
    if kind == "letter":
        return materials.letter(place, library.entries.values(), now.date())
    if kind == "cases":
        story = cards.of_the_week(session, vault, place.area)
        if story is None:
            raise CampaignRefused(f"{place.name}还没有能讲的案例。")
        return materials.story(place, story, now)
    new = materials.new_projects(session, place.area, now)
    if not new:
        raise CampaignRefused(f"{place.name}上个月没有新添的项目。")
    return materials.digest(place, new, now)
